"""Operations on the jobs of a customer."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.customers.sub_resources import JOBS, add, find, remove, replace


def create_job(state: VendorState, workspace_id: str, customer_id: str, body: Json, caller: Caller) -> Reply:
    """Add a job to a customer."""
    return Reply(add(state, caller, workspace_id, customer_id, JOBS, body))


def get_job(state: VendorState, workspace_id: str, customer_id: str, id: str, caller: Caller) -> Reply:  # noqa: A002 - the spec's name
    """Return a job of a customer."""
    return Reply(find(state, caller, workspace_id, customer_id, JOBS, id))


def update_job(state: VendorState, workspace_id: str, customer_id: str, id: str, body: Json, caller: Caller) -> Reply:  # noqa: A002 - the spec's name
    """Replace a job of a customer by the body."""
    return Reply(replace(state, caller, workspace_id, customer_id, JOBS, id, body))


def delete_job(state: VendorState, workspace_id: str, customer_id: str, id: str, caller: Caller) -> Reply:  # noqa: A002 - the spec's name
    """Delete a job of a customer."""
    remove(state, caller, workspace_id, customer_id, JOBS, id)
    return Reply()
