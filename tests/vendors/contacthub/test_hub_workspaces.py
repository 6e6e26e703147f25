import pytest

from tests.vendors.contacthub.calls import CLIENT, DISABLED, NO_ONE, SUSPENDED, THROTTLED, WORKSPACE
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.collection import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.operations.nodes import list_nodes
from understudy.vendors.contacthub.operations.retention import get_workspace_retention_policy
from understudy.vendors.contacthub.operations.workspace_configuration import get_workspace_configuration
from understudy.vendors.contacthub.operations.workspaces import (
    create_workspace,
    get_workspace,
    list_workspaces,
    update_workspace_status,
)

STAFF = Caller("staff")
NEW: Json = {"name": "New stage", "slug": "new-stage", "groupPk": 44, "shard": "shard-2"}


def listed(world: VendorState, name: str | None = None, group: float | None = None) -> list[str]:
    return [found["id"] for found in list_workspaces(world, name, group, 0, 20, STAFF).body["elements"]]


def turn(world: VendorState, status: str, workspace_id: str = WORKSPACE) -> None:
    assert update_workspace_status(world, workspace_id, {"status": status}, STAFF).body == {"status": status}


def test_workspaces_of_any_status_are_listed(world: VendorState) -> None:
    assert listed(world) == [WORKSPACE, SUSPENDED, DISABLED, THROTTLED]


def test_workspaces_are_found_by_a_part_of_their_names(world: VendorState) -> None:
    assert listed(world, name="stage") == [SUSPENDED, DISABLED, THROTTLED]


def test_workspaces_are_found_by_their_customer_group(world: VendorState) -> None:
    assert listed(world, group=42) == [SUSPENDED]


def test_a_token_of_a_workspace_lists_that_one(world: VendorState) -> None:
    assert list_workspaces(world, None, None, 0, 20, CLIENT).body["page"]["totalElements"] == 1


def test_a_new_workspace_is_enabled_at_once(world: VendorState) -> None:
    workspace = create_workspace(world, NEW).body
    assert workspace == get_workspace(world, workspace["id"], STAFF).body
    assert workspace == {"id": workspace["id"], **NEW, "status": "ENABLED"}


def test_a_new_workspace_has_no_nodes(world: VendorState) -> None:
    workspace = create_workspace(world, NEW).body
    assert list_nodes(world, workspace["id"], 0, 20, None, STAFF).body["elements"] == []


def test_a_new_workspace_has_the_default_settings(world: VendorState) -> None:
    workspace_id = create_workspace(world, NEW).body["id"]
    assert get_workspace_configuration(world, workspace_id, STAFF).body["name"] == "New stage"
    assert len(get_workspace_retention_policy(world, workspace_id, STAFF).body) == 48


def test_a_slug_is_taken_once(world: VendorState) -> None:
    with pytest.raises(Refused, match=r"^workspace is not valid$") as refused:
        create_workspace(world, NEW | {"slug": "understudy"})
    found = [(violation.path, violation.message) for violation in refused.value.violations]
    assert (refused.value.status, found) == (400, [("/slug", "the slug is taken")])


def test_an_unknown_workspace_is_refused(world: VendorState) -> None:
    with pytest.raises(Refused, match=f"^workspace not found: {NO_ONE}$") as refused:
        get_workspace(world, NO_ONE, STAFF)
    assert refused.value.status == 403


def test_a_suspended_workspace_can_still_be_read(world: VendorState) -> None:
    turn(world, "SUSPENDED")
    assert list_nodes(world, WORKSPACE, 0, 20, None, STAFF).status == 200


def test_a_disabled_workspace_refuses_everything(world: VendorState) -> None:
    turn(world, "DISABLED")
    with pytest.raises(Refused, match=f"^workspace disabled: {WORKSPACE}$"):
        list_nodes(world, WORKSPACE, 0, 20, None, STAFF)


def test_a_disabled_workspace_can_be_enabled_again(world: VendorState) -> None:
    turn(world, "ENABLED", DISABLED)
    assert list_nodes(world, DISABLED, 0, 20, None, STAFF).status == 200


def test_an_empty_object_changes_no_status(world: VendorState) -> None:
    assert update_workspace_status(world, SUSPENDED, {}, STAFF).body == {"status": "SUSPENDED"}
