"""Records written directly: the companions of a contact."""

from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.state.vendor_state import VendorState

EMPTY_WALLET = {"balance": "0.00", "alternative_balance": "0.00"}


def derive(state: VendorState, collection: str, before: Json | None, after: Json | None) -> Steps[None]:
    """Give a new contact a primary account with an empty wallet, and delete the accounts of a deleted one."""
    if collection != "contacts":
        return
    accounts = state.collection("accounts")
    if after is None:
        for account in accounts:
            if before and account["contact_id"] == before["id"]:
                accounts.delete(account["id"])
            yield
    elif accounts.first("primary_of", after["id"]) is None:
        owner = {"contact_id": after["id"], "primary_of": after["id"]}
        accounts.put({"id": state.new_id(), **owner, **EMPTY_WALLET})
