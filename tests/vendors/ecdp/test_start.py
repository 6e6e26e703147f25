from understudy.state.vendor_state import VendorState
from understudy.vendors.ecdp.operations.settings import list_customer_attributes, list_customer_consents
from understudy.vendors.ecdp.security import anyone, api_key, sign_in


def test_only_the_development_key_is_accepted(state: VendorState) -> None:
    caller = api_key(state, sign_in(state)["x-api-key"])
    assert caller is not None
    assert not caller.is_anyone
    assert api_key(state, "another key") is None
    assert anyone(state).is_anyone


def test_segments_overlap_and_one_is_empty(state: VendorState) -> None:
    members = {each["id"]: set(each["customerIds"]) for each in state.collection("segments")}
    assert members["5"] < members["1"]
    assert members["5"] & members["15"]
    assert members["20"] == set()


def test_attributes_are_listed_without_their_options(state: VendorState) -> None:
    body = list_customer_attributes(state).body
    assert body["status"] == 0
    assert {"id": 7, "name": "Club level", "type": "SingleSelect"} in body["data"]


def test_consents_are_listed_with_their_channel(state: VendorState) -> None:
    assert [each["type"] for each in list_customer_consents(state).body["data"]] == ["Email", "Sms", "General"]
