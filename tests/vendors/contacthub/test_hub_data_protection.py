import pytest

from tests.vendors.contacthub.calls import (
    CLIENT,
    CUSTOMER,
    ELSEWHERE,
    NO_ONE,
    NODE,
    SECOND,
    SESSION,
    STRANGER,
    WORKSPACE,
    read,
)
from tests.vendors.contacthub.turns import finish
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.collection import Json
from understudy.state.world import World
from understudy.vendors.contacthub.operations.data_protection import export_customer, forget_customer
from understudy.vendors.contacthub.operations.events import create_event
from understudy.vendors.contacthub.operations.sessions import create_session
from understudy.vendors.contacthub.tables import CONSENT_LOGS, CUSTOMERS, EVENTS, MATCHES, SESSIONS, UPDATES

EMAIL = "customer-5000@example.com"


def forget(world: World, customer_id: str = CUSTOMER, caller: Caller = CLIENT) -> None:
    assert finish(forget_customer(world, WORKSPACE, customer_id, caller)).status == 204


def last_log(world: World) -> Json:
    entry: Json = list(world.collection(CONSENT_LOGS))[-1]["data"]
    return entry


def test_an_export_has_the_customer_and_all_its_events(world: World) -> None:
    export = finish(export_customer(world, WORKSPACE, CUSTOMER, CLIENT)).body
    assert (export["customer"], len(export["events"])) == (read(world), 40)


def test_exported_events_begin_with_the_newest(world: World) -> None:
    dates = [event["date"] for event in finish(export_customer(world, WORKSPACE, CUSTOMER, CLIENT)).body["events"]]
    assert dates == sorted(dates, reverse=True)


def test_an_export_is_written_to_the_consent_log(world: World) -> None:
    finish(export_customer(world, WORKSPACE, CUSTOMER, CLIENT))
    entry = last_log(world)
    assert (entry["customerId"], entry["type"]) == (CUSTOMER, "DATA_PORTABILITY_REQUESTED")


def test_an_unknown_customer_has_no_data_to_export(world: World) -> None:
    with pytest.raises(Refused, match=f"^customer not found {NO_ONE}$") as refused:
        finish(export_customer(world, WORKSPACE, NO_ONE, CLIENT))
    assert refused.value.status == 404


def test_an_unknown_customer_is_not_forgotten(world: World) -> None:
    with pytest.raises(Refused, match=f"^customer not found {NO_ONE}$") as refused:
        forget(world, NO_ONE)
    assert refused.value.status == 404


def test_a_source_of_another_node_cannot_forget_a_customer(world: World) -> None:
    with pytest.raises(Refused) as refused:
        forget(world, caller=STRANGER)
    assert refused.value.status == 403


def test_nothing_of_a_forgotten_customer_is_kept(world: World) -> None:
    forget(world)
    assert CUSTOMER not in world.collection(CUSTOMERS)
    assert world.collection(EVENTS).count("data.customerId", CUSTOMER) == 0
    assert SESSION not in world.collection(SESSIONS)
    assert world.collection(MATCHES).find("customerId", CUSTOMER) == []


def test_forgetting_is_written_to_the_consent_log(world: World) -> None:
    forget(world)
    entry = last_log(world)
    assert (entry["customerId"], entry["type"]) == (CUSTOMER, "FORCED_DELETE")


def test_updates_of_a_forgotten_customer_tell_only_that_they_were(world: World) -> None:
    before = [(row["operation"], row["kind"], row["data"]["id"]) for row in world.collection(UPDATES)]
    forget(world)
    rows = list(world.collection(UPDATES))
    assert [(row["operation"], row["kind"], row["data"]["id"]) for row in rows][: len(before)] == before
    assert {tuple(row["data"]) for row in rows if row["data"]["id"] == CUSTOMER} == {("id",)}


def test_the_delete_of_a_forgotten_customer_is_in_the_stream(world: World) -> None:
    forget(world)
    newest = list(world.collection(UPDATES))[-1]
    assert (newest["operation"], newest["kind"], newest["data"]) == ("DELETE", "CUSTOMER", {"id": CUSTOMER})


def test_the_stream_has_nothing_left_of_a_forgotten_customers_events(world: World) -> None:
    forget(world)
    assert not any(row["data"].get("customerId") == CUSTOMER for row in world.collection(UPDATES))


def test_updates_of_an_event_before_its_customer_was_known_are_stripped_too(world: World) -> None:
    bring_back = {"type": "SESSION_ID", "value": "visit-1", "nodeId": NODE}
    body = {"type": "loggedIn", "context": "WEB", "properties": {}, "bringBackProperties": bring_back}
    event_id = create_event(world, WORKSPACE, body, CLIENT).body["id"]
    create_session(world, WORKSPACE, CUSTOMER, {"value": "visit-1"}, CLIENT)
    forget(world)
    found = [row["data"] for row in world.collection(UPDATES) if row["data"]["id"] == event_id]
    assert found == [{"id": event_id}] * 3


@pytest.mark.parametrize("other", [SECOND, ELSEWHERE])
def test_updates_of_other_customers_are_whole(world: World, other: str) -> None:
    forget(world)
    assert [row["data"] for row in world.collection(UPDATES) if row["data"]["id"] == other] == [read(world, other)]


def test_the_nodes_stream_has_no_trace_of_the_forgotten_address(world: World) -> None:
    forget(world)
    assert EMAIL not in str([row for row in world.collection(UPDATES) if row["nodeId"] == NODE])
