"""Collections of ExpertSender CDP."""

from collections.abc import Callable, Mapping
from typing import Any

from understudy.core.table import Extract, Table, by
from understudy.vendors.ecdp.customer_identifiers import FIELDS, fold, hash_md5, hash_sha256


def _folded(field: str) -> Extract:
    def value(customer: Mapping[str, Any]) -> str | None:
        text = customer.get(field)
        return fold(field, text) if text else None

    return value


def _hashed(digest: Callable[[str], str]) -> Extract:
    def value(customer: Mapping[str, Any]) -> str | None:
        email = customer.get("email")
        return digest(email) if email else None

    return value


CUSTOMERS = Table(
    "customers",
    indexes={
        **by("id"),
        **{field: _folded(field) for field in FIELDS},
        "emailMd5": _hashed(hash_md5),
        "emailSha256": _hashed(hash_sha256),
    },
)

TABLES: tuple[Table, ...] = (
    Table("api_keys"),
    Table("custom_events"),
    Table("segments"),
    Table("settings"),
    Table("attributes", key="name"),
    Table("order_attributes", key="name"),
    Table("product_attributes", key="name"),
    Table("consents"),
    CUSTOMERS,
    Table("counters"),
    Table("orders"),
    Table("occurrences", indexes=by("customerId", "customEventId")),
)
