"""Settings and rate limit of a workspace."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.absent_values import without_nulls
from understudy.vendors.contacthub.configuration.stored_settings import read_setting, write_setting
from understudy.vendors.contacthub.configuration.throttling import SETTING, UNLIMITED
from understudy.vendors.contacthub.configuration.workspace_locale import (
    CONFIGURATION,
    DEFAULT_CONFIGURATION,
    configuration_of,
)
from understudy.vendors.contacthub.tables import WORKSPACES
from understudy.vendors.contacthub.workspace_access import enter_workspace

NULLABLE = frozenset(("logo", "timezone", "customerUniquenessPolicy"))
"""Settings for which null is a value; documented."""


def get_workspace_configuration(state: VendorState, workspace_id: str, caller: Caller) -> Reply:
    """Return the workspace's settings."""
    workspace = enter_workspace(state, caller, workspace_id)
    return Reply(_configuration(workspace["data"], configuration_of(state, workspace_id)))


def update_workspace_configuration(state: VendorState, workspace_id: str, body: Json, caller: Caller) -> Reply:
    """Replace the workspace's settings; a setting that is left out gets its default, the name stays."""
    workspace = enter_workspace(state, caller, workspace_id, is_write=True)
    body = {name: value for name, value in body.items() if value is not None or name in NULLABLE}
    data = {**workspace["data"], "name": body.get("name", workspace["data"]["name"])}
    settings = {name: body.get(name, default) for name, default in DEFAULT_CONFIGURATION.items()}
    state.collection(WORKSPACES).put({**workspace, "data": data})
    write_setting(state, workspace_id, CONFIGURATION, settings)
    return Reply(_configuration(data, settings))


def get_workspace_throttling(state: VendorState, workspace_id: str, caller: Caller) -> Reply:
    """Return the workspace's rate limit in requests per minute."""
    enter_workspace(state, caller, workspace_id)
    return Reply(read_setting(state, workspace_id, SETTING, UNLIMITED))


def update_workspace_throttling(state: VendorState, workspace_id: str, body: Json, caller: Caller) -> Reply:
    """Set the workspace's rate limit in requests per minute; without a number the old one stays."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    limit = read_setting(state, workspace_id, SETTING, UNLIMITED)
    limit = {name: without_nulls(body).get(name, kept) for name, kept in limit.items()}
    write_setting(state, workspace_id, SETTING, limit)
    return Reply(limit)


def _configuration(workspace: Json, settings: Json) -> Json:
    return {"name": workspace["name"], **settings, "tier": None}
