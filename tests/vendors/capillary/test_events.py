"""Event definitions: created, replaced, read, disabled."""

from functools import partial
from typing import Any

import pytest

from tests.vendors.capillary.bodies import event, field
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.operations.events import (
    create_event,
    disable_event,
    get_event,
    list_events,
    update_event,
)

CUSTOMER = field("customer", "customer")


def meta_of(state: VendorState, name: str) -> dict[str, Any]:
    found: dict[str, Any] = get_event(state, name).body["clickEventsMeta"]
    return found


def test_a_new_event_is_neither_published_nor_verified(state: VendorState) -> None:
    reply = create_event(state, event("DoorOpened", CUSTOMER))

    assert reply.body == {"warnings": [], "errors": []}
    meta = meta_of(state, "DoorOpened")
    assert (meta["status"], meta["testStatus"], meta["standardEvent"]) == ("UNPUBLISHED", "NOT_VERIFIED", False)
    assert len(meta["eventId"]) == 32


def test_types_are_stored_in_capitals_with_their_defaults(state: VendorState) -> None:
    create_event(state, event("DoorOpened", field("who", "cUsToMer"), field("door", "string")))

    customer, second_field = meta_of(state, "DoorOpened")["fields"]
    assert customer == {
        "name": "who",
        "type": "CUSTOMER",
        "attributes": {
            "accountId": {"valueType": "ENUM"},
            "addCustomerIfNotExists": {"valueType": "BOOLEAN", "value": "false"},
            "identifierType": {"valueType": "ENUM", "value": "mobile"},
            "isRequired": {"valueType": "BOOLEAN", "value": "true"},
            "source": {"valueType": "ENUM", "value": "INSTORE"},
        },
    }
    assert second_field["type"] == "STRING"
    assert list(second_field["attributes"]) == ["isPsiData", "isRequired", "isUniqueKeyField", "regex"]
    assert second_field["attributes"]["regex"] == {"valueType": "STRING"}


def test_the_callers_spelling_of_a_value_type_is_kept(state: VendorState) -> None:
    create_event(state, event("DoorOpened", field("who", "customer", addCustomerIfNotExists="true")))

    attributes = meta_of(state, "DoorOpened")["fields"][0]["attributes"]
    assert attributes["addCustomerIfNotExists"] == {"valueType": "Boolean", "value": "true"}
    assert attributes["isRequired"] == {"valueType": "BOOLEAN", "value": "true"}


def test_a_value_of_null_is_no_value(state: VendorState) -> None:
    who = {"name": "who", "type": "customer", "attributes": {"source": {"value": None}, "own": {"value": "x"}}}
    create_event(state, event("DoorOpened", who))

    attributes = meta_of(state, "DoorOpened")["fields"][0]["attributes"]
    assert attributes["source"] == {"valueType": "ENUM", "value": "INSTORE"}
    assert attributes["own"] == {"valueType": "STRING", "value": "x"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (event("TableBooked", CUSTOMER), 1806),
        (event("StoreVisited", CUSTOMER), 1806),
        (event("DoorOpened", field("door", "string")), None),
        (event("DoorOpened"), None),
        (event("DoorOpened", CUSTOMER, field("door", "string", isUniqueKeyField="true", isRequired="false")), 1802),
        (event("DoorOpened", field("customer", "customer", isPsiData="True")), 1802),
    ],
    ids=["taken", "taken by a disabled one", "no customer", "no fields", "unique but optional", "sensitive customer"],
)
def test_a_definition_that_breaks_a_rule_is_refused(state: VendorState, body: dict[str, Any], code: int | None) -> None:
    state.clock.set(rate=0)
    before = list_events(state, None).body

    with pytest.raises(Refused) as refusal:
        create_event(state, body)

    assert (refusal.value.status, refusal.value.code) == (400, code)
    assert list_events(state, None).body == before


def test_a_repeated_name_is_refused_in_the_vendors_words(state: VendorState) -> None:
    with pytest.raises(Refused, match=r"^Event_TableBooked event already exists$"):
        create_event(state, event("TableBooked", CUSTOMER))


def test_one_header_of_the_lookup_pair_is_refused(state: VendorState) -> None:
    with pytest.raises(Refused) as refusal:
        create_event(state, event("DoorOpened", CUSTOMER), x_cap_api_attribution_lookup_type="CODE")

    assert refusal.value.code == 1061


def test_an_update_replaces_the_event_whole(state: VendorState) -> None:
    before = meta_of(state, "QuizFinished")

    update_event(state, event("QuizFinished", field("who", "customer"), actions=["EIConsumer"]))

    after = meta_of(state, "QuizFinished")
    assert [each["name"] for each in after["fields"]] == ["who"]
    assert after["actions"] == ["EIConsumer"]
    assert "description" not in after
    assert after["eventId"] == before["eventId"]


def test_an_update_keeps_the_place_in_the_list(state: VendorState) -> None:
    def names() -> list[str]:
        return [each["clickEventsMeta"]["eventName"] for each in list_events(state, None).body["data"]]

    before = names()
    update_event(state, event("QuizFinished", CUSTOMER))

    assert names() == before


@pytest.mark.parametrize("name", ["NoSuchEvent", "StoreVisited"])
def test_an_unknown_or_disabled_event_is_refused(state: VendorState, name: str) -> None:
    for refuse in (
        partial(update_event, state, event(name, CUSTOMER)),
        partial(disable_event, state, name),
        partial(get_event, state, name),
    ):
        with pytest.raises(Refused) as refusal:
            refuse()
        assert (refusal.value.status, refusal.value.code) == (400, 1811)


def test_a_field_of_the_unique_key_stays_so(state: VendorState) -> None:
    with pytest.raises(Refused, match=r"^field attribute value  fails for validation type isRequired$") as refusal:
        update_event(state, event("TableBooked", CUSTOMER, field("restaurant", "string")))

    assert refusal.value.code == 1802


def test_a_field_of_the_unique_key_may_go(state: VendorState) -> None:
    update_event(state, event("TableBooked", CUSTOMER))

    assert [each["name"] for each in meta_of(state, "TableBooked")["fields"]] == ["customer"]


def test_a_disabled_event_is_gone_for_good(state: VendorState) -> None:
    disable_event(state, "QuizFinished")

    assert "QuizFinished" not in [
        each["clickEventsMeta"]["eventName"] for each in list_events(state, None).body["data"]
    ]
    with pytest.raises(Refused):
        create_event(state, event("QuizFinished", CUSTOMER))
