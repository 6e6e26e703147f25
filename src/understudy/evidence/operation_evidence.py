"""Evidence of each operation of a vendor or a document, of each kind beside the others."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from understudy.evidence.evidence_file import (
    NO_EVIDENCE,
    ClientRun,
    Tests,
    VendorEvidence,
    evidence_path,
    read_evidence,
)
from understudy.http.mounted_vendor import MountedVendor


@dataclass(frozen=True, slots=True)
class RuleEvidence:
    """Rule of an operation: the status of its refusal, its source, and the tests that fail without it."""

    status: int
    rule: str
    source: str
    tests: Tests


@dataclass(frozen=True, slots=True)
class OperationEvidence:
    """Evidence of an operation. ``provenance`` has the sources of its path, shapes and errors, and what is guessed."""

    vendor: str
    operation: str
    method: str
    path: str
    fidelity: str
    provenance: Mapping[str, str]
    rules: tuple[RuleEvidence, ...]
    tests: Tests
    clients: tuple[ClientRun, ...]
    not_modelled: tuple[str, ...]

    @property
    def proved(self) -> int:
        """Number of rules with a test."""
        return sum(1 for each in self.rules if each.tests)

    @property
    def has_evidence(self) -> bool:
        """True if a test or a client has called the operation."""
        return bool(self.tests or self.clients or self.proved)

    def to_json(self) -> dict[str, Any]:
        """Return the evidence as JSON; of a run of a client, the operations are left out."""
        found = asdict(self)
        found["clients"] = [{name: each[name] for name in each if name != "operations"} for each in found["clients"]]
        return found


@dataclass(frozen=True, slots=True)
class VendorReport:
    """Evidence of a vendor's operations, and what of the vendor is not modelled at all."""

    vendor: str
    is_shipped: bool
    operations: tuple[OperationEvidence, ...]
    not_modelled: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON."""
        operations = [each.to_json() for each in self.operations]
        return {"vendor": self.vendor, "not_modelled": list(self.not_modelled), "operations": operations}


def vendor_report(vendor: MountedVendor, *, is_shipped: bool) -> VendorReport:
    """Return the evidence of a vendor; a document of a user's own has no tests and clients of ours."""
    name = vendor.document.name
    found = read_evidence(evidence_path(name), vendor.operations) if is_shipped else NO_EVIDENCE
    return VendorReport(name, is_shipped, tuple(_operations(vendor, found)), found.unmodelled)


def _operations(vendor: MountedVendor, found: VendorEvidence) -> Sequence[OperationEvidence]:
    return [
        OperationEvidence(
            vendor=each.vendor,
            operation=each.id,
            method=each.method.upper(),
            path=each.path,
            fidelity=vendor.endpoints[each.id].fidelity,
            provenance=dict(each.provenance),
            rules=tuple(
                RuleEvidence(
                    rule["status"],
                    rule["rule"],
                    rule.get("source", ""),
                    found.rules.get(each.id, {}).get(rule["rule"], ()),
                )
                for rule in each.rules
            ),
            tests=found.tests.get(each.id, ()),
            clients=tuple(run for run in found.clients if each.id in run.operations),
            not_modelled=found.not_modelled.get(each.id, ()),
        )
        for each in vendor.operations
    ]
