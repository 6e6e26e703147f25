"""Rules that a customer must keep beyond the spec; each breach of one is a violation of its own."""

from collections.abc import Iterable, Iterator

from understudy.core.json_types import Json, ReadOnlyJson
from understudy.core.refused import Refused, Violation
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import disabled_base_properties, extended_definitions
from understudy.vendors.contacthub.customers.unknown_keys import unknown_customer_keys
from understudy.vendors.contacthub.dotted import is_set, pointer, value_at
from understudy.vendors.contacthub.schemas.customer_limits import MAX_BYTES, is_too_large, tag_violations
from understudy.vendors.contacthub.schemas.property_schemas import extended_violations, profile_validator, time_zones
from understudy.vendors.contacthub.timestamps import normalise_time

TIMES = {
    "likes": ("createdTime",),
    "subscriptions": ("startDate", "endDate", "registeredAt", "updatedAt"),
}
"""Times in the elements of the lists of ``base``, by list."""

LISTS_WITH_RULES = (*TIMES, "educations")
"""Lists of ``base`` whose elements have rules that the spec does not state."""


def check_body(state: VendorState, workspace_id: str, body: Json, before: Json | None = None) -> None:
    """Refuse a body that is too large, or that breaks the schemas, the limits or the workspace's configuration.

    A disabled property may be sent with the value that the customer had ``before``.
    """
    refuse_if_any(_violations(state, workspace_id, body, before or {}))


def check_profile(state: VendorState, workspace_id: str, body: Json) -> None:
    """Refuse a body that breaks the published schemas: one that no request has brought, which the spec checks."""
    validator = profile_validator()
    if not is_too_large(body) and not validator.is_valid(body):
        refuse_if_any([*validator.violations(body), *_extended(state, workspace_id, body)])


def check_required(node: ReadOnlyJson, given: Json, before: Json | None = None) -> None:
    """Refuse a customer or body that lacks a unique or mandatory property of its node.

    With ``before``, the customer before a change, only properties that it had are required.
    """
    properties = node["data"]
    refuse_if_any(
        Violation("body", pointer(path), "required", f"{kind} customer property is required")
        for kind, paths in (
            ("unique", properties["uniqueCustomer"]["properties"]),
            ("mandatory", properties["mandatoryProperties"]),
        )
        for path in paths
        if not is_set(given, path) and (before is None or is_set(before, path))
    )


def check_customer(state: VendorState, workspace_id: str, customer: Json, before: Json | None = None) -> None:
    """Refuse a complete customer with half a geographic position, or over the limits of size, of lists or of tags.

    A customer that a merge or several changes have made is held to the limits of a body. ``before`` is the customer
    before the change; its extended properties that stay are not checked again.
    """
    old = (before or {}).get("extended") or {}
    changed = {name: value for name, value in (customer["extended"] or {}).items() if old.get(name) != value}
    refuse_if_any([*_half_position(customer), *tag_violations(customer["tags"]), *_over_limits(customer)])
    if changed and before is not None:  # those of a new customer are the body's, which is checked
        definitions = extended_definitions(state, workspace_id, "customers")
        refuse_if_any(extended_violations(changed, definitions))


def check_size(customer: Json) -> None:
    """Refuse a complete customer that is over 64 kB."""
    refuse_if_any(_over_limits(customer))


def check_times(item: Json, names: Iterable[str]) -> None:
    """Refuse an element of a list with a time that is not in the calendar."""
    refuse_if_any(_impossible(item, names, ""))


def refuse_if_any(violations: Iterable[Violation]) -> None:
    """Refuse a customer with these violations; do nothing if there are none."""
    found = list(violations)
    if found:
        raise Refused(400, "source customer is not valid", violations=found)


def _violations(state: VendorState, workspace_id: str, body: Json, before: Json) -> Iterator[Violation]:
    too_large = [*_over_limits(body)]
    if too_large:
        yield from too_large
    elif _has_more_rules(body) and not profile_validator().is_valid(body):
        yield from profile_validator().violations(body)
    else:
        yield from _impossible_times(body)
        yield from unknown_customer_keys(state, body)
        yield from _disabled(body, before, disabled_base_properties(state, workspace_id))
    yield from _extended(state, workspace_id, body)


def _has_more_rules(body: Json) -> bool:
    """Return whether a body has a value for which the published schemas have more rules than the spec.

    These are names of time zones, times, and the range of years.
    """
    base = body.get("base") or {}
    zone = base.get("timezone")
    if zone is not None and zone not in time_zones():
        return True
    return any(base.get(listed) for listed in LISTS_WITH_RULES) or is_set(body, "consents.disclaimer.date")


def _extended(state: VendorState, workspace_id: str, body: Json) -> Iterator[Violation]:
    if body.get("extended"):
        yield from extended_violations(body["extended"], extended_definitions(state, workspace_id, "customers"))


def _over_limits(customer: Json) -> Iterator[Violation]:
    if is_too_large(customer):
        yield Violation("body", "", "size", f"the customer is over {MAX_BYTES} bytes")


def _impossible_times(body: Json) -> Iterator[Violation]:
    base = body.get("base") or {}
    for listed, names in TIMES.items():
        for number, item in enumerate(base.get(listed) or ()):
            yield from _impossible(item, names, f"/base/{listed}/{number}")
    disclaimer = value_at(body, "consents.disclaimer")
    yield from _impossible(disclaimer or {}, ("date",), "/consents/disclaimer")


def _impossible(item: Json, names: Iterable[str], prefix: str) -> Iterator[Violation]:
    for name in names:
        text = item.get(name)
        if text is not None and normalise_time(text) is None:
            yield Violation("body", f"{prefix}/{name}", "format", "the calendar has no such time", text)


def _disabled(body: Json, before: Json, names: Iterable[str]) -> Iterator[Violation]:
    for name in sorted(names):
        path = f"base.{name}"
        if is_set(body, path) and value_at(body, path) != value_at(before, path):
            message = "the property is disabled"
            yield Violation("body", pointer(path), "disabled", message, value_at(body, path))


def _half_position(customer: Json) -> Iterator[Violation]:
    position = value_at(customer, "base.address.geo")
    for name, value in (position or {}).items():
        if value is None:
            yield Violation("body", f"/base/address/geo/{name}", "required", f"{name} is required")
