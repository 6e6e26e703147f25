"""Data protection: export of all data of a customer, and erasure of it."""

from typing import Any

import orjson
import pytest

from tests.vendors.contacthub.bulk_calls import load
from tests.vendors.contacthub.calls import (
    AGGREGATE,
    CLIENT,
    CUSTOMER,
    ELSEWHERE,
    ID,
    NO_ONE,
    NODE,
    SECOND,
    STRANGER,
    SUSPENDED,
    WORKSPACE,
    Json,
    create,
    patch,
    read,
    sent,
)
from tests.vendors.contacthub.steps import finish
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.operations.customer_search import search_customers
from understudy.vendors.contacthub.operations.customers import delete_customer, get_customer
from understudy.vendors.contacthub.operations.data_protection import export_customer, forget_customer
from understudy.vendors.contacthub.operations.events import create_event, delete_event, get_event
from understudy.vendors.contacthub.operations.sessions import create_session
from understudy.vendors.contacthub.operations.updates import list_updates
from understudy.vendors.contacthub.tables import AGGREGATED, CONSENT_LOGS, EVENTS, MATCHES, SESSIONS, TABLES, UPDATES
from understudy.vendors.contacthub.update_stream import last_offset

SHARED = "customer-5000@example.com"
LATER = {"type": "SESSION_ID", "value": "a-session", "nodeId": NODE}


def export(state: VendorState, customer: str = CUSTOMER, caller: Caller = CLIENT) -> Json:
    return dict(finish(export_customer(state, WORKSPACE, customer, caller)).body)


def erase(state: VendorState, customer: str = CUSTOMER, caller: Caller = CLIENT) -> None:
    reply = finish(forget_customer(state, WORKSPACE, customer, caller))
    assert (reply.status, reply.body) == (204, None)


def logged(state: VendorState, kind: str) -> list[Json]:
    return [row["data"] for row in state.collection(CONSENT_LOGS) if row["data"]["type"] == kind]


def aggregate_of(state: VendorState) -> str:
    """Return the aggregate customer of the first customers of both nodes."""
    reply = finish(search_customers(state, WORKSPACE, AGGREGATE, None, None, None, 50, None, 0, CLIENT))
    found = [each["id"] for each in reply.body["elements"] if each["base"]["contacts"]["email"] == SHARED]
    if found:
        return str(found[0])
    reply = finish(search_customers(state, WORKSPACE, AGGREGATE, None, None, None, 50, None, 1, CLIENT))
    return next(str(each["id"]) for each in reply.body["elements"] if each["base"]["contacts"]["email"] == SHARED)


def add_event(state: VendorState, **parts: Any) -> str:
    body = {"type": "searched", "context": "WEB", "properties": {"keyword": "a-telltale"}, **parts}
    return str(create_event(state, WORKSPACE, body, CLIENT).body["id"])


# Export


def test_an_export_holds_the_customer_with_all_events_the_newest_first(state: VendorState) -> None:
    customer = read(state)

    exported = export(state)

    dates = [event["date"] for event in exported["events"]]
    assert exported["customer"] == customer
    assert (len(dates), dates) == (40, sorted(dates, reverse=True))


def test_an_export_is_logged(state: VendorState) -> None:
    export(state)

    [entry] = logged(state, "DATA_PORTABILITY_REQUESTED")
    assert (entry["customerId"], entry["property"], entry["sourceId"]) == (CUSTOMER, None, CLIENT.claims["sourceId"])


def test_an_export_of_an_aggregate_customer_holds_the_events_of_its_members(state: VendorState) -> None:
    event = add_event(state, customerId=ELSEWHERE)

    exported = export(state, aggregate_of(state))

    assert (len(exported["events"]), exported["events"][0]["id"]) == (41, event)
    assert {entry["customerId"] for entry in logged(state, "DATA_PORTABILITY_REQUESTED")} == {CUSTOMER, ELSEWHERE}


@pytest.mark.parametrize(("customer", "caller", "status"), [(NO_ONE, CLIENT, 404), (CUSTOMER, STRANGER, 403)])
def test_an_export_is_refused_to_a_caller_without_read_access(
    state: VendorState, customer: str, caller: Caller, status: int
) -> None:
    with pytest.raises(Refused) as caught:
        export(state, customer, caller)
    assert (caught.value.status, logged(state, "DATA_PORTABILITY_REQUESTED")) == (status, [])


# Erasure


@pytest.mark.usefixtures("steps_of_ten_events")
def test_erasing_a_customer_with_many_events_runs_in_steps(state: VendorState) -> None:
    erasure = forget_customer(state, WORKSPACE, CUSTOMER, CLIENT)
    next(erasure)
    read_meanwhile = get_customer(state, WORKSPACE, CUSTOMER, CLIENT)
    finish(delete_customer(state, WORKSPACE, CUSTOMER, CLIENT))
    offset = last_offset(state)

    assert (read_meanwhile.status, finish(erasure).status) == (200, 204)
    assert last_offset(state) == offset
    assert len(logged(state, "FORCED_DELETE")) == 1
    assert state.collection(EVENTS).count("data.customerId", CUSTOMER) == 0


def test_an_erased_customer_is_not_found(state: VendorState) -> None:
    erase(state)

    with pytest.raises(Refused, match=f"customer not found {CUSTOMER}"):
        read(state)


def test_an_erased_customers_events_are_not_found(state: VendorState) -> None:
    erase(state)

    assert state.collection(EVENTS).find("data.customerId", CUSTOMER) == []
    with pytest.raises(Refused, match="event not found"):
        get_event(state, WORKSPACE, f"{ID}7000", None, CLIENT)


def test_an_erased_customers_sessions_and_matches_are_gone(state: VendorState) -> None:
    erase(state)

    assert state.collection(SESSIONS).find("customerId", CUSTOMER) == []
    assert state.collection(MATCHES).find("customerId", CUSTOMER) == []
    assert create(state, sent(SHARED))["id"] != CUSTOMER


def test_an_erasure_is_logged(state: VendorState) -> None:
    erase(state)

    [entry] = logged(state, "FORCED_DELETE")
    assert (entry["customerId"], entry["sourceId"]) == (CUSTOMER, CLIENT.claims["sourceId"])


def test_the_updates_show_the_delete_without_the_data(state: VendorState) -> None:
    before = last_offset(state)
    erase(state)

    updates = finish(list_updates(state, WORKSPACE, 4000, None, before, None, None, CLIENT)).body["updates"]

    assert {update["operation"] for update in updates} == {"DELETE"}
    assert updates[-1] == {"operation": "DELETE", "entity": {"type": "CUSTOMER", "data": {"id": CUSTOMER}}}


def test_the_updates_before_keep_no_more_than_ids(state: VendorState) -> None:
    patch(state, {"base": {"firstName": "A telltale"}})
    add_event(state, customerId=CUSTOMER)
    deleted = add_event(state, bringBackProperties=LATER)
    create_session(state, WORKSPACE, CUSTOMER, {"value": "a-session"}, CLIENT)
    delete_event(state, WORKSPACE, deleted, CLIENT)

    erase(state)

    stream = b"".join(orjson.dumps(row) for row in state.collection(UPDATES) if row["nodeId"] == NODE)
    assert [mark for mark in (b"telltale", SHARED.encode(), b"a-session") if mark in stream] == []


def test_the_updates_before_stay_as_many_and_in_their_order(state: VendorState) -> None:
    def updates() -> list[tuple[str, str, str]]:
        return [(row["operation"], row["kind"], row["data"]["id"]) for row in state.collection(UPDATES)]

    before = updates()
    erase(state)

    assert updates()[: len(before)] == before


def test_no_collection_of_the_state_contains_an_erased_customer(state: VendorState) -> None:
    """No value of its records is left, for each operation that stores or indexes them."""
    file = "externalId,base.firstName,base.contacts.email,extra\ntelltale-1,Telltale,telltale@example.com,telltale\n"
    customer = load(state, file)[0]["id"]
    load(state, file, operation="INSERT")
    patch(state, {"tags": {"manual": ["telltale"]}}, customer)
    create_session(state, WORKSPACE, customer, {"value": "a-telltale-session"}, CLIENT)
    add_event(state, customerId=customer)
    add_event(state, bringBackProperties={**LATER, "value": "a-telltale-session"})
    aggregate_of(state)
    assert any(b"telltale" in orjson.dumps(row) for row in state.collection(AGGREGATED))

    erase(state, customer)

    containing = [
        table.name for table in TABLES for row in state.collection(table.name) if b"elltale" in orjson.dumps(row)
    ]
    assert containing == []


def test_the_updates_of_others_stay(state: VendorState) -> None:
    kept = [row for row in state.collection(UPDATES) if row["data"]["id"] == SECOND]

    erase(state)

    assert [row for row in state.collection(UPDATES) if row["data"]["id"] == SECOND] == kept


def test_erasing_an_aggregate_customer_erases_its_members(state: VendorState) -> None:
    aggregate_id = aggregate_of(state)

    erase(state, aggregate_id)

    for customer in (aggregate_id, CUSTOMER, ELSEWHERE):
        with pytest.raises(Refused, match="customer not found"):
            read(state, customer)
    assert {entry["customerId"] for entry in logged(state, "FORCED_DELETE")} == {CUSTOMER, ELSEWHERE}


def test_erasing_a_customer_leaves_its_equals_in_other_nodes(state: VendorState) -> None:
    erase(state)

    assert read(state, ELSEWHERE)["id"] == ELSEWHERE


@pytest.mark.parametrize(("customer", "caller", "status"), [(NO_ONE, CLIENT, 404), (CUSTOMER, STRANGER, 403)])
def test_an_erasure_is_refused_to_a_caller_without_write_access(
    state: VendorState, customer: str, caller: Caller, status: int
) -> None:
    with pytest.raises(Refused) as caught:
        erase(state, customer, caller)
    assert caught.value.status == status
    assert read(state)["id"] == CUSTOMER


def test_a_suspended_workspace_erases_no_customer(state: VendorState) -> None:
    with pytest.raises(Refused, match="workspace suspended"):
        finish(forget_customer(state, SUSPENDED, CUSTOMER, Caller("anyone")))
