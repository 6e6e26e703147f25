"""Collections of Capillary."""

from understudy.core.table import Table, by

TABLES: tuple[Table, ...] = (
    Table("accounts", key="username"),
    Table("settings", key="name"),
    Table("clients", key="key"),
    Table("tills", key="code"),
    Table("events", key="eventName"),
    Table("webhooks", key="webHookId"),
    Table("customers", key="id"),
    Table("identifiers", key="identifier"),
    Table("occurrences", key="requestId", indexes=by("customerId", "uniqueKey")),
    Table("runs", key="id"),
    Table("audit_logs", key="requestId", indexes=by("eventName")),
    Table("event_logs", key="id"),
)
