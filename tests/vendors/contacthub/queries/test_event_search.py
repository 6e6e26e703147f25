"""Search of events."""

from typing import Any

import pytest

from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.operations.event_search import search_events

ID = "3c9f1c2e-7d54-4b1a-9f00-0a1b2c3d"
WORKSPACE, NODE, OTHER_NODE = f"{ID}0001", f"{ID}0101", f"{ID}0102"
KINDS = (
    ("viewedPage", "WEB"),
    ("campaignSent", "DIGITAL_CAMPAIGN"),
    ("viewedPage", "MOBILE"),
    ("openedTicket", "OTHER"),
    ("viewedPage", "WEB"),
    ("searched", "WEB"),
)


@pytest.fixture
def small(state: VendorState) -> VendorState:
    """A state with six events, one a day from the 1st to the 6th; all but the last are of the first node."""
    events = state.collection("events")
    (pattern,) = events.newest("workspaceId", WORKSPACE, 0, 1)
    events.clear()
    for number, (event_type, context) in enumerate(KINDS, 1):
        day = f"2026-01-{number:02d}T12:00:00.000+0000"
        event = {"id": f"v-{number}", "type": event_type, "context": context, "date": day, "version": number}
        event |= {"customerId": f"c-{number % 2}", "properties": {"title": f"T{number % 3}"} if number % 3 else {}}
        node = OTHER_NODE if number == len(KINDS) else NODE
        events.put(pattern | {"id": event["id"], "nodeId": node, "data": pattern["data"] | event})
    return state


def search(state: VendorState, caller: Caller | None = None, **asked: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        **dict.fromkeys(("customer_id", "node_id", "type", "context", "mode", "date_from", "date_to", "sort")),
        "size": 10,
        "page": 0,
    }
    steps = search_events(state, **given | asked, caller=caller or Caller("me"))
    try:
        while True:
            next(steps)
    except StopIteration as done:
        return dict(done.value.body)


def numbers(page: dict[str, Any]) -> list[int]:
    return [event["version"] for event in page["elements"]]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [6, 5, 4, 3, 2, 1]),
        ({"node_id": NODE}, [5, 4, 3, 2, 1]),
        ({"customer_id": "c-1"}, [5, 3, 1]),
        ({"customer_id": "c-0", "node_id": NODE}, [4, 2]),
        ({"customer_id": "nobody"}, []),
        ({"type": ["viewedPage"]}, [5, 3, 1]),
        ({"type": ["viewedPage", "searched"]}, [6, 5, 3, 1]),
        ({"context": ["WEB"]}, [6, 5, 1]),
        ({"context": ["MOBILE", "OTHER"]}, [4, 3]),
        ({"type": ["viewedPage"], "context": ["WEB"]}, [5, 1]),
        ({"mode": "PASSIVE"}, [2]),
        ({"mode": "ACTIVE"}, [6, 5, 4, 3, 1]),
        ({"mode": "PASSIVE", "type": ["viewedPage"]}, []),
        ({"date_from": "2026-01-04T12:00:00Z"}, [6, 5, 4]),
        ({"date_from": "2026-01-04T13:00:00.001+01:00"}, [6, 5]),
        ({"date_to": "2026-01-02T12:00:00+0000"}, [2, 1]),
        ({"date_from": "2026-01-02T00:00:00Z", "date_to": "2026-01-03T23:59:59Z"}, [3, 2]),
        ({"sort": ["date"]}, [1, 2, 3, 4, 5, 6]),
        ({"sort": ["type,desc", "date,asc"]}, [1, 3, 5, 6, 4, 2]),
        ({"sort": ["properties.title"]}, [4, 1, 5, 2, 6, 3]),
        ({"sort": ["properties.title,desc"]}, [5, 2, 4, 1, 6, 3]),
        ({"size": 2, "page": 1}, [4, 3]),
        ({"size": 2, "page": 1, "type": ["viewedPage"]}, [1]),
        ({"page": 1}, []),
    ],
)
def test_every_filter_holds(small: VendorState, asked: Any, expected: list[int]) -> None:
    assert numbers(search(small, **asked)) == expected


def test_a_page_has_the_number_of_events_without_the_filters(small: VendorState) -> None:
    page = search(small, node_id=NODE, type=["viewedPage"])["page"]
    assert (page["totalElements"], page["totalUnfilteredElements"], page["maxElements"]) == (3, 5, 10000)


def test_a_source_finds_the_events_of_its_nodes_only(small: VendorState) -> None:
    caller = Caller("source", claims={"workspaceId": WORKSPACE, "nodes": [OTHER_NODE]})
    page = search(small, caller)
    assert (numbers(page), page["page"]["totalUnfilteredElements"]) == ([6], 1)
    assert numbers(search(small, caller, customer_id="c-1")) == []


def test_events_of_another_workspace_are_not_found(small: VendorState) -> None:
    events = small.collection("events")
    events.put({**(events.get("v-1") or {}), "workspaceId": f"{ID}0002"})
    assert numbers(search(small, customer_id="c-1")) == [5, 3]


def test_the_events_of_the_first_customer_are_found(state: VendorState) -> None:
    page = search(state, customer_id=f"{ID}5000")
    assert (page["page"]["totalElements"], page["elements"][0]["id"]) == (40, f"{ID}7000")


def test_an_event_found_has_no_neighbours(state: VendorState) -> None:
    assert not {"prev", "next"} & search(state)["elements"][0].keys()


@pytest.mark.parametrize("parameter", ["date_from", "date_to"])
def test_a_date_that_no_calendar_has_is_refused(state: VendorState, parameter: str) -> None:
    refused = refusal(state, None, **{parameter: "2026-02-30T00:00:00+0000"})
    assert (refused.status, refused.violations[0].rule) == (400, "format")


def test_an_unknown_node_is_refused(state: VendorState) -> None:
    refused = refusal(state, node_id="123")
    assert (refused.status, refused.message) == (404, "node not found 123")


def test_an_unknown_workspace_is_refused(state: VendorState) -> None:
    refused = refusal(state, workspace_id="123")
    assert (refused.status, refused.message) == (403, "workspace not found: 123")


def test_a_node_that_is_not_the_sources_is_refused(state: VendorState) -> None:
    caller = Caller("source", claims={"workspaceId": WORKSPACE, "nodes": [OTHER_NODE]})
    assert refusal(state, caller, node_id=NODE).status == 403


def refusal(state: VendorState, caller: Caller | None = None, **asked: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        search(state, caller, **asked)
    return caught.value
