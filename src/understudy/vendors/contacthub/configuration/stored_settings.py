"""Configuration of a workspace or node as stored: named settings, each with a default.

A setting that was never written has no row; its reader gives the default. Names and shapes, of a workspace unless
noted::

    configuration            {industry, logo, timezone, currency, customerUniquenessPolicy, tier}
    throttling               {maxRequestsPerMinute}
    event/<type>             {enabled}
    baseProperties           {<dotted name>: {enabled}}, only those that differ from enabled
    extended/customers       the definitions by name; likewise extended/products, extended/events/<type>
    productsPolicy           {eventTypes}
    payloadSize              {<type>: {maxBytes}}
    consentPolicy            {<type>: [consent]}
    retention                {<type>: {months}}, of a workspace or node
    retentionState           {enabled}, of a node
    bulkJobs                 {pace}, of the vendor state: its owner is the vendor's name
    unknownKeys              {treatment}, likewise
    times                    {form}, likewise
    customerPut              {missing}, likewise
"""

from understudy.core.json_types import Json, ReadOnlyJson
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.tables import SETTINGS

PAYLOAD_BYTES = 65_535
"""Default limit of an event's payload in bytes."""


def read_setting(state: VendorState, owner_id: str, name: str, default: ReadOnlyJson) -> ReadOnlyJson:
    """Return a setting of a workspace or node, or the default if it was never written."""
    row = state.collection(SETTINGS).view(f"{owner_id}/{name}")
    return default if row is None else row["data"]


def write_setting(state: VendorState, owner_id: str, name: str, data: Json) -> None:
    """Store a setting of a workspace or node."""
    state.collection(SETTINGS).put({"id": f"{owner_id}/{name}", "data": data})


def is_event_enabled(state: VendorState, workspace_id: str, event_type: str) -> bool:
    """Return whether events of a type are enabled in a workspace."""
    return bool(read_setting(state, workspace_id, f"event/{event_type}", {}).get("enabled", True))


def payload_limit(state: VendorState, workspace_id: str, event_type: str) -> int:
    """Return the limit in bytes of the payload of an event of a type."""
    policy = read_setting(state, workspace_id, "payloadSize", {})
    return int(policy.get(event_type, {}).get("maxBytes", PAYLOAD_BYTES))


def extended_definitions(state: VendorState, workspace_id: str, kind: str) -> ReadOnlyJson:
    """Return a workspace's extended properties of ``customers``, ``products`` or ``events/<type>``, by name."""
    return read_setting(state, workspace_id, f"extended/{kind}", {})


def disabled_base_properties(state: VendorState, workspace_id: str) -> frozenset[str]:
    """Return the dotted names of the base properties that are disabled in a workspace."""
    states = read_setting(state, workspace_id, "baseProperties", {})
    return frozenset(name for name, status_row in states.items() if not status_row["enabled"])
