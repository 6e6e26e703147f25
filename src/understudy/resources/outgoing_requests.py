"""Requests that a document says its server sends, as messages of the outbox: callbacks, and webhooks."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.core.json_types import Json
from understudy.core.misconfigured import nearest
from understudy.core.reply import Reply
from understudy.core.runtime_expressions import CallFacts, MissingValue, filled_in
from understudy.resources.outgoing_bodies import OutgoingBodies, OutgoingRequest, requests_of
from understudy.resources.record_forms import RecordForms, at, without_marks
from understudy.resources.resource import KEY, Resource, Use
from understudy.resources.webhooks import WebhookPlan, plan_webhooks
from understudy.samples.sample_maker import NoValue, SampleMaker
from understudy.state.vendor_state import VendorState

log = logging.getLogger("understudy")
WEBHOOK = "webhook"
"""Kind of the messages."""


class UnknownWebhook(LookupError):  # noqa: N818 - a fact about a name
    """Name that no webhook of the document has."""


class OutgoingRequests:
    """Callbacks and webhooks of one document. A body that cannot be made is logged, and stops nothing."""

    def __init__(
        self,
        document: Document,
        operations: tuple[Operation, ...],
        resources: list[Resource],
        forms: RecordForms,
        maker: SampleMaker,
        plan: WebhookPlan | None = None,
    ) -> None:
        """Plan the webhooks, unless there is the ``plan`` of another seed or locale."""
        self._bodies = OutgoingBodies(document, forms, maker)
        self.plan: WebhookPlan = plan or plan_webhooks(document, operations, resources, self._bodies)
        self._callbacks = {each.id: [*callbacks_of(each)] for each in operations if each.node.get("callbacks")}
        self._uses = {use.operation.id: (each, use) for each in reversed(resources) for use in each.uses}

    @property
    def calling(self) -> frozenset[str]:
        """Operations that send something of their own when they succeed: callbacks, or webhooks by a hint."""
        hinted = {each for each in self.plan.by_operation if each not in self._uses}
        return frozenset(self._callbacks.keys() | hinted)

    def webhooks_after(self, resource: Resource, use: Use, event: str) -> list[OutgoingRequest]:
        """Return the webhooks that are sent after an event of a resource, by an operation: each one once."""
        found = [*self.plan.by_operation.get(use.operation.id, ())]
        for each in (use.operation.id, event):
            found += self.plan.by_event.get((resource.name, each), ())
        return [each for number, each in enumerate(found) if each not in found[:number]]

    def announce(self, state: VendorState, resource: Resource, use: Use, event: str, record: Json) -> None:
        """Send the webhooks about a stored record that was created, changed or deleted."""
        for request in self.webhooks_after(resource, use, event):
            because = {"webhook": request.name, "collection": resource.name, "id": record[KEY]}
            shown = without_marks(record)
            self._send(state, request, request.name, shown, resource.singular, use.operation.id, because)

    def send_webhook(self, state: VendorState, name: str, record: Mapping[str, Any], operation: str = "") -> list[str]:
        """Send a webhook about a record; return the ids of its messages. Raise ``UnknownWebhook`` for another name."""
        if name not in self.plan.all:
            there = nearest(name, self.plan.all) or f" (there are {', '.join(self.plan.all) or 'none'})"
            raise UnknownWebhook(f"the document has no webhook {name!r}{there}")
        because = {"webhook": name}
        shown = without_marks(record)
        sent = (self._send(state, each, name, shown, "", operation, because) for each in self.plan.all[name])
        return [each for each in sent if each]

    def follow(self, state: VendorState, operation: str, facts: CallFacts, reply: Reply) -> None:
        """Send the callbacks of an operation that has succeeded, and the webhooks that a hint puts after it."""
        record, noun = self._record(operation, facts, reply)
        for request in self._callbacks.get(operation, ()):
            try:
                url = filled_in(request.url, facts).strip()
            except MissingValue:
                continue  # most are optional: who sends no URL wants no callback
            if url:
                because = {"callback": request.name, **self._cause(operation, record)}
                self._send(state, request, url, record, noun, operation, because)
        if operation not in self._uses:
            for request in self.plan.by_operation.get(operation, ()):
                self._send(state, request, request.name, record, noun, operation, {"webhook": request.name})

    def _record(self, operation: str, facts: CallFacts, reply: Reply) -> tuple[Mapping[str, Any], str]:
        """Return the record of a call, and its kind: what the answer shows, over what was sent."""
        sent = facts.body if isinstance(facts.body, Mapping) else {}
        owner = self._uses.get(operation)
        place = None if owner is None else owner[1].place
        shown = at(facts.response_body, place) if place is not None else facts.response_body
        noun = "" if owner is None else owner[0].singular
        path = {} if reply.body is not None or not facts.path else facts.path
        return {**path, **sent, **(shown if isinstance(shown, Mapping) else {})}, noun

    def _cause(self, operation: str, record: Mapping[str, Any]) -> Json:
        owner = self._uses.get(operation)
        key = None if owner is None else record.get(owner[0].id_property)
        return {} if owner is None or key is None else {"collection": owner[0].name, "id": str(key)}

    def _send(
        self,
        state: VendorState,
        request: OutgoingRequest,
        destination: str,
        record: Mapping[str, Any],
        noun: str,
        operation: str,
        because: Json,
    ) -> str:
        """Add a message to the outbox; return its id, empty if no body could be made."""
        key = f"{request.name}/{state.seed}/{len(state.outbox)}"
        try:
            body = self._bodies.body(request, record, noun, key, state.now())
        except (NoValue, RecursionError):
            log.warning("%s %s is not sent: its schema allows no body that was found", state.vendor, request.name)
            return ""
        group = f"{because['collection']}/{because['id']}" if "id" in because else ""
        return state.outbox.add(
            WEBHOOK,
            destination,
            body,
            operation=operation,
            because=because,
            headers=self._bodies.headers(request),
            method=request.method,
            group=group,
        )


def callbacks_of(operation: Operation) -> Iterator[OutgoingRequest]:
    """Yield the callbacks that an operation declares."""
    for name, urls in operation.node.get("callbacks", {}).items():
        for url, item in urls.items():
            yield from requests_of(name, item, url)
