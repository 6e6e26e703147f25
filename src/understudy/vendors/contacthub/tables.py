"""What Contacthub remembers.

Customers and events are kept as they are answered, so that reading one is only reading. A record of configuration is a
row with what is asked of it (``workspaceId``, ``kind`` …) beside ``data``, which is what is answered.
"""

from collections.abc import Mapping
from typing import Any

from understudy.core.table import Extract, Ranked, Table, by

WORKSPACES = "workspaces"
NODES = "nodes"
SOURCES = "sources"
TOKENS = "tokens"
USERS = "users"
SETTINGS = "settings"
CUSTOMERS = "customers"
MATCHES = "matches"
SESSIONS = "sessions"
EVENTS = "events"
CONSENT_LOGS = "consentLogs"
UPDATES = "updates"
COUNTERS = "counters"


def _external_id(customer: Mapping[str, Any]) -> tuple[str, str] | None:
    external = customer.get("externalId")
    return None if external is None else (customer["nodeId"], external)


def _email(customer: Mapping[str, Any]) -> tuple[str, str] | None:
    contacts = customer["base"]["contacts"]
    email = contacts and contacts["email"]
    return None if email is None else (customer["nodeId"], email)


def _session_value(session: Mapping[str, Any]) -> tuple[str, str]:
    return session["nodeId"], session["value"]


def _awaited(event: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """What an event without a customer waits for: the node, and the session or external id of its customer."""
    data = event["data"]
    if data["customerId"] is not None:
        return None
    wanted = data["bringBackProperties"]
    return wanted["nodeId"], wanted["type"], wanted["value"]


def _updated_at(customer: Mapping[str, Any]) -> str:
    return str(customer["updatedAt"])


def _date(event: Mapping[str, Any]) -> str:
    return str(event["data"]["date"])


CUSTOMER_INDEXES: dict[str, Extract] = {
    "nodeId": Ranked(by("nodeId")["nodeId"], _updated_at),
    "externalId": _external_id,
    "email": _email,
}
EVENT_INDEXES: dict[str, Extract] = {
    **{name: Ranked(index, _date) for name, index in by("workspaceId", "nodeId", "data.customerId").items()},
    "awaited": _awaited,
}

TABLES: tuple[Table, ...] = (
    Table(WORKSPACES),  # id, data, and configuration by name
    Table(NODES, indexes=by("workspaceId")),  # id, workspaceId, kind (ENTRY or AGGREGATE), data
    Table(SOURCES, indexes=by("workspaceId")),  # id, workspaceId, token, data
    Table(TOKENS, key="token", indexes=by("role", "sourceId")),  # see security.py
    Table(USERS, indexes=by("workspaceId")),  # id, workspaceId, data
    Table(SETTINGS),  # one part of a workspace's or node's configuration: id is "<workspace or node id>/<name>", data
    Table(CUSTOMERS, indexes=CUSTOMER_INDEXES),  # a customer, fully expanded
    Table(MATCHES, indexes=by("customerId")),  # id "<nodeId>/<unique value>", customerId
    Table(SESSIONS, indexes={**by("customerId"), "value": _session_value}),  # id, value, customerId, nodeId
    Table(EVENTS, indexes=EVENT_INDEXES),  # id, workspaceId, nodeId, data
    Table(CONSENT_LOGS, indexes=by("data.customerId")),  # id (text), workspaceId, nodeId, data, more: see consents.py
    Table(UPDATES),  # id (the offset as text), operation, kind, workspaceId, nodeId, at (epoch ms), data
    Table(COUNTERS),  # id, value: see counters.py
)
