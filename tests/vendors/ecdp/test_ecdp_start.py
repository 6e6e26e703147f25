from understudy.state.vendor_state import VendorState
from understudy.vendors.ecdp.operations.settings import list_customer_attributes, list_customer_consents
from understudy.vendors.ecdp.security import anyone, api_key, sign_in


def test_the_development_key_is_known_and_no_other(world: VendorState) -> None:
    caller = api_key(world, sign_in(world)["x-api-key"])
    assert caller is not None
    assert not caller.is_anyone
    assert api_key(world, "another key") is None
    assert anyone(world).is_anyone


def test_segments_overlap_and_one_is_empty(world: VendorState) -> None:
    members = {each["id"]: set(each["customerIds"]) for each in world.collection("segments")}
    assert members["5"] < members["1"]
    assert members["5"] & members["15"]
    assert members["20"] == set()


def test_attributes_are_listed_without_their_options(world: VendorState) -> None:
    body = list_customer_attributes(world).body
    assert body["status"] == 0
    assert {"id": 7, "name": "Club level", "type": "SingleSelect"} in body["data"]


def test_consents_are_listed_with_their_channel(world: VendorState) -> None:
    assert [each["type"] for each in list_customer_consents(world).body["data"]] == ["Email", "Sms", "General"]
