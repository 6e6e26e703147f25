from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import (
    PAYLOAD_BYTES,
    disabled_base_properties,
    extended_definitions,
    is_event_enabled,
    payload_limit,
    read_setting,
    write_setting,
)
from understudy.vendors.contacthub.start_data.fixed_ids import WORKSPACE


def test_a_setting_that_was_never_written_is_the_default(state: VendorState) -> None:
    assert read_setting(state, WORKSPACE, "throttling", {"maxRequestsPerMinute": 7}) == {"maxRequestsPerMinute": 7}


def test_a_setting_is_read_as_it_was_written(state: VendorState) -> None:
    write_setting(state, WORKSPACE, "throttling", {"maxRequestsPerMinute": 9})
    assert read_setting(state, WORKSPACE, "throttling", {}) == {"maxRequestsPerMinute": 9}


def test_a_setting_is_its_owner_s_alone(state: VendorState) -> None:
    write_setting(state, WORKSPACE, "throttling", {"maxRequestsPerMinute": 9})
    assert read_setting(state, "another", "throttling", {}) == {}


def test_an_event_type_is_enabled_until_it_is_disabled(state: VendorState) -> None:
    assert is_event_enabled(state, WORKSPACE, "loggedIn")
    write_setting(state, WORKSPACE, "event/loggedIn", {"enabled": False})
    assert not is_event_enabled(state, WORKSPACE, "loggedIn")


def test_a_payload_has_the_default_limit_until_one_is_configured(state: VendorState) -> None:
    write_setting(state, WORKSPACE, "payloadSize", {"completedOrder": {"maxBytes": 100}})
    assert payload_limit(state, WORKSPACE, "loggedIn") == PAYLOAD_BYTES
    assert payload_limit(state, WORKSPACE, "completedOrder") == 100


def test_only_what_is_off_is_among_the_disabled_properties(state: VendorState) -> None:
    states = {"contacts.fax": {"enabled": False}, "title": {"enabled": True}}
    write_setting(state, WORKSPACE, "baseProperties", states)
    assert disabled_base_properties(state, WORKSPACE) == {"contacts.fax"}


def test_the_start_defines_extended_properties_of_customers_products_and_orders(state: VendorState) -> None:
    assert set(extended_definitions(state, WORKSPACE, "customers")) == {"loyaltyLevel", "visits"}
    assert set(extended_definitions(state, WORKSPACE, "products")) == {"material"}
    assert set(extended_definitions(state, WORKSPACE, "events/completedOrder")) == {"giftWrapped"}
