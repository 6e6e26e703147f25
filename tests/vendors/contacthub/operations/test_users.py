from collections.abc import Callable
from datetime import timedelta

import pytest

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.operations.health import get_health
from understudy.vendors.contacthub.operations.me import get_me
from understudy.vendors.contacthub.operations.users import get_user, list_users, update_user
from understudy.vendors.contacthub.security import anyone, oauth, sign_in
from understudy.vendors.contacthub.start_data.fixed_ids import (
    DISABLED,
    ENTRY_NODE,
    EVERYONE,
    OTHER_ENTRY_NODE,
    PRINTED_AGGREGATES,
    PRINTED_ENTRY_NODES,
    RESERVE,
    SUSPENDED,
    THROTTLED,
    WORKSPACE,
)

ADMIN = Caller("admin", frozenset({"ADMIN"}), {"workspaceId": WORKSPACE})
UNKNOWN = "3c9f1c2e-7d54-4b1a-9f00-0a1b2c3dffff"


@pytest.fixture
def me(state: VendorState) -> Callable[[str], Json]:
    def ask(role: str) -> Json:
        caller = oauth(state, sign_in(state, role)["Authorization"].removeprefix("Bearer "))
        assert caller is not None
        found: Json = get_me(state, caller).body
        return found

    return ask


def workspaces_of(answer: Json) -> dict[str, dict[str, str]]:
    """Return the permissions by node, by workspace."""
    return {
        workspace["id"]: {node["id"]: node["permission"] for node in workspace["nodes"]}
        for group in answer["groups"]
        for workspace in group["workspaces"]
    }


@pytest.mark.parametrize(
    ("search", "ids"), [(None, [401, 402, 229]), ("ad", [401]), ("BRUNO", [402]), ("user-402@", [402]), ("nobody", [])]
)
def test_users_are_found_by_a_part_of_their_names_or_address(
    state: VendorState, search: str | None, ids: list[int]
) -> None:
    body = list_users(state, WORKSPACE, search, ADMIN).body
    assert [user["id"] for user in body["elements"]] == ids
    assert body["page"]["totalElements"] == len(ids)


@pytest.mark.parametrize("user_id", ["9999", "nobody", ""])
def test_an_unknown_user_is_not_found(state: VendorState, user_id: str) -> None:
    with pytest.raises(Refused, match=f"user not found {user_id}") as refusal:
        get_user(state, WORKSPACE, user_id, ADMIN)
    assert refusal.value.status == 404


def test_a_user_s_nodes_are_replaced(state: VendorState) -> None:
    before = get_user(state, WORKSPACE, "401", ADMIN).body
    state.clock.move(timedelta(days=1))
    nodes = [{"id": OTHER_ENTRY_NODE, "permission": "R"}]
    after = update_user(state, WORKSPACE, "401", {"nodes": nodes}, ADMIN).body
    assert after == {**before, "nodes": nodes, "updatedAt": after["updatedAt"]}
    assert after["updatedAt"] > before["updatedAt"]
    assert get_user(state, WORKSPACE, "401", ADMIN).body == after


def test_of_a_node_that_is_named_twice_the_last_permission_counts(state: VendorState) -> None:
    body = {"nodes": [{"id": ENTRY_NODE, "permission": "R"}, {"id": ENTRY_NODE, "permission": "RW"}]}
    assert update_user(state, WORKSPACE, "402", body, ADMIN).body["nodes"] == [body["nodes"][1]]


def test_an_unknown_node_is_refused(state: VendorState) -> None:
    with pytest.raises(Refused, match=f"node not found {UNKNOWN}") as refusal:
        update_user(state, WORKSPACE, "401", {"nodes": [{"id": UNKNOWN, "permission": "R"}]}, ADMIN)
    assert refusal.value.status == 404


def test_an_operator_may_use_every_workspace(me: Callable[[str], Json]) -> None:
    assert set(workspaces_of(me("CLAB_OPERATOR"))) == {WORKSPACE, SUSPENDED, DISABLED, THROTTLED}


def test_an_administrator_may_use_every_node_of_the_workspace(me: Callable[[str], Json]) -> None:
    nodes = dict.fromkeys(
        (ENTRY_NODE, OTHER_ENTRY_NODE, EVERYONE, RESERVE, *PRINTED_ENTRY_NODES, *PRINTED_AGGREGATES), "RW"
    )
    assert workspaces_of(me("ADMIN")) == {WORKSPACE: nodes}


def test_a_user_gets_the_nodes_that_it_may_use(me: Callable[[str], Json]) -> None:
    answer = me("GUEST")
    assert (answer["id"], answer["name"], answer["email"]) == (402, "Bruno", "user-402@example.com")
    assert workspaces_of(answer) == {WORKSPACE: {OTHER_ENTRY_NODE: "R"}}
    assert workspaces_of(me("USER")) == {WORKSPACE: {ENTRY_NODE: "RW"}}


def test_a_source_gets_its_name_and_nodes(me: Callable[[str], Json]) -> None:
    answer = me("UNTRUSTED_APPLICATION")
    assert (answer["id"], answer["name"], answer["roles"]) == (None, "Web shop", ["UNTRUSTED_APPLICATION"])
    assert workspaces_of(answer) == {WORKSPACE: {ENTRY_NODE: "RW"}}


def test_a_reader_of_updates_has_read_permission(me: Callable[[str], Json]) -> None:
    assert set(workspaces_of(me("PLATFORM_UPDATES"))[WORKSPACE].values()) == {"R"}


def test_a_caller_without_a_token_gets_a_description(state: VendorState) -> None:
    assert get_me(state, anyone(state)).body["name"] == "anyone"


def test_the_service_is_up(state: VendorState) -> None:
    assert get_health(state).body == {"status": "UP"}
