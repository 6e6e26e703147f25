import pytest

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.operations.sources import (
    create_source,
    get_source,
    list_sources,
    refresh_source_token,
    update_source,
)
from understudy.vendors.contacthub.security import oauth, sign_in
from understudy.vendors.contacthub.start_data.fixed_ids import (
    ENTRY_NODE,
    EVERYONE,
    NEWSLETTER,
    OTHER_ENTRY_NODE,
    PLANS,
    SHOP_SYSTEM,
    SUSPENDED,
    USERDB,
    WEB_SHOP,
    WORKSPACE,
)

ADMIN = Caller("admin", frozenset({"ADMIN"}), {"workspaceId": WORKSPACE})
UNKNOWN = "3c9f1c2e-7d54-4b1a-9f00-0a1b2c3dffff"
TILL: Json = {"provider": "API", "name": "Till", "nodes": [ENTRY_NODE]}


def source(state: VendorState, source_id: str) -> Json:
    found: Json = get_source(state, WORKSPACE, source_id, ADMIN).body
    return found


def send_source(node_id: str, userdb: int = 4102, **properties: object) -> Json:
    return {
        "provider": "CONTACTSEND",
        "properties": {"userdbId": userdb, "groupPk": 41, **properties},
        "nodes": [node_id],
    }


def plan_source(userdb: int) -> Json:
    return {"provider": "CONTACTPLAN", "properties": {"userdbId": userdb, "groupPk": 41}, "nodes": [ENTRY_NODE]}


def broken_places(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    assert (refusal.value.status, refusal.value.message) == (400, "source is not valid")
    return [violation.path for violation in refusal.value.violations]


def test_sources_are_listed_on_one_page(state: VendorState) -> None:
    body = list_sources(state, WORKSPACE, ADMIN).body
    assert [one["name"] for one in body["elements"]][:2] == ["Shop system", "Web shop"]
    assert (body["page"]["size"], body["page"]["totalElements"], body["page"]["totalPages"]) == (50, 7, 1)


def test_a_new_source_has_a_token_that_is_valid_for_its_nodes(state: VendorState) -> None:
    made = create_source(state, WORKSPACE, TILL, ADMIN)
    caller = oauth(state, made.body["token"])
    assert made.status == 201
    assert caller is not None
    assert (caller.claims["workspaceId"], caller.claims["nodes"]) == (WORKSPACE, [ENTRY_NODE])
    assert caller.scopes == {"TRUSTED_APPLICATION"}


def test_a_token_has_sixty_four_hexadecimal_digits(state: VendorState) -> None:
    token = create_source(state, WORKSPACE, TILL, ADMIN).body["token"]
    assert len(token) == 64
    assert set(token) <= set("0123456789abcdef")


def test_a_new_source_is_read_as_it_was_returned(state: VendorState) -> None:
    made = create_source(state, WORKSPACE, TILL, ADMIN).body
    assert source(state, made["id"]) == made


def test_a_source_is_enabled_and_has_no_description_by_default(state: VendorState) -> None:
    made = create_source(state, WORKSPACE, TILL, ADMIN).body
    assert (made["enabled"], made["description"], made["properties"]) == (True, None, None)


def test_a_source_of_an_unknown_node_is_refused(state: VendorState) -> None:
    with pytest.raises(Refused, match=f"node not found {UNKNOWN}") as refusal:
        create_source(state, WORKSPACE, {**TILL, "nodes": [ENTRY_NODE, UNKNOWN]}, ADMIN)
    assert refusal.value.status == 404


def test_an_unknown_source_is_not_found(state: VendorState) -> None:
    with pytest.raises(Refused, match=f"source not found {UNKNOWN}") as refusal:
        get_source(state, WORKSPACE, UNKNOWN, ADMIN)
    assert refusal.value.status == 404


def test_a_source_of_another_workspace_is_not_found(state: VendorState) -> None:
    operator = Caller("operator", frozenset({"CLAB_OPERATOR"}))
    with pytest.raises(Refused, match="source not found"):
        get_source(state, SUSPENDED, SHOP_SYSTEM, operator)


def test_a_suspended_workspace_takes_no_source(state: VendorState) -> None:
    operator = Caller("operator", frozenset({"CLAB_OPERATOR"}))
    with pytest.raises(Refused) as refusal:
        create_source(state, SUSPENDED, {**TILL, "nodes": []}, operator)
    assert refusal.value.status == 403


def test_a_send_source_is_made(state: VendorState) -> None:
    made = create_source(state, WORKSPACE, send_source(OTHER_ENTRY_NODE), ADMIN)
    assert (made.status, made.body["provider"]) == (201, "CONTACTSEND")


def test_a_node_has_one_send_source(state: VendorState) -> None:
    with pytest.raises(Refused) as refusal:
        create_source(state, WORKSPACE, send_source(ENTRY_NODE), ADMIN)
    assert broken_places(refusal) == ["/nodes/0"]


def test_a_user_database_has_one_send_source(state: VendorState) -> None:
    with pytest.raises(Refused) as refusal:
        create_source(state, WORKSPACE, send_source(OTHER_ENTRY_NODE, USERDB), ADMIN)
    assert broken_places(refusal) == ["/properties/userdbId"]


def test_a_send_source_of_an_aggregate_node_has_no_subscriptions(state: VendorState) -> None:
    with pytest.raises(Refused) as refusal:
        create_source(state, WORKSPACE, send_source(EVERYONE, subscriptions=[{"hub": "newsletter"}]), ADMIN)
    assert broken_places(refusal) == ["/properties/subscriptions"]
    assert create_source(state, WORKSPACE, send_source(EVERYONE, subscriptions=[]), ADMIN).status == 201


def test_a_plan_source_s_database_has_a_send_source(state: VendorState) -> None:
    assert create_source(state, WORKSPACE, plan_source(USERDB), ADMIN).status == 201
    with pytest.raises(Refused) as refusal:
        create_source(state, WORKSPACE, plan_source(4102), ADMIN)
    assert broken_places(refusal) == ["/properties/userdbId"]


@pytest.mark.parametrize("source_id", [SHOP_SYSTEM, WEB_SHOP, NEWSLETTER, PLANS])
def test_a_source_that_is_sent_back_as_it_was_read_stays_as_it_is(state: VendorState, source_id: str) -> None:
    read = source(state, source_id)
    assert update_source(state, WORKSPACE, source_id, read, ADMIN).body == read


def test_a_change_keeps_id_and_token(state: VendorState) -> None:
    before = source(state, SHOP_SYSTEM)
    after = update_source(state, WORKSPACE, SHOP_SYSTEM, {**TILL, "id": "another", "token": "another"}, ADMIN).body
    assert (after["id"], after["token"], after["name"]) == (SHOP_SYSTEM, before["token"], "Till")


def test_a_source_without_a_provider_is_an_api_source(state: VendorState) -> None:
    assert update_source(state, WORKSPACE, SHOP_SYSTEM, {"name": "Till"}, ADMIN).body["provider"] == "API"


def test_a_source_keeps_its_provider(state: VendorState) -> None:
    with pytest.raises(Refused) as refusal:
        update_source(state, WORKSPACE, WEB_SHOP, TILL, ADMIN)
    assert broken_places(refusal) == ["/provider"]


def test_a_change_to_an_unknown_node_is_refused(state: VendorState) -> None:
    with pytest.raises(Refused, match="node not found") as refusal:
        update_source(state, WORKSPACE, SHOP_SYSTEM, {**TILL, "nodes": [UNKNOWN]}, ADMIN)
    assert refusal.value.status == 404


def test_a_token_follows_its_source_s_nodes(state: VendorState) -> None:
    after = update_source(state, WORKSPACE, SHOP_SYSTEM, {**TILL, "nodes": [OTHER_ENTRY_NODE]}, ADMIN).body
    caller = oauth(state, after["token"])
    assert caller is not None
    assert caller.claims["nodes"] == [OTHER_ENTRY_NODE]


def test_a_disabled_source_s_token_is_unknown(state: VendorState) -> None:
    after = update_source(state, WORKSPACE, SHOP_SYSTEM, {**TILL, "enabled": False}, ADMIN).body
    assert oauth(state, after["token"]) is None


def test_a_refreshed_token_replaces_the_old_one(state: VendorState) -> None:
    old = source(state, SHOP_SYSTEM)["token"]
    new = refresh_source_token(state, WORKSPACE, SHOP_SYSTEM, ADMIN).body["token"]
    assert oauth(state, old) is None
    assert oauth(state, new) is not None
    assert source(state, SHOP_SYSTEM)["token"] == new


def test_the_development_client_of_a_role_goes_on_with_the_new_token(state: VendorState) -> None:
    new = refresh_source_token(state, WORKSPACE, SHOP_SYSTEM, ADMIN).body["token"]
    assert sign_in(state, "TRUSTED_APPLICATION") == {"Authorization": f"Bearer {new}"}


def test_the_token_of_an_unknown_source_is_not_refreshed(state: VendorState) -> None:
    with pytest.raises(Refused, match="source not found") as refusal:
        refresh_source_token(state, WORKSPACE, UNKNOWN, ADMIN)
    assert refusal.value.status == 404
