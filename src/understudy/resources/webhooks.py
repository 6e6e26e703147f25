"""Webhooks of a document, matched to the operations after which they are sent."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.resources.event_names import (
    CHANGE,
    CREATE,
    DELETE,
    is_verb_of,
    named_by,
    read_event_names,
    resources_by_name,
)
from understudy.resources.hinted import HINT
from understudy.resources.outgoing_bodies import OutgoingBodies, OutgoingRequest, requests_of
from understudy.resources.resource import Resource, plain

ROLES = {
    CREATE: ("create", "replace", "upsert"),
    CHANGE: ("change", "replace", "upsert", "action"),
    DELETE: ("delete",),
}
"""Roles of the operations by which a record is created, changed or deleted."""


@dataclass(slots=True)
class WebhookPlan:
    """Webhooks of a document by what they are sent after: an event of a resource, or an operation that a hint names.

    An event is ``create``, ``change`` or ``delete``, or the id of an action's operation. ``all`` has every webhook by
    name.
    """

    all: dict[str, list[OutgoingRequest]] = field(default_factory=dict)
    by_event: dict[tuple[str, str], list[OutgoingRequest]] = field(default_factory=dict)
    by_operation: dict[str, list[OutgoingRequest]] = field(default_factory=dict)

    def senders(self, resources: Iterable[Resource]) -> dict[str, list[str]]:
        """Return, by webhook, the operations by which it is sent; none for one that is never sent."""
        found: dict[str, list[str]] = {name: [] for name in self.all}
        for operation, requests in self.by_operation.items():
            for name in {each.name: None for each in requests}:
                found[name].append(operation)
        by_name = {each.name: each for each in resources}
        for (resource, event), requests in self.by_event.items():
            for operation in _operations(by_name[resource], event):
                for each in requests:
                    if operation not in found[each.name]:
                        found[each.name].append(operation)
        return found


def plan_webhooks(
    document: Document, operations: Iterable[Operation], resources: list[Resource], bodies: OutgoingBodies
) -> WebhookPlan:
    """Return the plan of a document's webhooks; raise ``Misconfigured`` for a hint that names no operation."""
    plan = WebhookPlan()
    known = {each.id for each in operations}
    by_name = resources_by_name(resources)
    for name, item in document.raw.get("webhooks", {}).items():
        requests = plan.all[name] = [*requests_of(name, item)]
        hint = item.get(HINT, {})
        if "after" not in hint:
            _match(plan, requests, by_name, bodies)
            continue
        for operation in hint["after"]:
            if operation not in known:
                there = nearest(operation, known)
                raise Misconfigured(
                    f"{document.path}: webhook {name}: {HINT}: after: no operation {operation!r}{there}"
                )
            plan.by_operation.setdefault(operation, []).extend(requests)
    return plan


def _match(
    plan: WebhookPlan,
    requests: list[OutgoingRequest],
    by_name: Mapping[str, list[Resource]],
    bodies: OutgoingBodies,
) -> None:
    """Add a webhook to the event that its name speaks of, or else to those that its body may name."""
    for request in requests:
        event = _event(request.name, by_name)
        if event is not None:
            plan.by_event.setdefault(event, []).append(request)
            continue
        for value in bodies.event_values(request):
            event = _event(value, by_name) or _event(f"{request.name} {value}", by_name)
            if event is not None:
                plan.by_event.setdefault(event, []).append(replace(request, event=value))


def _event(name: str, by_name: Mapping[str, list[Resource]]) -> tuple[str, str] | None:
    """Return the resource and the event that a name speaks of, or ``None``."""
    for reading in read_event_names(name):
        for resource in named_by(reading.noun, by_name):
            event = next(_events(resource, reading.happened), None)
            if event is not None:
                return resource.name, event
    return None


def _events(resource: Resource, happened: str) -> Iterator[str]:
    for use in resource.uses:
        if use.role in ROLES.get(happened, ()):
            yield happened
        if use.role == "action" and is_verb_of(happened, action_of(use.operation)):
            yield use.operation.id


def action_of(operation: Operation) -> str:
    """Return the name of an action: the last part of its path."""
    return plain(operation.path.rstrip("/").rsplit("/", 1)[-1])


def _operations(resource: Resource, event: str) -> list[str]:
    """Return the operations of a resource after which an event is sent."""
    roles: Mapping[str, tuple[str, ...]] = ROLES
    return [use.operation.id for use in resource.uses if use.operation.id == event or use.role in roles.get(event, ())]
