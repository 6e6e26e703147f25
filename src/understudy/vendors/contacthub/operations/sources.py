"""Operations on sources and their tokens."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.nodes.source_providers import API
from understudy.vendors.contacthub.nodes.sources import check_source, complete_source, find_source, store_source
from understudy.vendors.contacthub.paging import whole_page
from understudy.vendors.contacthub.security import new_token
from understudy.vendors.contacthub.tables import SOURCES
from understudy.vendors.contacthub.workspace_access import enter_workspace


def list_sources(state: VendorState, workspace_id: str, caller: Caller) -> Reply:
    """Return all sources of the workspace with their tokens."""
    enter_workspace(state, caller, workspace_id)
    return Reply(whole_page([row["data"] for row in state.collection(SOURCES).find("workspaceId", workspace_id)]))


def create_source(state: VendorState, workspace_id: str, body: Json, caller: Caller) -> Reply:
    """Create a source with a new token."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    source = complete_source(body, body["provider"], state.new_id(), new_token(state))
    check_source(state, caller, workspace_id, source)
    store_source(state, workspace_id, source)
    return Reply(source, status=201)


def get_source(state: VendorState, workspace_id: str, source_id: str, caller: Caller) -> Reply:
    """Return a source with its token."""
    enter_workspace(state, caller, workspace_id)
    return Reply(find_source(state, workspace_id, source_id)["data"])


def update_source(state: VendorState, workspace_id: str, source_id: str, body: Json, caller: Caller) -> Reply:
    """Replace a source by the body; its id and its token stay."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    before = find_source(state, workspace_id, source_id)["data"]
    source = complete_source(body, body.get("provider") or API, source_id, before["token"])
    check_source(state, caller, workspace_id, source, before)
    store_source(state, workspace_id, source)
    return Reply(source)


def refresh_source_token(state: VendorState, workspace_id: str, source_id: str, caller: Caller) -> Reply:
    """Replace the token of a source; the old token becomes invalid."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    source = find_source(state, workspace_id, source_id)["data"] | {"token": new_token(state)}
    store_source(state, workspace_id, source)
    return Reply(source)
