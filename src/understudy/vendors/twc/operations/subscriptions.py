"""Handlers of subscriptions to events, each for one entity type and one destination."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.known_fields import SUBSCRIPTION, keep_known
from understudy.vendors.twc.tables import SUBSCRIPTIONS
from understudy.vendors.twc.tenant_collection import TenantCollection, open_tenant_collection

DEFAULTS = {"active": True, "subscribeCreate": False, "subscribeChange": False, "subscribeDelete": False}


def create_subscription(state: VendorState, body: Json, caller: Caller, x_twc_tenant: str) -> Reply:
    """Store a new subscription, with the body's id or a new one."""
    collection = open_tenant_collection(state, SUBSCRIPTIONS, caller, x_twc_tenant)
    return Reply(collection.add({**DEFAULTS, **keep_known(body, SUBSCRIPTION)}), status=201)


def update_subscription(state: VendorState, body: Json, caller: Caller, x_twc_tenant: str) -> Reply:
    """Change the subscription with the body's id, active or not. The vendor's status is 201 (documented)."""
    collection = open_tenant_collection(state, SUBSCRIPTIONS, caller, x_twc_tenant)
    changed = {**collection.get_or_refuse(body["id"]), **keep_known(body, SUBSCRIPTION)}
    collection.put(changed)
    return Reply(changed, status=201)


def list_subscriptions(state: VendorState, caller: Caller, x_twc_tenant: str) -> Reply:
    """Return the active subscriptions, oldest first."""
    collection = open_tenant_collection(state, SUBSCRIPTIONS, caller, x_twc_tenant)
    return Reply([found for found in collection.values() if found["active"]])


def get_subscription(state: VendorState, subscription_id: str, caller: Caller, x_twc_tenant: str) -> Reply:
    """Return an active subscription."""
    return Reply(_active(open_tenant_collection(state, SUBSCRIPTIONS, caller, x_twc_tenant), subscription_id))


def deactivate_subscription(state: VendorState, subscription_id: str, caller: Caller, x_twc_tenant: str) -> Reply:
    """Make an active subscription inactive."""
    collection = open_tenant_collection(state, SUBSCRIPTIONS, caller, x_twc_tenant)
    collection.put({**_active(collection, subscription_id), "active": False})
    return Reply({"body": {}, "statusCode": "ACCEPTED", "statusCodeValue": 0})


def _active(collection: TenantCollection, subscription_id: str) -> Json:
    found = collection.get_or_refuse(subscription_id)
    if not found["active"]:
        raise collection.missing()
    return found
