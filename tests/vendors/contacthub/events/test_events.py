"""Operations on a single event: accepted and refused bodies, and the stored event."""

from typing import Any

import pytest

from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import write_setting
from understudy.vendors.contacthub.operations.events import (
    create_event,
    delete_event,
    get_event,
    patch_event,
    update_event,
)
from understudy.vendors.contacthub.tables import EVENTS, UPDATES
from understudy.vendors.contacthub.update_stream import last_offset

Json = dict[str, Any]

ID = "3c9f1c2e-7d54-4b1a-9f00-0a1b2c3d"
WORKSPACE, SUSPENDED = f"{ID}0001", f"{ID}0002"
NODE, OTHER_NODE, AGGREGATE = f"{ID}0101", f"{ID}0102", f"{ID}0201"
CUSTOMER, UNKNOWN = f"{ID}5000", f"{ID}ffff"
ANYONE = Caller("tester")
VISIT: Json = {"customerId": CUSTOMER, "type": "viewedPage", "context": "WEB", "properties": {"title": "Home"}}
LATER: Json = {"type": "SESSION_ID", "value": "a-session", "nodeId": NODE}


def create(state: VendorState, body: Json, caller: Caller = ANYONE) -> Json:
    reply = create_event(state, WORKSPACE, body, caller)
    assert reply.status == 202
    return read(state, reply.body["id"])


def read(state: VendorState, event_id: str, nav: str | None = None) -> Json:
    found: Json = get_event(state, WORKSPACE, event_id, nav, ANYONE).body
    return found


def refusal(state: VendorState, body: Json, caller: Caller = ANYONE) -> Refused:
    before = len(state.collection(EVENTS))
    with pytest.raises(Refused) as caught:
        create_event(state, WORKSPACE, body, caller)
    assert len(state.collection(EVENTS)) == before
    return caught.value


def places(refused: Refused) -> list[str]:
    return [violation.path for violation in refused.violations]


def as_sent(event: Json) -> Json:
    """Return the body with which a client replaces an event that it has read."""
    return {name: value for name, value in event.items() if name not in {"prev", "next"}}


def visits(state: VendorState, *dates: str) -> list[str]:
    """Store visits at these times, for a customer without other visits."""
    return [create(state, {**VISIT, "customerId": f"{ID}6000", "date": date})["id"] for date in dates]


def test_an_event_is_returned_with_all_its_properties(state: VendorState) -> None:
    event = create(state, VISIT)

    assert {name: value for name, value in event.items() if value is None} == {
        "bringBackProperties": None,
        "contextInfo": None,
        "tracking": None,
    }
    assert (event["origin"], event["version"], event["registeredAt"]) == ("NATIVE", 0, event["updatedAt"])
    assert VISIT.items() <= event.items()


def test_an_event_without_a_date_happens_now(state: VendorState) -> None:
    event = create(state, VISIT)

    assert event["date"] == event["registeredAt"]


@pytest.mark.parametrize("sent", ["2026-01-31T12:31:31.842+01:00", "2026-01-31T11:31:31.842+0000"])
def test_a_date_is_returned_in_utc(state: VendorState, sent: str) -> None:
    assert create(state, {**VISIT, "date": sent})["date"] == "2026-01-31T11:31:31.842+0000"


@pytest.mark.parametrize("sent", ["2026-02-30T11:31:31+0000", "9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+05:00"])
def test_a_date_that_is_in_no_calendar_is_refused(state: VendorState, sent: str) -> None:
    assert places(refusal(state, {**VISIT, "date": sent})) == ["/date"]


def test_customer_and_bring_back_properties_exclude_each_other(state: VendorState) -> None:
    refused = refusal(state, {**VISIT, "bringBackProperties": LATER})

    assert (refused.status, refused.message, places(refused)) == (
        400,
        "the event is not valid",
        ["/bringBackProperties"],
    )


@pytest.mark.parametrize("customer", [{}, {"customerId": None}])
def test_an_event_without_a_customer_is_refused(state: VendorState, customer: Json) -> None:
    body = {"type": "viewedPage", "context": "WEB", "properties": {}, **customer}

    assert places(refusal(state, body)) == ["/customerId"]


def test_an_unknown_customer_is_refused(state: VendorState) -> None:
    refused = refusal(state, {**VISIT, "customerId": UNKNOWN})

    assert (refused.status, refused.message) == (404, f"customer not found {UNKNOWN}")


def test_an_unknown_node_is_refused(state: VendorState) -> None:
    refused = refusal(state, {**VISIT, "customerId": None, "bringBackProperties": {**LATER, "nodeId": "none"}})

    assert (refused.status, refused.message) == (404, "node not found none")


def test_bring_back_properties_are_not_allowed_for_aggregate_nodes(state: VendorState) -> None:
    refused = refusal(state, {**VISIT, "customerId": None, "bringBackProperties": {**LATER, "nodeId": AGGREGATE}})

    assert (refused.status, places(refused)) == (400, ["/bringBackProperties/nodeId"])


def test_a_source_writes_only_to_its_nodes(state: VendorState) -> None:
    caller = Caller("source", claims={"workspaceId": WORKSPACE, "nodes": [OTHER_NODE]})

    assert refusal(state, {**VISIT, "customerId": None, "bringBackProperties": LATER}, caller).status == 403
    assert refusal(state, VISIT, caller).status == 403


def test_a_suspended_workspace_takes_no_events(state: VendorState) -> None:
    with pytest.raises(Refused) as caught:
        create_event(state, SUSPENDED, VISIT, ANYONE)
    assert caught.value.status == 403


def test_a_disabled_type_is_refused(state: VendorState) -> None:
    write_setting(state, WORKSPACE, "event/viewedPage", {"enabled": False})

    refused = refusal(state, VISIT)

    assert (refused.status, places(refused)) == (400, ["/type"])


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"properties": {"title": 1}}, "/properties/title"),
        ({"properties": {"noSuchProperty": 1}}, "/properties/noSuchProperty"),
        ({"properties": {"url": "no address"}}, "/properties/url"),
        ({"type": "addedReward", "properties": {"rewardAmount": 1}}, "/properties/rewardTypeId"),
        ({"type": "eventInvited", "properties": {"eventDate": "soon"}}, "/properties/eventDate"),
        ({"contextInfo": {"client": {"ip": "none"}}}, "/contextInfo/client/ip"),
        ({"contextInfo": {"shelf": 1}}, "/contextInfo/shelf"),
        ({"properties": {"extended": {"noSuchProperty": 1}}}, "/properties/extended/noSuchProperty"),
    ],
)
def test_what_the_schemas_of_type_and_context_do_not_take_is_refused(
    state: VendorState, changes: Json, place: str
) -> None:
    refused = refusal(state, VISIT | changes)

    assert (refused.status, refused.message, places(refused)) == (400, "the event is not valid", [place])


def test_every_invalid_value_has_a_violation(state: VendorState) -> None:
    refused = refusal(
        state, {**VISIT, "properties": {"title": 1}, "contextInfo": {"shelf": 1}, "date": "2026-02-30T00:00:00Z"}
    )

    assert places(refused) == ["/properties/title", "/contextInfo/shelf", "/date"]


@pytest.mark.parametrize("date", ["2026-01-31T11:31:31.842Z", "2026-01-31T12:31:31.842+0100"])
def test_a_time_among_the_properties_is_answered_in_the_form_of_all_times(state: VendorState, date: str) -> None:
    made = create(state, {**VISIT, "type": "eventInvited", "properties": {"eventDate": date, "eventId": date}})

    assert made["properties"] == {"eventDate": "2026-01-31T11:31:31.842+0000", "eventId": date}


def test_free_data_goes_into_extra_properties(state: VendorState) -> None:
    properties = {"extraProperties": {"anything": [1, {"at": "all"}]}}

    assert create(state, {**VISIT, "properties": properties})["properties"] == properties


def test_configured_properties_go_into_extended(state: VendorState) -> None:
    order = {**VISIT, "type": "completedOrder", "context": "ECOMMERCE"}

    assert create(state, {**order, "properties": {"extended": {"giftWrapped": True}}})["properties"]["extended"]
    assert places(refusal(state, {**order, "properties": {"extended": {"giftWrapped": "yes"}}})) == [
        "/properties/extended/giftWrapped"
    ]


def test_a_payload_is_at_most_64_kb(state: VendorState) -> None:
    assert create(state, {**VISIT, "properties": {"title": "x" * 60_000}})
    assert refusal(state, {**VISIT, "properties": {"title": "x" * 66_000}}).status == 400


def test_the_size_of_a_payload_can_be_configured(state: VendorState) -> None:
    write_setting(state, WORKSPACE, "payloadSize", {"viewedPage": {"maxBytes": 1000}})

    assert refusal(state, {**VISIT, "properties": {"title": "x" * 1000}}).status == 400
    assert create(state, {**VISIT, "type": "searched", "properties": {"keyword": "x" * 1000}})


@pytest.mark.parametrize("event_id", [UNKNOWN, "123"])
def test_an_unknown_event_is_not_found(state: VendorState, event_id: str) -> None:
    with pytest.raises(Refused) as caught:
        read(state, event_id)
    assert (caught.value.status, caught.value.message) == (404, f"event not found {event_id}")


def test_neighbours_are_shown_only_if_asked_for(state: VendorState) -> None:
    event_id = create(state, VISIT)["id"]

    assert "prev" not in read(state, event_id)
    assert "prev" in read(state, event_id, "CUSTOMER")


def test_neighbours_are_the_customers_events_by_date(state: VendorState) -> None:
    newest, oldest, middle = visits(state, "2031-03-03T00:00:00Z", "2031-01-01T00:00:00Z", "2031-02-02T00:00:00Z")

    assert (read(state, middle, "CUSTOMER")["prev"], read(state, middle, "CUSTOMER")["next"]) == (oldest, newest)
    assert read(state, newest, "CUSTOMER")["next"] is None
    assert read(state, oldest, "CUSTOMER")["next"] == middle


def test_an_event_without_a_customer_has_no_neighbours(state: VendorState) -> None:
    event_id = create(state, {**VISIT, "customerId": None, "bringBackProperties": LATER})["id"]

    found = read(state, event_id, "CUSTOMER")

    assert (found["prev"], found["next"]) == (None, None)


def test_what_was_read_can_be_put_back(state: VendorState) -> None:
    event = create(state, {**VISIT, "tracking": {"ga": {"utm_source": "letter"}}})

    assert update_event(state, WORKSPACE, event["id"], as_sent(event), ANYONE).status == 202

    after = read(state, event["id"])
    assert (after["version"], after["updatedAt"] > event["updatedAt"]) == (1, True)
    assert {**event, "version": 1, "updatedAt": after["updatedAt"]} == after


def test_put_replaces_all_but_what_is_immutable(state: VendorState) -> None:
    event = create(state, {**VISIT, "contextInfo": {"client": {}}, "tracking": {"ga": {}}})

    update_event(state, WORKSPACE, event["id"], {**VISIT, "context": "MOBILE", "properties": {"path": "/"}}, ANYONE)

    after = read(state, event["id"])
    assert (after["properties"], after["context"], after["contextInfo"], after["tracking"]) == (
        {"path": "/"},
        "MOBILE",
        None,
        None,
    )
    assert after["date"] == event["date"]
    assert after["registeredAt"] == event["registeredAt"]


@pytest.mark.parametrize(
    "changes", [{"id": UNKNOWN}, {"customerId": UNKNOWN}, {"bringBackProperties": LATER}, {"type": "searched"}]
)
def test_what_is_immutable_cannot_be_changed(state: VendorState, changes: Json) -> None:
    event = create(state, VISIT)

    for operation in (update_event, patch_event):
        with pytest.raises(Refused) as caught:
            operation(state, WORKSPACE, event["id"], {**VISIT, **changes}, ANYONE)
        assert (caught.value.status, places(caught.value)) == (400, [f"/{next(iter(changes))}"])
    assert read(state, event["id"]) == event


def test_the_context_is_immutable_for_patch(state: VendorState) -> None:
    event = create(state, VISIT)

    with pytest.raises(Refused) as caught:
        patch_event(state, WORKSPACE, event["id"], {"context": "MOBILE"}, ANYONE)
    assert places(caught.value) == ["/context"]


@pytest.mark.parametrize("name", ["customerId", "bringBackProperties"])
def test_put_repeats_whose_event_it_is(state: VendorState, name: str) -> None:
    body = VISIT if name == "customerId" else {**VISIT, "customerId": None, "bringBackProperties": LATER}
    event = create(state, body)

    with pytest.raises(Refused) as caught:
        update_event(state, WORKSPACE, event["id"], {**body, name: None}, ANYONE)
    assert (caught.value.status, places(caught.value)) == (400, [f"/{name}"])


def test_patch_merges_property_by_property(state: VendorState) -> None:
    event = create(state, {**VISIT, "properties": {"title": "Home", "extraProperties": {"one": 1, "two": 2}}})

    patch_event(state, WORKSPACE, event["id"], {"properties": {"path": "/", "extraProperties": {"two": 3}}}, ANYONE)

    assert read(state, event["id"])["properties"] == {
        "title": "Home",
        "path": "/",
        "extraProperties": {"one": 1, "two": 3},
    }


def test_null_in_a_patch_unsets(state: VendorState) -> None:
    event = create(
        state,
        {**VISIT, "contextInfo": {"client": {"ip": "192.0.2.1", "userAgent": "x"}}, "tracking": {"ga": {}}},
    )
    changes = {"properties": None, "contextInfo": {"client": {"userAgent": None}}, "tracking": None, "date": None}

    patch_event(state, WORKSPACE, event["id"], changes, ANYONE)

    after = read(state, event["id"])
    assert (after["properties"], after["contextInfo"], after["tracking"], after["date"]) == (
        {},
        {"client": {"ip": "192.0.2.1"}},
        None,
        event["date"],
    )


def test_a_patch_leaves_properties_that_it_does_not_have(state: VendorState) -> None:
    event = create(state, {**VISIT, "contextInfo": {"client": {}}, "tracking": {"ga": {}}})

    patch_event(state, WORKSPACE, event["id"], {"date": "2026-01-31T11:31:31Z"}, ANYONE)

    after = read(state, event["id"])
    written = {"date": "2026-01-31T11:31:31.000+0000", "version": 1, "updatedAt": after["updatedAt"]}
    assert after == event | written


def test_a_patched_event_still_keeps_the_rules(state: VendorState) -> None:
    write_setting(state, WORKSPACE, "payloadSize", {"viewedPage": {"maxBytes": 600}})
    event = create(state, {**VISIT, "properties": {"title": "x" * 200}})

    for changes in ({"properties": {"path": "x" * 200}}, {"properties": {"path": 1}}, {"date": "2026-02-30T00:00:00Z"}):
        with pytest.raises(Refused) as caught:
            patch_event(state, WORKSPACE, event["id"], changes, ANYONE)
        assert caught.value.status == 400


def test_a_deleted_event_is_gone(state: VendorState) -> None:
    event_id = create(state, VISIT)["id"]

    reply = delete_event(state, WORKSPACE, event_id, ANYONE)

    assert (reply.status, reply.body) == (204, None)
    with pytest.raises(Refused):
        read(state, event_id)


def test_every_write_is_in_the_update_stream(state: VendorState) -> None:
    start = last_offset(state)
    event = create(state, VISIT)
    patch_event(state, WORKSPACE, event["id"], {"properties": {"title": "Away"}}, ANYONE)
    changed = read(state, event["id"])
    delete_event(state, WORKSPACE, event["id"], ANYONE)

    updates = [state.collection(UPDATES).get(str(start + number)) for number in (1, 2, 3)]

    assert [(row["operation"], row["data"]) for row in updates if row] == [
        ("CREATE", event),
        ("UPDATE", changed),
        ("DELETE", changed),
    ]
