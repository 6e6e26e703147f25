"""Faults that strike messages of an outbox, beside those that strike calls."""

import pytest

from understudy.core.wildcards import matches
from understudy.state.faults import DELIVERY_KINDS, PROPERTIES_BY_KIND, Fault, Faults

QUEUE = "https://sqs.example/1/orders"


def struck(faults: Faults, destination: str = QUEUE, operation: str = "create_order", now: float = 0.0) -> str | None:
    found = faults.strike_message("twc", operation, destination, now)
    return found.id if found else None


def test_a_call_is_not_struck_by_a_fault_of_messages_and_the_reverse() -> None:
    faults = Faults()
    for kind in PROPERTIES_BY_KIND:
        faults.add(Fault(kind), 0.0)
    calls = {fault.kind for fault in faults.strike("twc", "create_order", 0.0)}
    found = faults.strike_message("twc", "create_order", QUEUE, 0.0)
    assert not calls & DELIVERY_KINDS
    assert found is not None
    assert found.kind in DELIVERY_KINDS
    assert {fault.kind for fault in faults if fault.seen} == set(PROPERTIES_BY_KIND)


def test_a_message_is_struck_by_one_fault_and_the_others_wait() -> None:
    faults = Faults()
    for kind in ("lost", "duplicate"):
        faults.add(Fault(kind, nth=1), 0.0)
    assert [struck(faults), struck(faults), struck(faults)] == ["fault-1", "fault-2", None]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault("lost"), "fault-1"),
        (Fault("lost", vendor="crmcom"), None),
        (Fault("lost", vendor="twc", operation="create_order"), "fault-1"),
        (Fault("lost", vendor="twc", operation="delete_order"), None),
        (Fault("lost", destination=QUEUE), "fault-1"),
        (Fault("lost", destination="*/orders"), "fault-1"),
        (Fault("lost", destination="https://sqs.example/*/refunds"), None),
        (Fault("lost", destination="https:"), None),
        (Fault("lost", times=1), "fault-1"),
        (Fault("lost", lasting=5.0), None),
    ],
    ids=str,
)
def test_a_fault_fits_by_vendor_operation_destination_and_time(fault: Fault, expected: str | None) -> None:
    faults = Faults()
    faults.add(fault, 0.0)
    assert struck(faults, now=5.0) == expected


@pytest.mark.parametrize(
    ("pattern", "text", "is_match"),
    [
        ("*", "", True),
        ("*", "a\nb", True),
        ("a.c", "abc", False),
        ("a*", "a", True),
        ("*b", "ab", True),
        ("*b", "ba", False),
        ("a*c*e", "abcde", True),
        ("[a]", "a", False),
        ("", "", True),
        ("", "a", False),
    ],
)
def test_only_the_asterisk_stands_for_other_text(pattern: str, text: str, is_match: bool) -> None:  # noqa: FBT001 - of a table
    assert matches(pattern, text) is is_match
