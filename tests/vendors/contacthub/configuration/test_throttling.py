"""Limit of a workspace's requests in a minute."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest

from tests.vendors.contacthub.calls import NO_ONE, WORKSPACE
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.errors import render
from understudy.vendors.contacthub.operations.reference_lists import list_merge_policies
from understudy.vendors.contacthub.operations.workspace_configuration import (
    get_workspace_throttling,
    update_workspace_throttling,
)
from understudy.vendors.contacthub.operations.workspaces import get_workspace
from understudy.vendors.contacthub.start_data.fixed_ids import THROTTLED

ANYONE = Caller("tester")


@pytest.fixture
def state(state: VendorState) -> VendorState:
    """A state whose clock stands seventeen seconds before the end of a minute."""
    state.clock.set(datetime(2026, 11, 21, 12, 0, 43, tzinfo=UTC), rate=0)
    return state


def limit(state: VendorState, number: int) -> None:
    update_workspace_throttling(state, WORKSPACE, {"maxRequestsPerMinute": number}, ANYONE)


def ask(state: VendorState, times: int = 1, workspace: str = WORKSPACE) -> None:
    for _ in range(times):
        list_merge_policies(state, workspace, ANYONE)


def refusal(state: VendorState, workspace: str = WORKSPACE) -> Refused:
    with pytest.raises(Refused) as caught:
        ask(state, workspace=workspace)
    return caught.value


def test_zero_means_that_throttling_is_disabled(state: VendorState) -> None:
    limit(state, 0)

    ask(state, times=500)


def test_as_many_requests_as_the_limit_are_served(state: VendorState) -> None:
    limit(state, 3)

    ask(state, times=3)


def test_a_request_over_the_limit_is_refused_with_429_in_the_envelope(state: VendorState) -> None:
    limit(state, 3)
    ask(state, times=3)

    reply = render(refusal(state))

    assert (reply.status, sorted(reply.body)) == (429, ["data", "errors", "logref", "message"])


def test_a_refusal_has_the_seconds_until_the_next_minute(state: VendorState) -> None:
    limit(state, 1)
    ask(state)

    assert refusal(state).headers == {"Retry-After": "17"}


def test_the_next_minute_has_a_new_limit(state: VendorState) -> None:
    limit(state, 1)
    ask(state)

    state.clock.move(timedelta(seconds=16))
    assert refusal(state).status == HTTPStatus.TOO_MANY_REQUESTS
    state.clock.move(timedelta(seconds=1))
    ask(state)


def test_a_refused_request_does_not_count(state: VendorState) -> None:
    limit(state, 1)
    ask(state)
    for _ in range(5):
        refusal(state)

    state.clock.move(timedelta(minutes=1))
    ask(state)


def test_a_clock_that_is_set_to_another_minute_opens_that_one(state: VendorState) -> None:
    limit(state, 1)
    ask(state)

    state.clock.move(timedelta(minutes=-5))

    ask(state)
    assert refusal(state).status == HTTPStatus.TOO_MANY_REQUESTS


def test_reading_the_throttling_counts_too(state: VendorState) -> None:
    limit(state, 1)

    assert get_workspace_throttling(state, WORKSPACE, ANYONE).body == {"maxRequestsPerMinute": 1}
    assert refusal(state).status == HTTPStatus.TOO_MANY_REQUESTS


def test_a_stranger_does_not_use_up_a_workspace(state: VendorState) -> None:
    limit(state, 1)
    stranger = Caller("stranger", claims={"workspaceId": NO_ONE})
    with pytest.raises(Refused, match="workspace not found"):
        list_merge_policies(state, WORKSPACE, stranger)

    ask(state)


def test_a_workspace_is_throttled_for_itself(state: VendorState) -> None:
    limit(state, 1)
    ask(state)

    get_workspace(state, THROTTLED, ANYONE)
    assert refusal(state, THROTTLED).status == HTTPStatus.TOO_MANY_REQUESTS


def test_one_workspace_of_the_start_is_throttled_whatever_the_clock_shows(state: VendorState) -> None:
    for _ in range(3):
        state.clock.move(timedelta(days=10_000))
        assert refusal(state, THROTTLED).status == HTTPStatus.TOO_MANY_REQUESTS
