"""Search of customers."""

from collections.abc import Generator
from itertools import count
from typing import Any

import orjson
import pytest

from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.operations.customer_search import search_customers

ID = "3c9f1c2e-7d54-4b1a-9f00-0a1b2c3d"
WORKSPACE, DISABLED, NODE, OTHER_NODE = f"{ID}0001", f"{ID}0003", f"{ID}0101", f"{ID}0102"
SMALL = 12


@pytest.fixture
def small(state: VendorState) -> VendorState:
    """A state in which the first node has only customers 0 to 11, written in that order."""
    customers = state.collection("customers")
    (pattern,) = customers.newest("nodeId", NODE, 0, 1)
    for key in customers.keys_of("nodeId", NODE):
        customers.delete(key)
    for number in range(SMALL):
        base = pattern["base"] | {"firstName": f"N{number % 3}", "lastName": f"L{number}" if number % 2 else None}
        stamps = {"externalId": f"e-{number}", "updatedAt": f"2026-01-01T00:00:{number:02d}.000Z", "version": number}
        customers.put(pattern | stamps | {"id": f"c-{number}", "base": base})
    return state


def search(state: VendorState, caller: Caller | None = None, **asked: Any) -> dict[str, Any]:
    steps = start(state, caller, **asked)
    try:
        while True:
            next(steps)
    except StopIteration as done:
        return dict(done.value.body)


def start(state: VendorState, caller: Caller | None = None, **asked: Any) -> Generator[None, None, Reply]:
    given: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "node_id": NODE,
        **dict.fromkeys(("external_id", "query", "fields", "sort")),
        "size": 10,
        "page": 0,
    }
    return search_customers(state, **given | asked, caller=caller or Caller("me"))


def numbers(page: dict[str, Any]) -> list[int]:
    return [customer["version"] for customer in page["elements"]]


def query(attribute: str, operator: str, value: Any) -> str:
    condition = {"type": "atomic", "attribute": attribute, "operator": operator, "value": value}
    return orjson.dumps({"query": {"type": "simple", "are": {"condition": condition}}}).decode()


def did(event_type: str) -> str:
    return orjson.dumps({"query": {"type": "simple", "did": {"event": {"name": event_type}}}}).decode()


def test_the_customer_updated_last_comes_first(small: VendorState) -> None:
    assert numbers(search(small)) == [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]


def test_a_customer_with_an_older_time_comes_last_even_if_it_is_written_last(small: VendorState) -> None:
    customers = small.collection("customers")
    customers.put(search(small)["elements"][0] | {"updatedAt": "2020-01-01T00:00:00.000+0000"})
    assert numbers(search(small, page=1)) == [0, 11]


def test_a_page_has_the_limit_of_paging(small: VendorState) -> None:
    assert search(small, size=5, page=1)["page"] == {
        "size": 5, "totalElements": 12, "totalUnfilteredElements": 12, "totalPages": 3, "number": 1,
        "maxElements": 10000, "maxPages": 2000,
    }  # fmt: skip


def test_a_page_past_the_last_is_empty(small: VendorState) -> None:
    assert search(small, page=2)["elements"] == []
    assert search(small, page=2**31 - 1, size=50, sort=["version"])["elements"] == []


def test_a_page_without_size_has_no_elements(small: VendorState) -> None:
    assert search(small, size=0)["elements"] == search(small, size=0, sort=["version"])["elements"] == []


def test_a_page_of_matches_has_the_number_of_customers_without_the_query(small: VendorState) -> None:
    page = search(small, query=query("base.firstName", "EQUALS", "N1"))
    assert numbers(page) == [10, 7, 4, 1]
    assert (page["page"]["totalElements"], page["page"]["totalUnfilteredElements"]) == (4, 12)


def test_matches_are_paged(small: VendorState) -> None:
    assert numbers(search(small, query=query("version", "GTE", 3), size=4, page=1)) == [7, 6, 5, 4]


@pytest.mark.parametrize(
    ("attribute", "operator", "value", "expected"),
    [
        ("externalId", "EQUALS", "e-4", [4]),
        ("externalId", "IN", ["e-4", "e-9", "e-4", "e-99"], [9, 4]),
        ("id", "EQUALS", "c-7", [7]),
        ("id", "EQUALS", f"{ID}6000", []),
    ],
)
def test_an_index_finds_what_a_full_scan_would(
    small: VendorState, attribute: str, operator: str, value: Any, expected: list[int]
) -> None:
    assert numbers(search(small, query=query(attribute, operator, value))) == expected


def test_an_e_mail_is_looked_up(state: VendorState) -> None:
    page = search(state, query=query("base.contacts.email", "EQUALS", "customer-5001@example.com"))
    assert [customer["externalId"] for customer in page["elements"]] == ["customer-5001"]


def test_an_external_id_filters(small: VendorState) -> None:
    assert numbers(search(small, external_id="e-3")) == [3]
    assert numbers(search(small, external_id="e-99")) == []


def test_an_external_id_and_a_query_filter_both(small: VendorState) -> None:
    assert numbers(search(small, external_id="e-3", query=query("id", "EQUALS", "c-4"))) == []


def test_several_customers_may_have_one_external_id(small: VendorState) -> None:
    customers = small.collection("customers")
    for customer in search(small, size=2)["elements"]:
        customers.put(customer | {"externalId": "same"})
    assert numbers(search(small, external_id="same")) == [11, 10]


def test_a_query_selects_customers_by_their_events(state: VendorState) -> None:
    page = search(state, query=did("viewedPage"))
    assert f"{ID}5000" in [customer["id"] for customer in page["elements"]]
    assert search(state, query=did("eventNoShow"))["elements"] == []


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (["version"], [0, 1, 2, 3]),
        (["version,asc"], [0, 1, 2, 3]),
        (["version,DESC"], [11, 10, 9, 8]),
        (["base.firstName,desc", "version,asc"], [2, 5, 8, 11]),
        (["base.firstName"], [9, 6, 3, 0]),
        (["base.lastName"], [1, 11, 3, 5]),
        (["base.lastName,desc"], [9, 7, 5, 3]),
        (["no.such.field", "version"], [0, 1, 2, 3]),
        (["..", "version"], [0, 1, 2, 3]),
    ],
)
def test_customers_are_sorted(small: VendorState, sort: list[str], expected: list[int]) -> None:
    assert numbers(search(small, sort=sort, size=4)) == expected


@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_customers_without_the_field_come_last_in_both_directions(small: VendorState, direction: str) -> None:
    page = search(small, sort=[f"base.lastName,{direction}"], size=12)
    assert numbers(page)[6:] == [10, 8, 6, 4, 2, 0]


def test_matches_are_sorted(small: VendorState) -> None:
    asked = query("base.firstName", "NOT_EQUALS", "N0")
    assert numbers(search(small, query=asked, sort=["version,asc"], size=3, page=1)) == [5, 7, 8]


def test_paging_reaches_ten_thousand_matches(small: VendorState, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("understudy.vendors.contacthub.queries.search_results.SEARCH_CAP", 7)
    for asked in ({}, {"sort": ["version,desc"]}, {"query": query("enabled", "EQUALS", value=True)}):
        page = search(small, size=5, page=1, **asked)
        assert (numbers(page), page["page"]["totalElements"]) == ([6, 5], 12)


def test_more_matches_than_a_page_needs_are_dropped_and_counted(
    small: VendorState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("understudy.vendors.contacthub.queries.search_results.LEAST_SLACK", 1)
    page = search(small, sort=["base.firstName", "version"], size=2)
    assert (numbers(page), page["page"]["totalElements"]) == ([0, 3], 12)


def test_only_the_requested_fields_are_returned(small: VendorState) -> None:
    (customer,) = search(small, size=1, fields=["externalId", "base.firstName"])["elements"]
    assert (customer["externalId"], customer["base"]["firstName"], customer["base"]["contacts"]) == ("e-11", "N2", None)


def test_a_search_through_everything_runs_in_steps(small: VendorState, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("understudy.vendors.contacthub.queries.search_results.CHUNK", 5)
    steps = start(small, query=query("version", "GTE", 0))
    assert len(list(steps)) == 2


def test_a_customer_deleted_during_a_search_is_not_returned(
    small: VendorState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("understudy.vendors.contacthub.queries.search_results.CHUNK", 5)
    steps = start(small, query=query("version", "GTE", 0))
    next(steps)
    small.collection("customers").delete("c-11")
    body: Any = None
    for _ in count():
        try:
            next(steps)
        except StopIteration as done:
            body = done.value.body
            break
    assert numbers(body)[0] == 10


def test_a_node_without_customers_is_searched(state: VendorState) -> None:
    assert search(state, node_id=f"{ID}0202", query=query("enabled", "EQUALS", value=True))["elements"] == []


def test_an_unknown_node_is_refused(state: VendorState) -> None:
    assert_refused(404, "node not found no-node", state, node_id="no-node")


def test_an_unknown_workspace_is_refused(state: VendorState) -> None:
    assert_refused(403, "workspace not found: no-workspace", state, workspace_id="no-workspace")


def test_a_disabled_workspace_is_refused(state: VendorState) -> None:
    assert_refused(403, f"workspace disabled: {DISABLED}", state, workspace_id=DISABLED)


def test_a_node_that_is_not_the_sources_is_refused(state: VendorState) -> None:
    caller = Caller("source", claims={"workspaceId": WORKSPACE, "nodes": [OTHER_NODE]})
    assert_refused(403, "You don't have the necessary permissions for the resource", state, caller)


def test_a_query_that_is_none_is_refused(state: VendorState) -> None:
    assert_refused(
        400, 'query is not valid: the text is not valid JSON: "name" at line 1, column 1', state, query="name=x"
    )


def assert_refused(status: int, message: str, state: VendorState, caller: Caller | None = None, **asked: Any) -> None:
    with pytest.raises(Refused) as caught:
        search(state, caller, **asked)
    assert (caught.value.status, caught.value.message) == (status, message)
