"""Check of what a document says its server sends: which operations send it, and what is never sent."""

from collections.abc import Iterator
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.contract.foreign.findings import Finding
from understudy.contract.schema_compiler import compiler_of
from understudy.contract.text_values import TextTyper
from understudy.core.json_pointer import unescape
from understudy.core.runtime_expressions import EXPRESSION, expressions_in
from understudy.resources.outgoing_bodies import OutgoingBodies, OutgoingRequest
from understudy.resources.outgoing_requests import callbacks_of
from understudy.resources.recognition import find_resources
from understudy.resources.record_forms import RecordForms
from understudy.resources.webhooks import plan_webhooks
from understudy.samples.sample_maker import NoValue, SampleMaker

NEVER = "never"
UNNAMED = (
    "is never sent: its name is of no recognised resource (x-understudy: {after: [operationId]} puts it after one)"
)
SWITCHED_OFF = "is never sent: x-understudy has an empty list `after`"


class OutgoingCheck:
    """Callbacks and webhooks of one document with the operations by which each is sent."""

    def __init__(self, document: Document, operations: tuple[Operation, ...]) -> None:
        self._document = document
        self._operations = operations
        self._typer = TextTyper(document)
        maker = SampleMaker(document, compiler_of(document, is_lazy=True))
        self._maker = maker
        resources = find_resources(document, operations)
        self._plan = plan_webhooks(
            document, operations, resources, OutgoingBodies(document, RecordForms(document, maker), maker)
        )
        self._senders = self._plan.senders(resources)

    def described(self) -> list[dict[str, Any]]:
        """Return what is sent, in the document's order: kind, name, URL, and the operations after which it is sent."""
        found = [
            {
                "kind": "callback",
                "name": each.name,
                "request": f"{each.method} {each.url}",
                "after": NEVER if self._reason(operation, each) else operation.id,
            }
            for operation in self._operations
            for each in callbacks_of(operation)
        ]
        return found + [
            {
                "kind": "webhook",
                "name": name,
                "request": ", ".join(each.method for each in requests),
                "after": ", ".join(self._senders[name]) or NEVER,
            }
            for name, requests in self._plan.all.items()
        ]

    def findings(self) -> Iterator[Finding]:
        """Yield what is never sent, and bodies for which no value is found, with the reasons."""
        for operation in self._operations:
            for each in callbacks_of(operation):
                place = f"{operation.method.upper()} {operation.path} {each.name}"
                reason = self._reason(operation, each) or self._body_reason(each)
                if reason:
                    yield Finding("callback", place, reason)
        for name, requests in self._plan.all.items():
            hint = self._document.raw["webhooks"][name].get("x-understudy", {})
            if not self._senders[name]:
                yield Finding("webhook", name, SWITCHED_OFF if hint.get("after") == [] else UNNAMED)
            for each in requests:
                reason = self._body_reason(each)
                if reason:
                    yield Finding("webhook", name, reason)

    def _body_reason(self, request: OutgoingRequest) -> str:
        part = request.node.get("requestBody", {}).get("content", {}).get(request.media, {})
        try:
            self._maker.media_value(part, request.name)
        except (NoValue, RecursionError):
            return "is not sent: no value was found that the schema of its body allows"
        return ""

    def _reason(self, operation: Operation, request: OutgoingRequest) -> str:
        """Return the reason why no call can give a callback its URL; empty if one can."""
        reasons = (self._missing(operation, each) for each in expressions_in(request.url))
        return next((f"is never sent: {each}" for each in reasons if each), "")

    def _missing(self, operation: Operation, expression: str) -> str:
        found = EXPRESSION.fullmatch(expression)
        source = (found["source"] or "") if found else ""
        kind, _, name = source.partition(".")
        if found is None or found["side"] is None or kind in ("header", "query"):
            return ""  # a client may send what is not declared
        if kind == "path":
            names = [each.name for each in operation.parameters if each.where == "path"]
            return "" if name in names else f"the path has no parameter {name!r}"
        if found["side"] == "response":
            has_body = any(each.media for status, each in operation.responses.items() if status[0] in "2d")
            return "" if has_body else "the answer has no body"
        if operation.body is None:
            return "the request has no body"
        member = unescape(source.partition("#")[2].strip("/").partition("/")[0])
        for part in operation.body.node["content"].values():
            schema = part.get("schema", {})
            if not member or member in self._typer.properties(schema) or not self._typer.properties(schema):
                return ""
        return f"the request's body declares no {member!r}"
