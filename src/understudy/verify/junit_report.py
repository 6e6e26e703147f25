"""Report as JUnit XML: a test suite for each subject, a test case for each operation."""

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from understudy.verify.findings import VerifyFinding
from understudy.verify.report_data import Report
from understudy.verify.verification import Verification

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_report(report: Report) -> str:
    """Return the report; an operation with findings has a failure for each, those of the baseline are output."""
    root = Element("testsuites", name="understudy verify", failures=str(_failing(report)))
    for verification in report.verifications:
        _add_suite(root, verification, report.seed)
    root.set("tests", str(sum(len(suite) for suite in root)))
    indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


def _failing(report: Report) -> int:
    return len({(each.vendor, each.operation) for each in report.new})


def _add_suite(root: Element, verification: Verification, seed: int) -> None:
    name = verification.subject.name
    new = verification.findings.new
    failing = {each.operation for each in new}
    suite = SubElement(root, "testsuite", name=name, failures=str(len(failing)), errors="0", skipped="0")
    suite.set("tests", str(len(verification.operations)))
    for operation in verification.operations:
        case = SubElement(suite, "testcase", classname=name, name=operation.id)
        for finding in verification.findings:
            if finding.operation == operation.id:
                _add_finding(case, finding, seed)


def _add_finding(case: Element, finding: VerifyFinding, seed: int) -> None:
    text = "\n".join([finding.message, f"phase {finding.phase}, seed {seed}", *finding.curl])
    if finding.is_accepted:
        SubElement(case, "system-out").text = _clean(f"accepted by the baseline: {finding.key}\n{text}")
        return
    failure = SubElement(case, "failure", type=finding.kind.value, message=_clean(f"{finding.key}: {finding.message}"))
    failure.text = _clean(text)


def _clean(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)
