"""Collections of the event collector, all but the realms divided by tenant (``tenant_collection``)."""

from understudy.core.table import Table, by

REALMS = "realms"
CLIENTS = "clients"
EVENTS = "events"
SUBSCRIPTIONS = "subscriptions"
JOBS = "jobs"
ROUNDS = "rounds"
"""Collection of the time until which each job has run."""

SENT = "sent"

TABLES: tuple[Table, ...] = (
    Table(REALMS),
    *(Table(name, key="key", indexes=by("tenant")) for name in (CLIENTS, EVENTS, SUBSCRIPTIONS, JOBS, ROUNDS, SENT)),
)
