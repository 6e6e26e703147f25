"""What Contacthub remembers.

Customers and events are kept as they are answered, so that reading one is only reading. A record of configuration is a
row with what is asked of it (``workspaceId``, ``kind`` …) beside ``data``, which is what is answered.
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
    """A customer's node; there are few, and many customers of each."""
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


def _awaited(event: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """What an event without a customer waits for: the node, and the session or external id of its customer."""
    data = event["data"]
    if data["customerId"] is not None:
        return None
    wanted = data["bringBackProperties"]
    return wanted["nodeId"], wanted["type"], wanted["value"]


def _kind(event: Mapping[str, Any]) -> tuple[str, str]:
    return event["nodeId"], event["data"]["type"]


def _updated_at(customer: Mapping[str, Any]) -> str:
    return str(customer["updatedAt"])


def _date(event: Mapping[str, Any]) -> str:
    return str(event["data"]["date"])


def _hour(node_id: str, at: str) -> str:
    """A node and an hour of its; there are few of these texts, and many records with each."""
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
    """The node of a bulk job that is LOADED."""
    data = job["data"]
    return str(data["nodeId"]) if data["status"] == "LOADED" else None


def _open(job: Mapping[str, Any]) -> str | None:
    """The node of a bulk job that has not ended."""
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
    "awaited": _awaited,
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
    Table(MATCHES, indexes=by("customerId")),  # id "<nodeId>/<unique value>", customerId
    Table(SESSIONS, indexes={**by("customerId"), "value": _session_value}),  # id, value, customerId, nodeId
    Table(EVENTS, indexes=EVENT_INDEXES),  # id, workspaceId, nodeId, data
    Table(CONSENT_LOGS, indexes=by("data.customerId")),  # id (text), workspaceId, nodeId, data …: see consents.py
    Table(UPDATES, shared="data"),  # id (the offset as text), operation, kind, workspaceId, nodeId, at (epoch ms), data
    Table(COUNTERS),  # id, value: see counters.py
    Table(TALLIES, indexes=by("of")),  # id "<of>/<block>/<key>", of "<nodeId>/<table>", counts …: see tallies.py
    Table(AMOUNTS),  # id (of the row of the tallies), amounts: see tallies.py
    Table(DELETIONS, indexes={"hour": _deletion_hour}),  # id "<of>/<id>", of, nodeId, key, at: see marks.py
    Table(THROTTLES),  # id (of the workspace), minute, used: see throttling.py
    Table(PRODUCTS, indexes=by("workspaceId")),  # id "<workspaceId>/<product id>", workspaceId, date, data
    Table(AGGREGATED, indexes=CUSTOMER_INDEXES),  # a customer of an aggregate node, fully expanded; counted, too
    Table(MEMBERS, indexes=by("aggregateId", "customerId")),  # of an aggregate customer: see members.py
    Table(GATHERINGS),  # id (of the aggregate node), entryNodes, mark, isWhole: see aggregates.py
    Table(BULK_JOBS, indexes={**by("data.nodeId"), "loaded": _loaded, "open": _open}),  # see bulk_jobs.py
    Table(BULK_RECORDS),  # id "<job id>/<chunk>", records: lines of an uploaded file, each a list of texts
    Table(BULK_RESULTS),  # id "<job id>/<chunk>", text: what became of them, as CSV
)
