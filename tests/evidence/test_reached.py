"""Statuses and rules of an operation that calls have reached, by their numbers alone."""

from understudy.app import Understudy
from understudy.evidence.reached import reached
from understudy.state.journal import CallKey


def test_only_refusals_by_rules_reach_rules(understudy: Understudy) -> None:
    operation = understudy.vendors["crmcom"].by_id["create_purchase"]
    numbers = {"contract": 4, "fault": 3, "rule": 2}
    counts = {CallKey("crmcom", operation.id, 400, outcome): number for outcome, number in numbers.items()}

    [found] = reached([operation], counts).operations

    assert (found.calls, found.outcomes) == (9, numbers)
    assert [each.calls for each in found.rules if each.status == 400] == [2]
