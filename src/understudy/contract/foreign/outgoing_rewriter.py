"""Rewriting of the requests that a foreign document says its server sends: callbacks of operations, and webhooks."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from understudy.contract.document import METHODS
from understudy.contract.foreign.document_files import Place
from understudy.contract.foreign.hints import HINT
from understudy.core.runtime_expressions import fault_of

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OutgoingParts:
    """Functions that rewrite a document's parts: follow references, make bodies and parameters, note, read hints."""

    resolve: Callable[[Any, Place], tuple[Node, Place]]
    body: Callable[[Node, Place], dict[str, Any] | None]
    parameter: Callable[[Node, Place], dict[str, Any] | None]
    note: Callable[[str, Place, str], None]
    hint: Callable[[Node, str, Place], dict[str, Any]]


class OutgoingRewriter:
    """Rewriter of callbacks and webhooks. Those that it cannot read are noted and left out."""

    def __init__(self, parts: OutgoingParts) -> None:
        self._parts = parts

    def callbacks(self, found: Any, place: Place) -> dict[str, Any]:
        """Return an operation's callbacks by name: path items by the expression of their URL."""
        made: dict[str, Any] = {}
        for name, node in self._members(found, place, "callback"):
            callback, where = self._parts.resolve(node, place / name)
            for expression, item in self._members(callback, where, "callback"):
                reason = fault_of(expression)
                if reason:
                    self._parts.note("callback", where / expression, f"is not sent: {reason}")
                    continue
                requests = self._requests(item, where / expression, "callback")
                if requests:
                    made.setdefault(name, {})[expression] = requests
        return made

    def webhooks(self, found: Any, place: Place) -> dict[str, Any]:
        """Return a document's webhooks: path items by name."""
        made: dict[str, Any] = {}
        for name, node in self._members(found, place, "webhook"):
            requests = self._requests(node, place / name, "webhook")
            item, where = self._parts.resolve(node, place / name)
            hint = self._parts.hint(item, "webhook", where)
            for method in METHODS:
                if isinstance(item.get(method), Mapping):
                    hint |= self._parts.hint(item[method], "webhook", where / method)
            if requests:
                made[name] = {**requests, **({HINT: hint} if hint else {})}
        return made

    def _members(self, found: Any, place: Place, kind: str) -> Iterator[tuple[str, Any]]:
        if not isinstance(found, Mapping):
            self._parts.note(kind, place, "is no object, and not sent")
            return
        yield from ((str(name), node) for name, node in found.items() if not str(name).startswith("x-"))

    def _requests(self, node: Any, place: Place, kind: str) -> dict[str, Any]:
        """Return the requests of a path item by method: body and headers."""
        if not isinstance(node, Mapping):
            self._parts.note(kind, place, "is no object, and not sent")
            return {}
        item, where = self._parts.resolve(node, place)
        made = {}
        for method in METHODS:
            if method not in item:
                continue
            if not isinstance(item[method], Mapping):
                self._parts.note(kind, where / method, "is no object, and not sent")
                continue
            operation, spot = self._parts.resolve(item[method], where / method)
            made[method] = self._request(operation, spot, [*self._listed(item, where), *self._listed(operation, spot)])
        if not made:
            self._parts.note(kind, place, "has no request, and is not sent")
        return made

    def _request(self, operation: Node, place: Place, parameters: list[tuple[Any, Place]]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for node, spot in parameters:
            resolved, where = self._parts.resolve(node, spot)
            if str(resolved.get("in", "")).lower() != "header":
                continue
            header = self._parts.parameter(resolved, where)
            if header is not None:
                made.setdefault("parameters", []).append(header)
        body = self._parts.body(operation, place)
        if body is not None:
            made["requestBody"] = body
        return made

    @staticmethod
    def _listed(node: Node, place: Place) -> list[tuple[Any, Place]]:
        found = node.get("parameters")
        return [
            (each, place / "parameters" / number)
            for number, each in enumerate(found if isinstance(found, list) else ())
        ]
