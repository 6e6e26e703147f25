"""Operations that show the records of each collection."""

from collections.abc import Iterator, Mapping

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.shown_record import FindShown, ShownBy
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.nodes.node_access import ENTRY
from understudy.vendors.contacthub.tables import (
    AGGREGATED,
    BULK_JOBS,
    CONSENT_LOGS,
    CUSTOMERS,
    EVENTS,
    NODES,
    SESSIONS,
    SETTINGS,
    SOURCES,
    UPDATES,
    USERS,
    WORKSPACES,
)

SHOWN_SETTINGS = {
    "configuration": "get_workspace_configuration",
    "throttling": "get_workspace_throttling",
    "baseProperties": "list_base_properties",
    "extended/customers": "get_customer_extended_properties",
    "extended/products": "get_product_extended_properties",
    "productsPolicy": "get_products_update_policy",
    "payloadSize": "get_workspace_payload_size",
    "retention": "get_workspace_retention_policy",
}
"""Operations that show the settings of a workspace, by name."""

SHOWN_NODE_SETTINGS = {
    "retention": "get_entry_node_retention_policy",
    "retentionState": "get_entry_node_retention_state",
}
"""Operations that show the settings of an entry node, by name."""

SHOWN_TYPE_SETTINGS = {"event/": "get_event_configuration", "extended/events/": "get_event_extended_properties"}
"""Operations that show the settings of an event type in a workspace, by the start of their names."""


def _customer(state: VendorState, record: Json) -> Iterator[ShownBy]:
    node = state.collection(NODES).view(record["nodeId"])
    if node is not None:
        where = {"workspace_id": node["workspaceId"], "customer_id": record["id"]}
        yield ShownBy("get_customer", where)
        yield ShownBy("export_customer", where)


def _session(state: VendorState, record: Json) -> Iterator[ShownBy]:
    node = state.collection(NODES).view(record["nodeId"])
    if node is not None:
        where = {"workspace_id": node["workspaceId"], "customer_id": record["customerId"]}
        yield ShownBy("get_session", {**where, "session_id": record["id"]})
        yield ShownBy("list_sessions", where)


def _event(_state: VendorState, record: Json) -> Iterator[ShownBy]:
    yield ShownBy("get_event", {"workspace_id": record["workspaceId"], "id": record["id"]})


def _node(_state: VendorState, record: Json) -> Iterator[ShownBy]:
    name, argument = ("get_entry_node", "node_id")
    if record["kind"] != ENTRY:
        name, argument = ("get_aggregate_node", "aggregate_node_id")
    yield ShownBy(name, {"workspace_id": record["workspaceId"], argument: record["id"]})


def _source(_state: VendorState, record: Json) -> Iterator[ShownBy]:
    yield ShownBy("get_source", {"workspace_id": record["workspaceId"], "source_id": record["id"]})


def _user(_state: VendorState, record: Json) -> Iterator[ShownBy]:
    yield ShownBy("get_user", {"workspace_id": record["workspaceId"], "id": record["id"]})
    yield ShownBy("list_users", {"workspace_id": record["workspaceId"]})
    yield ShownBy("get_me", {"caller": Caller("user", claims={"userId": int(record["id"])})})


def _workspace(_state: VendorState, record: Json) -> Iterator[ShownBy]:
    yield ShownBy("get_workspace", {"workspace_id": record["id"]})
    yield ShownBy("get_workspace_configuration", {"workspace_id": record["id"]})


def _setting(_state: VendorState, record: Json) -> Iterator[ShownBy]:
    owner, _, name = record["id"].partition("/")
    if name in SHOWN_SETTINGS:
        yield ShownBy(SHOWN_SETTINGS[name], {"workspace_id": owner})
    for start, operation in SHOWN_TYPE_SETTINGS.items():
        if name.startswith(start):
            yield ShownBy(operation, {"workspace_id": owner, "event_type": name.removeprefix(start)})


def _node_setting(state: VendorState, record: Json) -> Iterator[ShownBy]:
    owner, _, name = record["id"].partition("/")
    node = state.collection(NODES).view(owner)
    if node is not None and name in SHOWN_NODE_SETTINGS:
        yield ShownBy(SHOWN_NODE_SETTINGS[name], {"workspace_id": node["workspaceId"], "node_id": owner})


def _settings(state: VendorState, record: Json) -> Iterator[ShownBy]:
    is_of_node = record["id"].partition("/")[0] in state.collection(NODES)
    yield from (_node_setting if is_of_node else _setting)(state, record)


def _consent_log(_state: VendorState, record: Json) -> Iterator[ShownBy]:
    yield ShownBy("get_consent_log", {"workspace_id": record["workspaceId"], "id": int(record["id"])})


def _update(_state: VendorState, record: Json) -> Iterator[ShownBy]:
    where = {"workspace_id": record["workspaceId"], "node_id": record["nodeId"]}
    yield ShownBy("list_updates", {**where, "offset": int(record["id"]) - 1, "size": 1})


def _bulk_job(_state: VendorState, record: Json) -> Iterator[ShownBy]:
    data = record["data"]
    where = {"workspace_id": data["workspaceId"], "node_id": data["nodeId"], "job_id": record["id"]}
    yield ShownBy("get_bulk_job", where)
    yield ShownBy("get_bulk_job_results", where)


SHOWN: Mapping[str, FindShown] = {
    CUSTOMERS: _customer,
    AGGREGATED: _customer,
    SESSIONS: _session,
    EVENTS: _event,
    NODES: _node,
    SOURCES: _source,
    USERS: _user,
    WORKSPACES: _workspace,
    SETTINGS: _settings,
    CONSENT_LOGS: _consent_log,
    UPDATES: _update,
    BULK_JOBS: _bulk_job,
}
