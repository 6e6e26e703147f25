"""Sub-resources of a customer, with ids chosen by the client: subscriptions, educations, likes and jobs."""

from collections.abc import Callable
from dataclasses import dataclass

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused, Violation
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.customers.customer_rules import check_size, check_times, refuse_if_any
from understudy.vendors.contacthub.customers.customer_store import (
    find_customer,
    find_writable,
    next_version,
    write_customer,
)
from understudy.vendors.contacthub.customers.document_changes import write_subscription
from understudy.vendors.contacthub.customers.full_document import (
    Complete,
    complete_education,
    complete_job,
    complete_like,
)
from understudy.vendors.contacthub.customers.unknown_keys import ELEMENT_KEYS, unknown_keys
from understudy.vendors.contacthub.workspace_access import enter_workspace

Write = Callable[[Json, Json, str], Json]
"""Function that returns an element, made of the old one (empty for a new one), the body, and the time of the write."""


@dataclass(frozen=True, slots=True)
class SubResource:
    """Kind of sub-resource: the list of ``base``, the name of an element, its times, and its writer."""

    list_name: str
    noun: str
    times: tuple[str, ...]
    write: Write


def _completed(complete: Complete) -> Write:
    return lambda _old, sent, _now: complete(sent)


def _subscription(old: Json, sent: Json, now: str) -> Json:
    first = {"registeredAt": old["registeredAt"]} if old else {}
    return write_subscription({}, first | {name: value for name, value in sent.items() if value is not None}, now)


SUBSCRIPTIONS = SubResource(
    "subscriptions", "subscription", ("startDate", "endDate", "registeredAt", "updatedAt"), _subscription
)
EDUCATIONS = SubResource("educations", "education", (), _completed(complete_education))
LIKES = SubResource("likes", "like", ("createdTime",), _completed(complete_like))
JOBS = SubResource("jobs", "job", (), _completed(complete_job))


def add(state: VendorState, caller: Caller, workspace_id: str, customer_id: str, kind: SubResource, body: Json) -> Json:
    """Add an element to a customer and return it; refuse an id that is in use."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    customer, _ = find_writable(state, caller, workspace_id, customer_id)
    refuse_if_any(unknown_keys(state, body, ELEMENT_KEYS[kind.list_name]))
    check_times(body, kind.times)
    if any(element["id"] == body["id"] for element in customer["base"][kind.list_name]):
        violation = Violation("body", "/id", "unique", "it exists already", body["id"])
        raise Refused(400, f"the customer has the {kind.noun} {body['id']} already", violations=[violation])
    after = next_version(state, customer, caller)
    element = kind.write({}, body, after["updatedAt"])
    _store(state, caller, workspace_id, after, kind, [*customer["base"][kind.list_name], element])
    return element


def find(
    state: VendorState, caller: Caller, workspace_id: str, customer_id: str, kind: SubResource, element_id: str
) -> Json:
    """Return an element of a customer; refuse an unknown one with 404."""
    enter_workspace(state, caller, workspace_id)
    return _element(find_customer(state, caller, workspace_id, customer_id), kind, element_id)


def replace(
    state: VendorState,
    caller: Caller,
    workspace_id: str,
    customer_id: str,
    kind: SubResource,
    element_id: str,
    body: Json,
) -> Json:
    """Replace an element by the body, except for its id, and return it."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    customer, _ = find_writable(state, caller, workspace_id, customer_id)
    old = _element(customer, kind, element_id)
    refuse_if_any(unknown_keys(state, body, ELEMENT_KEYS[kind.list_name]))
    check_times(body, kind.times)
    after = next_version(state, customer, caller)
    element = kind.write(old, {**body, "id": element_id}, after["updatedAt"])
    elements = [element if other["id"] == element_id else other for other in customer["base"][kind.list_name]]
    _store(state, caller, workspace_id, after, kind, elements)
    return element


def remove(
    state: VendorState, caller: Caller, workspace_id: str, customer_id: str, kind: SubResource, element_id: str
) -> None:
    """Delete an element of a customer; refuse an unknown one with 404."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    customer, _ = find_writable(state, caller, workspace_id, customer_id)
    _element(customer, kind, element_id)
    elements = [other for other in customer["base"][kind.list_name] if other["id"] != element_id]
    _store(state, caller, workspace_id, next_version(state, customer, caller), kind, elements)


def _element(customer: Json, kind: SubResource, element_id: str) -> Json:
    for element in customer["base"][kind.list_name]:
        if element["id"] == element_id:
            return dict(element)
    raise Refused(404, f"{kind.noun} not found {element_id}")


def _store(
    state: VendorState, caller: Caller, workspace_id: str, customer: Json, kind: SubResource, elements: list[Json]
) -> None:
    after = {**customer, "base": {**customer["base"], kind.list_name: elements}}
    check_size(after)
    write_customer(state, caller, workspace_id, customer, after)
