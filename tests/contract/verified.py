"""Runs of the contract suite of ``understudy verify`` against a started stand-in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.conftest import StandIn
from understudy.contract.compiled_operations import Operation
from understudy.control.control_state import CONTROL_VENDOR
from understudy.http.mounted_vendor import MountedVendor
from understudy.verify.credentials import Credentials
from understudy.verify.request_gate import RequestGate
from understudy.verify.schemathesis_run import PHASES, FuzzOptions
from understudy.verify.stand_in import alternating_minutes, stand_in_subject
from understudy.verify.subject import VerifySubject, required_headers
from understudy.verify.verification import Verification


@dataclass(frozen=True, slots=True)
class Part:
    """Part of a vendor's operations: their ids, all of them if there are none here, and the phases to run."""

    served: MountedVendor
    operation_ids: frozenset[str] = frozenset()
    phases: Sequence[str] = PHASES

    @property
    def operations(self) -> tuple[Operation, ...]:
        every = self.served.operations
        return tuple(each for each in every if not self.operation_ids or each.id in self.operation_ids)


def verified(
    stand_in: StandIn, part: Part, seed: int, examples: int, *, has_required_headers: bool = True
) -> Verification:
    """Return the verification of a part of a vendor, after its end."""
    subject = _subject(stand_in, part.served)
    if not has_required_headers:
        subject = replace(subject, headers={})
    options = FuzzOptions(seed, tuple(part.phases), examples)
    found = Verification(subject, part.operations, RequestGate(), options)
    with alternating_minutes(stand_in.clock):
        found.run(lambda *_: None)
    return found


def _subject(stand_in: StandIn, served: MountedVendor) -> VerifySubject:
    name = served.vendor.name
    if name != CONTROL_VENDOR:
        return stand_in_subject(stand_in.understudy, served, stand_in.root, stand_in.world)
    assert served.vendor.sign_in
    headers = served.vendor.sign_in(stand_in.state(name))
    url = stand_in.url(name)
    required = required_headers(served.document, served.operations)
    return VerifySubject(served.document, served.operations, url, url, Credentials(headers), required, is_own=True)


def assert_clean(found: Verification) -> None:
    """Assert that requests were sent, all parts were run, and nothing was found."""
    assert found.gate.sent > 0
    assert found.errors == []
    assert {each.key: each.message for each in found.findings} == {}
