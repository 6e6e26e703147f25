"""What the event collector remembers. All but the realms is kept per tenant: see ``shelf.py``."""

from understudy.core.table import Table, by

REALMS = "realms"
CLIENTS = "clients"
EVENTS = "events"
SUBSCRIPTIONS = "subscriptions"
JOBS = "jobs"
ROUNDS = "rounds"
"""Up to when each job has done what was due."""

SENT = "sent"

TABLES: tuple[Table, ...] = (
    Table(REALMS),
    *(Table(name, key="key", indexes=by("tenant")) for name in (CLIENTS, EVENTS, SUBSCRIPTIONS, JOBS, ROUNDS, SENT)),
)
