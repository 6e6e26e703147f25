import pytest

from tests.vendors.contacthub.calls import CLIENT, DISABLED, NO_ONE, SUSPENDED, THROTTLED, WORKSPACE
from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused
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


def listed(state: VendorState, name: str | None = None, group: float | None = None) -> list[str]:
    return [found["id"] for found in list_workspaces(state, name, group, 0, 20, STAFF).body["elements"]]


def turn(state: VendorState, status: str, workspace_id: str = WORKSPACE) -> None:
    assert update_workspace_status(state, workspace_id, {"status": status}, STAFF).body == {"status": status}


def test_workspaces_of_any_status_are_listed(state: VendorState) -> None:
    assert listed(state) == [WORKSPACE, SUSPENDED, DISABLED, THROTTLED]


def test_workspaces_are_found_by_a_part_of_their_names(state: VendorState) -> None:
    assert listed(state, name="stage") == [SUSPENDED, DISABLED, THROTTLED]


def test_workspaces_are_found_by_their_customer_group(state: VendorState) -> None:
    assert listed(state, group=42) == [SUSPENDED]


def test_a_token_of_a_workspace_lists_that_one(state: VendorState) -> None:
    assert list_workspaces(state, None, None, 0, 20, CLIENT).body["page"]["totalElements"] == 1


def test_a_new_workspace_is_enabled_at_once(state: VendorState) -> None:
    workspace = create_workspace(state, NEW).body
    assert workspace == get_workspace(state, workspace["id"], STAFF).body
    assert workspace == {"id": workspace["id"], **NEW, "status": "ENABLED"}


def test_a_new_workspace_has_no_nodes(state: VendorState) -> None:
    workspace = create_workspace(state, NEW).body
    assert list_nodes(state, workspace["id"], 0, 20, None, STAFF).body["elements"] == []


def test_a_new_workspace_has_the_default_settings(state: VendorState) -> None:
    workspace_id = create_workspace(state, NEW).body["id"]
    assert get_workspace_configuration(state, workspace_id, STAFF).body["name"] == "New stage"
    assert len(get_workspace_retention_policy(state, workspace_id, STAFF).body) == 48


def test_a_slug_is_taken_once(state: VendorState) -> None:
    with pytest.raises(Refused, match=r"^workspace is not valid$") as refused:
        create_workspace(state, NEW | {"slug": "understudy"})
    found = [(violation.path, violation.message) for violation in refused.value.violations]
    assert (refused.value.status, found) == (400, [("/slug", "the slug is taken")])


def test_an_unknown_workspace_is_refused(state: VendorState) -> None:
    with pytest.raises(Refused, match=f"^workspace not found: {NO_ONE}$") as refused:
        get_workspace(state, NO_ONE, STAFF)
    assert refused.value.status == 403


def test_a_token_of_a_workspace_opens_no_other(state: VendorState) -> None:
    assert get_workspace(state, WORKSPACE, CLIENT).status == 200
    with pytest.raises(Refused, match=f"^workspace not found: {SUSPENDED}$") as refused:
        get_workspace(state, SUSPENDED, CLIENT)
    assert refused.value.status == 403


def test_a_suspended_workspace_can_still_be_read(state: VendorState) -> None:
    turn(state, "SUSPENDED")
    assert list_nodes(state, WORKSPACE, 0, 20, None, STAFF).status == 200


def test_a_disabled_workspace_refuses_everything(state: VendorState) -> None:
    turn(state, "DISABLED")
    with pytest.raises(Refused, match=f"^workspace disabled: {WORKSPACE}$"):
        list_nodes(state, WORKSPACE, 0, 20, None, STAFF)


def test_a_disabled_workspace_can_be_enabled_again(state: VendorState) -> None:
    turn(state, "ENABLED", DISABLED)
    assert list_nodes(state, DISABLED, 0, 20, None, STAFF).status == 200


def test_an_empty_object_changes_no_status(state: VendorState) -> None:
    assert update_workspace_status(state, SUSPENDED, {}, STAFF).body == {"status": "SUSPENDED"}
