"""Handlers of a foreign document by the seed, locale and settings of the world, on which every sample depends."""

import inspect
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.core.json_types import Json
from understudy.core.known_record import KnownRecord
from understudy.core.reply import Reply
from understudy.core.request_facts import RequestFacts
from understudy.core.runtime_expressions import CallFacts
from understudy.core.vendor import Handler
from understudy.resources.conventions import ResourceSettings, settings_of, with_conventions
from understudy.resources.outgoing_requests import OutgoingRequests
from understudy.resources.preferred_replies import preferred_reply
from understudy.resources.record_forms import RecordForms
from understudy.resources.references import References
from understudy.resources.resource import Resource
from understudy.resources.resource_handlers import ResourceHandlers
from understudy.resources.sampled_deletes import deleted_paths, with_deletes
from understudy.resources.sampled_replies import sampled_handler
from understudy.resources.singletons import SingletonHandlers
from understudy.resources.start_records import StartRecords
from understudy.resources.stated_records import StatedRecords
from understudy.resources.webhooks import WebhookPlan
from understudy.resources.wrapped_calls import after
from understudy.samples.places import USUAL_LOCALE
from understudy.samples.sample_maker import SampleMaker
from understudy.state.vendor_state import VendorState

REQUEST = "request"
"""Argument of a handler with the facts of a request."""

MAX_WORLD_KINDS = 32
"""Number of seeds, locales and settings whose handlers are kept; the one that was used the longest ago is dropped."""


@dataclass(frozen=True, slots=True)
class RecognisedDocument:
    """Document with its compiled operations, the resources recognised in it, and the settings of their handlers."""

    document: Document
    operations: tuple[Operation, ...]
    resources: list[Resource]
    settings: ResourceSettings


class _Parts:
    """Handlers and start records that make their samples with one maker."""

    def __init__(self, subject: RecognisedDocument, maker: SampleMaker, plan: WebhookPlan | None = None) -> None:
        self.maker = maker
        forms = RecordForms(subject.document, maker)
        settings = subject.settings
        self.records = StartRecords(subject.resources, forms, maker, settings.records, settings.counts)
        references = References(subject.resources)
        self.outgoing = OutgoingRequests(subject.document, subject.operations, subject.resources, forms, maker, plan)
        self.stated: dict[str, StatedRecords] = {}
        found: dict[str, Handler] = {}
        for resource in subject.resources:
            handlers = (
                SingletonHandlers(resource, forms, maker, references, self.outgoing)
                if resource.is_single
                else ResourceHandlers(resource, forms, maker, self.outgoing)
            )
            self.stated[resource.name] = StatedRecords(resource, handlers, forms, maker, references)
            for use in resource.uses:
                found.setdefault(use.operation.id, handlers.handler(use))
        self.recognised = frozenset(found)
        paths = deleted_paths(subject.operations, self.recognised)
        for each in subject.operations:
            if each.id not in found:
                found[each.id] = with_deletes(each, sampled_handler(each, maker), paths)
        self.handlers = with_conventions(
            subject.document, subject.operations, found, subject.resources, forms, maker, subject.settings
        )


class WorldHandlers:
    """Handlers of all operations of one document; each call is answered by those of its world."""

    def __init__(self, subject: RecognisedDocument, maker: SampleMaker) -> None:
        self._subject = subject
        self._by_id = {each.id: each for each in subject.operations}
        self._owners = {use.operation.id: each for each in reversed(subject.resources) for use in each.uses}
        self._maker = maker
        self._parts: OrderedDict[tuple[int, str, ResourceSettings], _Parts] = OrderedDict()
        self._usual = _Parts(subject, maker)

    @property
    def recognised(self) -> frozenset[str]:
        """Operations on recognised resources."""
        return self._usual.recognised

    @property
    def singles(self) -> frozenset[str]:
        """Resources that are a single record."""
        return frozenset(each.name for each in self._subject.resources if each.is_single)

    @property
    def followed(self) -> frozenset[str]:
        """Operations whose success is followed by callbacks, or by webhooks that a hint puts after them."""
        return self._usual.outgoing.calling

    def follow(self, state: VendorState, operation: str, facts: CallFacts, reply: Reply) -> None:
        """Send what follows from a successful call of an operation."""
        self._of(state).outgoing.follow(state, operation, facts, reply)

    def send_webhook(self, state: VendorState, name: str, record: Mapping[str, Any], operation: str = "") -> list[str]:
        """Send a webhook of the document about a record; return the ids of its messages."""
        return self._of(state).outgoing.send_webhook(state, name, record, operation)

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers by operation; each takes the arguments of the one that it calls."""
        return {name: self._handler(name, usual) for name, usual in self._usual.handlers.items()}

    def records(self, state: VendorState) -> StartRecords:
        """Return the start records of a world."""
        return self._of(state).records

    def fill(self, state: VendorState, name: str) -> None:
        """Add the start records of a collection."""
        self.records(state).fill(state, name)

    def read_stated(self, name: str, state: VendorState, record: Json) -> Iterator[KnownRecord]:
        """Yield a record of a resource to write, of what a scenario states."""
        return self._of(state).stated[name].read(state, record)

    def _handler(self, name: str, usual: Handler) -> Handler:
        signature = inspect.signature(usual)
        takes_request = REQUEST in signature.parameters
        operation = self._by_id[name]
        owner = self._owners.get(name)

        def handle(state: VendorState, request: RequestFacts | None = None, **arguments: Any) -> Any:
            parts = self._of(state)
            preferred = preferred_reply(operation, parts.maker, state, request) if request else None
            if preferred is not None:
                return preferred
            if takes_request:
                arguments[REQUEST] = request
            steps = parts.records.steps_before(state, owner) if owner is not None else None
            if steps is not None:
                return after(steps, lambda: parts.handlers[name](state, **arguments))
            return parts.handlers[name](state, **arguments)

        handle.__signature__ = _with_request(signature)  # type: ignore[attr-defined] # by it the arguments are chosen
        return handle

    def _of(self, state: VendorState) -> _Parts:
        settings = settings_of(state) or self._subject.settings
        key = (state.seed, state.locale or USUAL_LOCALE, settings)
        found = self._parts.get(key)
        if found is None:
            maker = self._maker.of(*key[:2])
            found = self._parts[key] = _Parts(
                replace(self._subject, settings=settings), maker, self._usual.outgoing.plan
            )
            if len(self._parts) > MAX_WORLD_KINDS:
                self._parts.popitem(last=False)
        else:
            self._parts.move_to_end(key)
        return found


def _with_request(signature: inspect.Signature) -> inspect.Signature:
    """Return a signature that takes the facts of a request, too."""
    if REQUEST in signature.parameters:
        return signature
    added = inspect.Parameter(REQUEST, inspect.Parameter.KEYWORD_ONLY)
    named = [each for each in signature.parameters.values() if each.kind is not inspect.Parameter.VAR_KEYWORD]
    others = [each for each in signature.parameters.values() if each.kind is inspect.Parameter.VAR_KEYWORD]
    return signature.replace(parameters=[*named, added, *others])
