"""Field types, standard events, and adapters."""

import pytest

from tests.vendors.capillary.bodies import WEBHOOK
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.operations.adapters import list_adapter_mappings, list_adapters, map_events
from understudy.vendors.capillary.operations.catalogue import (
    enable_standard_event,
    list_field_types,
    list_standard_events,
)
from understudy.vendors.capillary.operations.events import get_event
from understudy.vendors.capillary.operations.occurrences import get_occurrence
from understudy.vendors.capillary.operations.webhooks import push_occurrence


def test_every_field_type_has_the_attribute_is_required(state: VendorState) -> None:
    kinds = list_field_types(state).body["data"]

    assert len(kinds) == 13
    assert all("isRequired" in [attribute["name"] for attribute in kind["attributes"]] for kind in kinds)


def test_every_standard_event_can_be_enabled_once(state: VendorState) -> None:
    for each in list_standard_events(state).body["data"]:
        name = each["standardClickEventsMeta"]["eventName"]
        if name != "ProductViewed":  # enabled in the start data
            enable_standard_event(state, name, False)  # noqa: FBT003 - positional as the vendor's
        meta = get_event(state, name).body["clickEventsMeta"]
        assert meta["standardEvent"]
        with pytest.raises(Refused) as refusal:
            enable_standard_event(state, name, False)  # noqa: FBT003 - positional as the vendor's
        assert refusal.value.code == 1806


@pytest.mark.parametrize("with_mappings", [False, True])
def test_the_predefined_mapping_is_added_on_request(state: VendorState, with_mappings: bool) -> None:  # noqa: FBT001
    enable_standard_event(state, "AppInstalled", with_mappings)

    mapping = get_event(state, "AppInstalled").body["transformerMappings"]["webEngageTransformerMapping"]
    assert (mapping is not None) == with_mappings


def test_an_unknown_standard_event_is_refused(state: VendorState) -> None:
    with pytest.raises(Refused) as refusal:
        enable_standard_event(state, "ProductDreamtOf", False)  # noqa: FBT003 - positional as the vendor's

    assert refusal.value.code == 1811


def test_there_are_two_adapters(state: VendorState) -> None:
    assert [each["name"] for each in list_adapters(state).body["data"]] == [
        "DefaultTransformer",
        "WebEngageTransformer",
    ]


def test_a_mapping_is_listed_with_its_event(state: VendorState) -> None:
    map_events(state, {"transformerType": "defaultTransformer", "eventsMapped": ["QuizFinished"]})

    found = {each["eventName"]: each["transformerMappings"] for each in list_adapter_mappings(state).body["data"]}
    assert found["QuizFinished"]["defaultTransformerMapping"]["eventFieldMappings"][0] == {
        "eventFieldName": "member",
        "fieldName": "member",
    }
    assert "TableBooked" not in found


def test_an_occurrence_is_read_by_its_names_at_the_source(state: VendorState) -> None:
    phone = next(iter(state.collection("identifiers")))["identifier"].removeprefix("mobile:")
    data = {
        "eventMapper": {
            "eventFieldName": "event_name",
            "fieldName": "event_name",
            "valueMap": {"Quiz Finished": "QuizFinished"},
        },
        "eventFieldMapper": {
            "QuizFinished": [
                {"eventFieldName": "member", "fieldName": "Phone"},
                {"eventFieldName": "score", "fieldName": "Points"},
            ]
        },
    }
    map_events(state, {"transformerType": "webEngageTransformer", "webEngageTransformerData": data})

    pushed = {"event_name": "Quiz Finished", "Phone": phone, "Points": 7}
    request_id = push_occurrence(state, pushed, WEBHOOK, Caller("someone")).body["requestId"]

    (found,) = get_occurrence(state, request_id).body["data"]
    assert found["eventName"] == "QuizFinished"
    assert found["additonalAttributes"]["score"] == "7.0"


def test_a_mapping_of_an_unknown_event_changes_nothing(state: VendorState) -> None:
    before = list_adapter_mappings(state).body
    body = {"transformerType": "defaultTransformer", "eventsMapped": ["QuizFinished", "NoSuchEvent"]}

    with pytest.raises(Refused) as refusal:
        map_events(state, body)

    assert refusal.value.code == 1811
    assert list_adapter_mappings(state).body == before
