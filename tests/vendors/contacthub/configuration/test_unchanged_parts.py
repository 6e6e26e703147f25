"""Updates that the configuration must not block: a disabled property left as it is, a source's documented providers."""

import pytest

from tests.vendors.contacthub.calls import CUSTOMER, NODE, WORKSPACE, Json, put, read
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.base_properties import switch_base_property
from understudy.vendors.contacthub.operations.sources import create_source, update_source

ADMIN = Caller("admin", claims={"workspaceId": WORKSPACE})
PROVIDERS = ("API", "MAGENTO", "ANDROID_SDK", "OBJECTIVEC_SDK", "NODEJS_SDK", "JAVA_SDK", "SCALA_SDK", "DOTNET_SDK")


def source(state: VendorState) -> Json:
    body = {"provider": "API", "name": "Till", "nodes": [NODE], "properties": {"allowedIPs": []}}
    return dict(create_source(state, WORKSPACE, body, ADMIN).body)


def test_a_put_may_repeat_the_value_of_a_disabled_property(state: VendorState) -> None:
    switch_base_property(state, WORKSPACE, "firstName", enabled=False)
    before = read(state)
    assert put(state, before)["base"]["firstName"] == before["base"]["firstName"]


def test_a_put_may_not_change_the_value_of_a_disabled_property(state: VendorState) -> None:
    switch_base_property(state, WORKSPACE, "firstName", enabled=False)
    before = read(state)
    with pytest.raises(Refused) as caught:
        put(state, before | {"base": before["base"] | {"firstName": "Other"}})
    assert [violation.path for violation in caught.value.violations] == ["/base/firstName"]
    assert read(state, CUSTOMER) == before


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_source_is_updated_with_each_documented_provider(state: VendorState, provider: str) -> None:
    made = source(state)
    updated = update_source(state, WORKSPACE, made["id"], made | {"provider": provider}, ADMIN).body
    assert (updated["provider"], updated["token"]) == (provider, made["token"])


@pytest.mark.parametrize("provider", ["JavaScript", "CONTACTSEND"])
def test_a_source_does_not_become_one_of_another_kind(state: VendorState, provider: str) -> None:
    made = source(state)
    with pytest.raises(Refused, match="source is not valid"):
        update_source(state, WORKSPACE, made["id"], made | {"provider": provider}, ADMIN)
