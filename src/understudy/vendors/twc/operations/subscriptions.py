"""Which changes are passed on, and to which queue or topic."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.known_fields import SUBSCRIPTION, keep_known
from understudy.vendors.twc.tables import SUBSCRIPTIONS
from understudy.vendors.twc.tenant_collection import TenantCollection, open_tenant_collection

NEW = {"active": True, "subscribeCreate": False, "subscribeChange": False, "subscribeDelete": False}


def create_subscription(state: VendorState, body: Json, caller: Caller, x_twc_tenant: str) -> Reply:
    """Store a subscription under the caller's id or a new one."""
    shelf = open_tenant_collection(state, SUBSCRIPTIONS, caller, x_twc_tenant)
    return Reply(shelf.add({**NEW, **keep_known(body, SUBSCRIPTION)}), status=201)


def update_subscription(state: VendorState, body: Json, caller: Caller, x_twc_tenant: str) -> Reply:
    """Change the subscription that the body's id names, active or not. The vendor answers 201."""
    shelf = open_tenant_collection(state, SUBSCRIPTIONS, caller, x_twc_tenant)
    changed = {**shelf.get_or_refuse(body["id"]), **keep_known(body, SUBSCRIPTION)}
    shelf.put(changed)
    return Reply(changed, status=201)


def list_subscriptions(state: VendorState, caller: Caller, x_twc_tenant: str) -> Reply:
    """Return the active subscriptions, oldest first."""
    shelf = open_tenant_collection(state, SUBSCRIPTIONS, caller, x_twc_tenant)
    return Reply([found for found in shelf.values() if found["active"]])


def get_subscription(state: VendorState, subscription_id: str, caller: Caller, x_twc_tenant: str) -> Reply:
    """Return one active subscription."""
    return Reply(_active(open_tenant_collection(state, SUBSCRIPTIONS, caller, x_twc_tenant), subscription_id))


def deactivate_subscription(state: VendorState, subscription_id: str, caller: Caller, x_twc_tenant: str) -> Reply:
    """Make an active subscription inactive."""
    shelf = open_tenant_collection(state, SUBSCRIPTIONS, caller, x_twc_tenant)
    shelf.put({**_active(shelf, subscription_id), "active": False})
    return Reply({"body": {}, "statusCode": "ACCEPTED", "statusCodeValue": 0})


def _active(shelf: TenantCollection, subscription_id: str) -> Json:
    found = shelf.get_or_refuse(subscription_id)
    if not found["active"]:
        raise shelf.missing()
    return found
