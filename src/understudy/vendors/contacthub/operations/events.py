"""Operations on a single event."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.events.event_store import drop_event, find_event, neighbours
from understudy.vendors.contacthub.workspace_access import enter_workspace
from understudy.vendors.contacthub.writing.events import add_event, change_event, replace_event


def create_event(state: VendorState, workspace_id: str, body: Json, caller: Caller) -> Reply:
    """Store an event of a known customer, or of one found by its session or external id."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    return Reply({"id": add_event(state, caller, workspace_id, body)}, 202)


def get_event(
    state: VendorState,
    workspace_id: str,
    id: str,  # noqa: A002 - the parameter's name in the spec
    nav: str | None,
    caller: Caller,
) -> Reply:
    """Return an event, with ``nav`` also the ids of its customer's events before and after it."""
    enter_workspace(state, caller, workspace_id)
    event = find_event(state, caller, workspace_id, id)["data"]
    return Reply({**event, **neighbours(state, event)} if nav else event)


def update_event(
    state: VendorState,
    workspace_id: str,
    id: str,  # noqa: A002 - the parameter's name in the spec
    body: Json,
    caller: Caller,
) -> Reply:
    """Replace an event by the body; without a date in the body, the old date stays."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    replace_event(state, caller, workspace_id, id, body)
    return Reply(status=202)


def patch_event(
    state: VendorState,
    workspace_id: str,
    id: str,  # noqa: A002 - the parameter's name in the spec
    body: Json,
    caller: Caller,
) -> Reply:
    """Merge the body into an event, property by property; null unsets a value.

    If ``properties`` is null it becomes empty, and a null date leaves the old one.
    """
    enter_workspace(state, caller, workspace_id, is_write=True)
    change_event(state, caller, workspace_id, id, body)
    return Reply(status=202)


def delete_event(
    state: VendorState,
    workspace_id: str,
    id: str,  # noqa: A002 - the parameter's name in the spec
    caller: Caller,
) -> Reply:
    """Delete an event."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    row = find_event(state, caller, workspace_id, id, is_write=True)
    drop_event(state, row)
    return Reply(status=204)
