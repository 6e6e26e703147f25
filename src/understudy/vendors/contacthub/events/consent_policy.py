"""Consent policy: the consents that a customer must have given before events of a type are stored.

The vendor's page documents only the shape of the policy; its effect is inferred. A consent is named by its path in the
customer, ``consents.profiling.online``, or below the customer's consents, ``profiling.online``.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from understudy.core.json_pointer import join
from understudy.core.json_types import Json
from understudy.core.misconfigured import nearest
from understudy.core.refused import Refused, Violation
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import read_setting
from understudy.vendors.contacthub.dotted import value_at
from understudy.vendors.contacthub.schemas.property_schemas import published_schema
from understudy.vendors.contacthub.tables import CUSTOMERS


def missing_consents(state: VendorState, workspace_id: str, event_type: str, customer_id: str | None) -> list[str]:
    """Return the names of the consents that an event type needs and the customer has not given.

    ``customer_id`` is ``None`` for a customer that does not exist yet.
    """
    required = read_setting(state, workspace_id, "consentPolicy", {}).get(event_type, ())
    if not required:
        return []
    customer = (customer_id and state.collection(CUSTOMERS).get(customer_id)) or {}
    return [name for name in required if not _is_given(value_at(customer, _path_of(name)))]


def check_consents(state: VendorState, workspace_id: str, event_type: str, customer_id: str | None) -> None:
    """Refuse an event of a customer who has not given the consents that its type needs."""
    missing = missing_consents(state, workspace_id, event_type, customer_id)
    if missing:
        message = f"events of type {event_type} need the consent {{}}"
        violations = [Violation("body", "/type", "consent", message.format(name)) for name in missing]
        raise Refused(400, "the event is not valid", violations=violations)


def check_policy(policy: Json) -> None:
    """Refuse a policy with a name that is no consent."""
    violations = [
        Violation(
            "body",
            join([event_type, str(number)]),
            "known",
            f"unknown consent {name}",
            name,
            nearest(name, _consents()),
        )
        for event_type, names in policy.items()
        for number, name in enumerate(names)
        if _path_of(name).removeprefix("consents.") not in _consents()
    ]
    if violations:
        raise Refused(400, "consent policy is not valid", violations=violations)


def _path_of(name: str) -> str:
    return f"consents.{name.removeprefix('consents.')}"


@lru_cache(maxsize=1)
def _consents() -> frozenset[str]:
    """Return the paths of all consents below a customer's consents: what has a status, and that status."""
    return frozenset(_with_status("", published_schema("consents")))


def _with_status(path: str, schema: Json) -> Iterator[str]:
    for form in schema.get("oneOf", [schema]):
        properties = form.get("properties", {})
        if "status" in properties:
            yield from (path, f"{path}.status")
        for name, part in properties.items():
            yield from _with_status(f"{path}.{name}".removeprefix("."), part)


def _is_given(consent: Any) -> bool:
    """Return whether a consent is given, and neither limited nor objected to."""
    if not isinstance(consent, dict):
        return consent is True
    return consent.get("status") is True and not consent.get("limitation") and not consent.get("objection")
