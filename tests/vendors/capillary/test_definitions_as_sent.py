"""Definitions of events as clients and stored events write them: in any case, with nulls, with odd texts."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.vendors.capillary.bodies import WEBHOOK, event, field
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.limits import NONE, set_limits
from understudy.vendors.capillary.operations.catalogue import enable_standard_event
from understudy.vendors.capillary.operations.events import create_event, get_event, list_events, update_event
from understudy.vendors.capillary.operations.occurrences import get_occurrence, get_running_status
from understudy.vendors.capillary.operations.webhooks import push_occurrence

FIRST = 564000001
CUSTOMER = field("customer", "customer", addCustomerIfNotExists="true")

Define = Callable[[VendorState, dict[str, Any]], Any]


def texts(name: str, kind: str, **attributes: str) -> dict[str, Any]:
    given = {key: {"value": value, "valueType": "Enum"} for key, value in attributes.items()}
    return {"name": name, "type": kind, "attributes": given}


def push(state: VendorState, **payload: Any) -> list[dict[str, Any]]:
    answer = push_occurrence(state, {"event_name": "DoorOpened", **payload}, WEBHOOK, Caller("someone"))
    found: list[dict[str, Any]] = get_occurrence(state, answer.body["requestId"]).body["data"]
    return found


def fields_of(state: VendorState, name: str = "DoorOpened") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = get_event(state, name).body["clickEventsMeta"]["fields"]
    return found


@pytest.mark.parametrize("kind", ["userId", "USERID", "userid", "UserID"])
def test_an_identifier_type_is_matched_in_any_case_and_kept_as_sent(state: VendorState, kind: str) -> None:
    create_event(state, event("DoorOpened", texts("who", "Customer", identifierType=kind)))

    assert fields_of(state)[0]["attributes"]["identifierType"] == {"value": kind, "valueType": "Enum"}
    assert [each["userId"] for each in push(state, who=str(FIRST))] == [FIRST]


def test_an_identifier_in_another_case_registers_the_same_customer(state: VendorState) -> None:
    for name, kind in (("DoorOpened", "MOBILE"), ("DoorShut", "mobile")):
        who = texts("who", "customer", identifierType=kind)
        who["attributes"] |= CUSTOMER["attributes"]
        create_event(state, event(name, who))

    ids = [push(state, event_name=name, who="39111")[0]["userId"] for name in ("DoorOpened", "DoorShut")]

    assert ids[0] == ids[1]


@pytest.mark.parametrize("source", ["INSTORE", "instore", "WeChat", "a source of its own"])
def test_a_source_is_kept_as_sent(state: VendorState, source: str) -> None:
    who = texts("who", "customer", source=source)
    who["attributes"] |= CUSTOMER["attributes"]
    create_event(state, event("DoorOpened", who))

    assert fields_of(state)[0]["attributes"]["source"]["value"] == source
    assert [each["source"] for each in push(state, who="39111")] == [source]


def test_null_is_as_good_as_nothing(state: VendorState) -> None:
    who = {"name": "who", "type": "customer", "attributes": None}
    create_event(state, event("DoorOpened", who, description=None))

    assert "description" not in get_event(state, "DoorOpened").body["clickEventsMeta"]
    assert fields_of(state)[0]["attributes"]["isRequired"] == {"value": "true", "valueType": "BOOLEAN"}
    update_event(state, event("DoorOpened", who, description=None))
    assert "description" not in get_event(state, "DoorOpened").body["clickEventsMeta"]
    with pytest.raises(Refused, match="customer"):
        create_event(state, {"eventName": "DoorShut", "actions": ["EMFConsumer"], "fields": None})


@pytest.mark.parametrize(
    ("kind", "given", "stored"),
    [
        ("integer", 7, "7"),
        ("INTEGER", "-7", "-7"),
        ("integer", 7.0, "7"),
        ("integer", "999999999999999999", "999999999999999999"),
        ("boolean", True, "true"),
        ("Boolean", "False", "false"),
    ],
)
def test_whole_numbers_and_truth_values_are_taken(state: VendorState, kind: str, given: Any, stored: str) -> None:
    create_event(state, event("DoorOpened", CUSTOMER, field("value", kind)))

    (found,) = push(state, customer="39111", value=given)
    assert found["additonalAttributes"]["value"] == stored


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("integer", 7.5),
        ("integer", "seven"),
        ("integer", "9" * 5000),
        ("integer", "٣"),
        ("boolean", 1),
        ("boolean", "yes"),
    ],
)
def test_other_values_of_these_types_are_not_kept(state: VendorState, kind: str, given: Any) -> None:
    create_event(state, event("DoorOpened", CUSTOMER, field("value", kind)))

    assert push(state, customer="39111", value=given) == []


@pytest.mark.parametrize("given", ["G-123", "G-124"])
def test_a_value_that_matches_the_regex_is_kept(state: VendorState, given: str) -> None:
    create_event(state, event("DoorOpened", CUSTOMER, texts("card", "string", regex="G-[0-9]{3}")))

    assert len(push(state, customer="39111", card=given)) == 1


@pytest.mark.parametrize("given", ["G-12", "G-1234", "xG-123", "G-123\n", "g-123"])
def test_a_value_that_does_not_match_the_regex_as_a_whole_is_not_kept(state: VendorState, given: str) -> None:
    create_event(state, event("DoorOpened", CUSTOMER, texts("card", "string", regex="G-[0-9]{3}")))

    answer = push_occurrence(
        state, {"event_name": "DoorOpened", "customer": "39111", "card": given}, WEBHOOK, Caller("someone")
    )
    last = get_running_status(state, answer.body["requestId"]).body["stateList"][-1]
    assert (last["status"], last["message"]) == ("EVENT_FIELD_VALIDATION_FAILED", "card: does not match the regex")


def test_a_regex_that_goes_back_and_forth_holds_nobody_up(state: VendorState) -> None:
    create_event(state, event("DoorOpened", CUSTOMER, texts("card", "string", regex="(a+)+(?=b)b")))

    assert push(state, customer="39111", card="a" * 50_000) == []


@pytest.mark.parametrize("regex", ["[0-9", "a)(b", "(?P<x>", "*"])
@pytest.mark.parametrize("define", [create_event, update_event])
def test_a_regex_that_cannot_be_read_is_refused(state: VendorState, define: Define, regex: str) -> None:
    name = "DoorOpened" if define is create_event else "QuizFinished"
    with pytest.raises(Refused) as refusal:
        define(state, event(name, CUSTOMER, texts("card", "string", regex=regex)))

    assert (refusal.value.status, refusal.value.code) == (400, 1802)


@pytest.mark.parametrize("define", [create_event, update_event])
def test_the_guides_limits_hold_at_their_bounds(state: VendorState, define: Define) -> None:
    name = "DoorOpened" if define is create_event else "QuizFinished"
    many = [field(f"f{number}", "string") for number in range(20)]
    long = field("n" * 51, "string")

    for fields in ([CUSTOMER, *many], [CUSTOMER, long]):
        with pytest.raises(Refused) as refusal:
            define(state, event(name, *fields))
        assert (refusal.value.status, refusal.value.code) == (400, None)
    define(state, event(name, CUSTOMER, *many[1:18], field("n" * 50, "string"), field("ñ" * 50, "string")))
    assert len(fields_of(state, name)) == 20


def test_the_guides_limits_can_be_lifted(state: VendorState) -> None:
    set_limits(state, NONE)

    create_event(
        state, event("DoorOpened", CUSTOMER, *[field("n" * 51 + str(number), "string") for number in range(40)])
    )

    assert len(fields_of(state)) == 41


def test_a_name_of_an_event_has_no_limit_of_length(state: VendorState) -> None:
    create_event(state, event("An event-" + "x" * 100, CUSTOMER))


def test_date_is_the_time_of_the_answer(state: VendorState) -> None:
    state.clock.set(rate=0)
    listed = {each["clickEventsMeta"]["date"] for each in list_events(state, None).body["data"]}
    alone = get_event(state, "QuizFinished").body["clickEventsMeta"]["date"]

    assert listed == {alone} == {int(state.clock.timestamp() * 1000)}


def test_an_update_drops_the_event_type(state: VendorState) -> None:
    assert get_event(state, "TableBooked").body["clickEventsMeta"]["eventType"] == "USEREVENT"

    update_event(state, event("TableBooked", CUSTOMER))

    assert "eventType" not in get_event(state, "TableBooked").body["clickEventsMeta"]


def test_built_in_fields_are_marked_until_they_are_renamed(state: VendorState) -> None:
    enable_standard_event(state, "AppInstalled", use_standard_adapter_mappings=False)
    built_in = fields_of(state, "AppInstalled")
    assert all(each["standardField"] is True for each in built_in)

    update_event(state, event("AppInstalled", CUSTOMER, field("own", "string")))

    assert [each.get("standardField") for each in fields_of(state, "AppInstalled")] == [True, None]
    assert all("standardField" not in each for each in fields_of(state, "QuizFinished"))


def test_one_event_is_listed_by_its_name(state: VendorState) -> None:
    def names(event_name: str | None) -> list[str]:
        return [each["clickEventsMeta"]["eventName"] for each in list_events(state, event_name).body["data"]]

    assert names("QuizFinished") == ["QuizFinished"]
    assert names("quizfinished") == names("StoreVisited") == names("NoSuchEvent") == []
    assert len(names(None)) > 2
