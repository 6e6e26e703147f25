"""Tables: collections of a Contacthub state with their keys and indexes.

Customers, and the ``data`` of events, are stored as responses show them, so that a read needs no conversion. A row of
configuration has its indexed values (``workspaceId``, ``kind`` …) beside ``data``, the response.
"""

from collections.abc import Mapping
from sys import intern
from typing import Any

from understudy.core.table import Extract, SortedIndex, Table, by

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
TALLIES = "tallies"
AMOUNTS = "amounts"
DELETIONS = "deletions"
THROTTLES = "throttles"
PRODUCTS = "products"
AGGREGATED = "aggregatedCustomers"
MEMBERS = "members"
GATHERINGS = "gatherings"
BULK_JOBS = "bulkJobs"
BULK_RECORDS = "bulkRecords"
BULK_RESULTS = "bulkResults"


def _node(customer: Mapping[str, Any]) -> str:
    """Return a customer's node id, interned: few nodes have many customers each."""
    return intern(customer["nodeId"])


def _external_id(customer: Mapping[str, Any]) -> tuple[str, str] | None:
    external = customer.get("externalId")
    return None if external is None else (_node(customer), external)


def _email(customer: Mapping[str, Any]) -> tuple[str, str] | None:
    contacts = customer["base"]["contacts"]
    email = contacts and contacts["email"]
    return None if email is None else (_node(customer), email)


def _session_value(session: Mapping[str, Any]) -> tuple[str, str]:
    return session["nodeId"], session["value"]


def _pending_key(event: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """Return the node id, kind and value by which an event without a customer is matched to one later."""
    data = event["data"]
    if data["customerId"] is not None:
        return None
    owner = data["bringBackProperties"]
    return owner["nodeId"], owner["type"], owner["value"]


def _kind(event: Mapping[str, Any]) -> tuple[str, str]:
    return event["nodeId"], event["data"]["type"]


def _updated_at(customer: Mapping[str, Any]) -> str:
    return str(customer["updatedAt"])


def _date(event: Mapping[str, Any]) -> str:
    return str(event["data"]["date"])


def _hour(node_id: str, at: str) -> str:
    """Return a node id and an hour as one text, interned: many records share each."""
    return intern(f"{node_id}/{at[:13]}")


def _event_hour(event: Mapping[str, Any]) -> str:
    return _hour(event["nodeId"], event["data"]["date"])


def _event_added_hour(event: Mapping[str, Any]) -> str:
    return _hour(event["nodeId"], event["data"]["registeredAt"])


def _event_changed_hour(event: Mapping[str, Any]) -> str | None:
    return _hour(event["nodeId"], event["data"]["updatedAt"]) if event["data"]["version"] else None


def _customer_added_hour(customer: Mapping[str, Any]) -> str:
    return _hour(customer["nodeId"], customer["registeredAt"])


def _customer_changed_hour(customer: Mapping[str, Any]) -> str | None:
    return _hour(customer["nodeId"], customer["updatedAt"]) if customer["version"] else None


def _deletion_hour(deletion: Mapping[str, Any]) -> str:
    return _hour(deletion["nodeId"], deletion["at"])


def _loaded(job: Mapping[str, Any]) -> str | None:
    """Return the node id of a bulk job that is LOADED."""
    data = job["data"]
    return str(data["nodeId"]) if data["status"] == "LOADED" else None


def _open(job: Mapping[str, Any]) -> str | None:
    """Return the node id of a bulk job that has not ended."""
    data = job["data"]
    return str(data["nodeId"]) if data["status"] in {"LOADED", "SCHEDULED", "PROCESSING"} else None


CUSTOMER_INDEXES: dict[str, Extract] = {
    "nodeId": SortedIndex(_node, _updated_at),
    "externalId": _external_id,
    "email": _email,
    "hour.added": _customer_added_hour,
    "hour.changed": _customer_changed_hour,
}
EVENT_INDEXES: dict[str, Extract] = {
    **{name: SortedIndex(index, _date) for name, index in by("workspaceId", "nodeId", "data.customerId").items()},
    "nodeId+type": SortedIndex(_kind, _date),
    "awaited": _pending_key,
    "hour.date": _event_hour,
    "hour.added": _event_added_hour,
    "hour.changed": _event_changed_hour,
}

TABLES: tuple[Table, ...] = (
    Table(WORKSPACES),  # id, data, and configuration by name
    Table(NODES, indexes=by("workspaceId")),  # id, workspaceId, kind (ENTRY or AGGREGATE), data
    Table(SOURCES, indexes=by("workspaceId")),  # id, workspaceId, token, data
    Table(TOKENS, key="token", indexes=by("role", "sourceId")),  # see security.py
    Table(USERS, indexes=by("workspaceId")),  # id, workspaceId, data
    Table(SETTINGS),  # one part of a workspace's or node's configuration: id is "<workspace or node id>/<name>", data
    Table(CUSTOMERS, indexes=CUSTOMER_INDEXES),  # a customer, fully expanded
    Table(MATCHES, indexes=by("customerId")),  # id "<nodeId>/<unique value>", customerId, waiting …
    Table(SESSIONS, indexes={**by("customerId"), "value": _session_value}),  # id, value, customerId, nodeId
    Table(EVENTS, indexes=EVENT_INDEXES),  # id, workspaceId, nodeId, data
    Table(
        CONSENT_LOGS, indexes=by("data.customerId")
    ),  # id (text), workspaceId, nodeId, data …: see customers/consent_log.py
    Table(UPDATES, shared="data"),  # id (the offset as text), operation, kind, workspaceId, nodeId, at (epoch ms), data
    Table(COUNTERS),  # id, value: see sequences.py
    Table(
        TALLIES, indexes=by("of")
    ),  # id "<of>/<block>/<key>", of "<nodeId>/<table>", counts …: see counts/running_counts.py
    Table(AMOUNTS),  # id (of the row of TALLIES), amounts: see counts/running_counts.py
    Table(DELETIONS, indexes={"hour": _deletion_hour}),  # id "<of>/<id>", of, nodeId, key, at: see counts/increments.py
    Table(THROTTLES),  # id (of the workspace), minute, used: see configuration/throttling.py
    Table(PRODUCTS, indexes=by("workspaceId")),  # id "<workspaceId>/<product id>", workspaceId, date, data
    Table(AGGREGATED, indexes=CUSTOMER_INDEXES),  # a customer of an aggregate node, fully expanded; counted as well
    Table(MEMBERS, indexes=by("aggregateId", "customerId")),  # of an aggregate customer: see aggregates/members.py
    Table(GATHERINGS),  # id (of the aggregate node), entryNodes, mark, isWhole: see aggregates/aggregation.py
    Table(BULK_JOBS, indexes={**by("data.nodeId"), "loaded": _loaded, "open": _open}),  # see bulk/jobs.py
    Table(BULK_RECORDS),  # id "<job id>/<chunk>", records: lines of an uploaded file, each a list of texts
    Table(BULK_RESULTS),  # id "<job id>/<chunk>", text: the result of each record, as CSV
)
