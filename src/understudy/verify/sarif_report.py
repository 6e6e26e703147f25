"""Report as SARIF 2.1.0, which code hosts show beside the document's text."""

from urllib.parse import quote

from understudy import __version__
from understudy.core.json_types import Json
from understudy.verify.findings import DESCRIPTIONS, VerifyFinding
from understudy.verify.report_data import Report, all_kinds
from understudy.verify.verification import Verification

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif_report(report: Report) -> Json:
    """Return the report: a rule for each kind, a result for each finding; those of the baseline are suppressed."""
    kinds = all_kinds()
    rules = [{"id": each.value, "shortDescription": {"text": DESCRIPTIONS[each]}} for each in kinds]
    driver = {"name": "understudy verify", "version": __version__, "rules": rules}
    results = [
        _result(each, finding, kinds.index(finding.kind), report.seed)
        for each in report.verifications
        for finding in each.findings
    ]
    run = {"tool": {"driver": driver}, "columnKind": "utf16CodeUnits", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(verification: Verification, finding: VerifyFinding, rule: int, seed: int) -> Json:
    lines = [finding.message, f"phase {finding.phase}, seed {seed}", *finding.curl]
    accepted = {"suppressions": [{"kind": "external", "justification": "in the baseline"}]}
    return {
        "ruleId": finding.kind.value,
        "ruleIndex": rule,
        "level": "error",
        "message": {"text": "\n".join(lines)},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": _uri(verification)}},
                "logicalLocations": [{"fullyQualifiedName": f"{finding.vendor}.{finding.operation}"}],
            }
        ],
        "partialFingerprints": {"finding/v1": finding.key},
        **(accepted if finding.is_accepted else {}),
    }


def _uri(verification: Verification) -> str:
    """Return the address of the document: its URL, or its path as it was given."""
    path = verification.subject.document.path
    return str(path) if "://" in str(path) else quote(path.as_posix(), safe="/:")
