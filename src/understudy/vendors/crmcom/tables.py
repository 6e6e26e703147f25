"""Collections of CRM.COM. Balances are stored as decimal text, so that they stay exact."""

from understudy.core.table import Table, by

TABLES = (
    Table("api_keys", key="key"),
    Table("users", key="username"),
    Table("sessions", key="token"),
    Table("contacts", indexes=by("cim", "code", "name")),
    Table("accounts", indexes=by("primary_of")),
    Table("merchants", indexes=by("code")),
    Table("outlets", indexes=by("code")),
    Table("classifications", indexes=by("code")),
    Table("products", indexes=by("sku")),
    Table("purchases", indexes=by("reference_number", "code", "contact.id")),
    Table("settings", key="name"),
)
