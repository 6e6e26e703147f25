"""Collections of the event collector, all but the realms divided by tenant (``tenant_collection``)."""

from collections.abc import Mapping
from typing import Any

from understudy.core.table import Table, by

REALMS = "realms"
CLIENTS = "clients"
EVENTS = "events"
SUBSCRIPTIONS = "subscriptions"
JOBS = "jobs"
CONFIGS = "configs"
"""Collection of the settings that each tenant shows to its storefronts."""

ROUNDS = "rounds"
"""Collection of the time until which each job has run."""

SENT = "sent"
DUE = "due"
"""Collection of spans of time in which a job was due, with its values then: its notifications are not made yet."""

SET_BACKS = "set_backs"
"""Collection of the times at which the clock was set back, numbered."""

BY_TENANT = (CLIENTS, EVENTS, SUBSCRIPTIONS, JOBS, ROUNDS, SENT)

AUDIENCE = "audience"
"""Index of the active subscriptions by tenant and type of entity."""


def audience_of(tenant: str, entity_type: str) -> str:
    """Return the value in the index of the subscriptions of a tenant to a type of entities."""
    return f"{tenant}\n{entity_type}"


def _audience(row: Mapping[str, Any]) -> str | None:
    """Return a stored subscription's value in the index; ``None`` for one that is not served."""
    value = row.get("value") or {}
    is_served = value.get("active") is True and not (row.get("removed") or row.get("sample"))
    return audience_of(str(row.get("tenant")), str(value.get("entityType"))) if is_served else None


TABLES: tuple[Table, ...] = (
    Table(REALMS),
    Table(CONFIGS),
    Table(DUE),
    Table(SET_BACKS),
    *(
        Table(name, key="key", indexes=by("tenant") | ({AUDIENCE: _audience} if name == SUBSCRIPTIONS else {}))
        for name in BY_TENANT
    ),
)
