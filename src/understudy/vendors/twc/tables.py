"""Collections of the event collector, all but the realms divided by tenant (``tenant_collection``)."""

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

TABLES: tuple[Table, ...] = (
    Table(REALMS),
    Table(CONFIGS),
    Table(DUE),
    Table(SET_BACKS),
    *(Table(name, key="key", indexes=by("tenant")) for name in BY_TENANT),
)
