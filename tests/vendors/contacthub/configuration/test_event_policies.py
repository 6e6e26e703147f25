import pytest

from tests.vendors.contacthub.calls import CLIENT, SUSPENDED, WORKSPACE
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import payload_limit, read_setting
from understudy.vendors.contacthub.operations.event_policies import (
    get_workspace_payload_size,
    update_workspace_consent_policy,
    update_workspace_payload_size,
)


def test_every_event_type_has_the_default_size_limit_at_first(state: VendorState) -> None:
    sizes = get_workspace_payload_size(state, WORKSPACE, CLIENT).body
    assert (len(sizes), sizes["viewedPage"]) == (48, {"maxBytes": 65_535})


def test_a_type_that_is_left_out_keeps_its_size(state: VendorState) -> None:
    update_workspace_payload_size(state, WORKSPACE, {"viewedPage": {"maxBytes": 10}}, CLIENT)
    update_workspace_payload_size(state, WORKSPACE, {"completedOrder": {"maxBytes": 20}}, CLIENT)
    sizes = get_workspace_payload_size(state, WORKSPACE, CLIENT).body
    assert (len(sizes), sizes["viewedPage"], sizes["completedOrder"]) == (48, {"maxBytes": 10}, {"maxBytes": 20})


def test_a_size_counts_for_the_events_of_its_type(state: VendorState) -> None:
    update_workspace_payload_size(state, WORKSPACE, {"completedOrder": {"maxBytes": 20}}, CLIENT)
    assert payload_limit(state, WORKSPACE, "completedOrder") == 20
    assert payload_limit(state, WORKSPACE, "viewedPage") == 65_535


def test_a_missing_size_gets_its_default(state: VendorState) -> None:
    update_workspace_payload_size(state, WORKSPACE, {"viewedPage": {"maxBytes": 10}}, CLIENT)
    sizes = update_workspace_payload_size(state, WORKSPACE, {"viewedPage": {}}, CLIENT).body
    assert (len(sizes), sizes["viewedPage"]) == (48, {"maxBytes": 65_535})


def test_only_built_in_event_types_have_a_size(state: VendorState) -> None:
    with pytest.raises(Refused, match=r"^payload size is not valid$") as refused:
        update_workspace_payload_size(state, WORKSPACE, {"noSuchEvent": {"maxBytes": 10}}, CLIENT)
    assert [violation.path for violation in refused.value.violations] == ["/noSuchEvent"]


def test_the_consent_policy_is_stored_and_returned(state: VendorState) -> None:
    policy = {"viewedPage": ["profiling.online"]}
    assert update_workspace_consent_policy(state, WORKSPACE, policy, CLIENT).body == policy
    assert read_setting(state, WORKSPACE, "consentPolicy", {}) == policy


def test_only_built_in_event_types_need_consents(state: VendorState) -> None:
    with pytest.raises(Refused, match=r"^consent policy is not valid$") as refused:
        update_workspace_consent_policy(state, WORKSPACE, {"noSuchEvent": []}, CLIENT)
    assert [violation.path for violation in refused.value.violations] == ["/noSuchEvent"]


def test_a_suspended_workspace_keeps_its_policies(state: VendorState) -> None:
    with pytest.raises(Refused, match=f"^workspace suspended: {SUSPENDED}$"):
        update_workspace_consent_policy(state, SUSPENDED, {}, Caller("staff"))
