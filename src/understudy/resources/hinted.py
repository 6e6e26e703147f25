"""Hints of a document about its resources, as recognition asks for them."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.contract.foreign.hints import VIEWS
from understudy.contract.text_values import TextTyper
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.resources.resource import Place, Resource

HINT = "x-understudy"
NEED_ID = frozenset({"read", "replace", "change", "delete", "action"})


def view_hint(operation: Operation) -> Mapping[str, Any]:
    """Return the hints of an operation about the parameters by which records are shown."""
    found = operation.node.get(HINT, {})
    return {key: found[key] for key in VIEWS if key in found}


class Hinted:
    """Hints of one document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._typer = TextTyper(document)

    @staticmethod
    def is_sample(operation: Operation) -> bool:
        """Return whether an operation is left to samples."""
        return bool(operation.node.get(HINT, {}).get("sample"))

    @staticmethod
    def role(operation: Operation) -> str:
        """Return the role that an operation is given in a resource of a name; empty without one."""
        return str(operation.node.get(HINT, {}).get("role", ""))

    def place(self, operation: Operation, key: str, body: Any) -> Place | None:
        """Return the hinted place in a body: ``record``, ``list`` or ``sent``; ``None`` without such a hint."""
        text = operation.node.get(HINT, {}).get(key)
        if text is None:
            return None
        place = tuple(part for part in text.split(".") if part)
        for name in place:
            properties = self._typer.properties(body)
            if name not in properties:
                raise self._wrong(operation, f"{key}: the body has no property {name!r}{nearest(name, properties)}")
            body = properties[name]
        if key == "list" and self._typer.items(body) is None:
            raise self._wrong(operation, f"list: at {text!r} is no list")
        return place

    def name(self, operations: Iterable[Operation], schema: Any, path: str, taken: Collection[str]) -> str:
        """Return the name that a collection is given by its operations, or else by its records' schema."""
        found = self._value("resource", operations, schema)
        if found in taken:
            raise Misconfigured(f"{self._document.path}: {path}: {HINT}: another resource is named {found!r} already")
        return found

    def id_property(self, operations: Iterable[Operation], schema: Any, path: str) -> str:
        """Return the property that holds a record's id by a hint; empty without one."""
        found = self._value("id", operations, schema)
        properties = self._typer.properties(schema)
        if found and found not in properties:
            raise Misconfigured(
                f"{self._document.path}: {path}: {HINT}: records have no property {found!r}{nearest(found, properties)}"
            )
        return found

    def _value(self, key: str, operations: Iterable[Operation], schema: Any) -> str:
        nodes = [each.node.get(HINT, {}) for each in operations if not self.role(each)]
        resolved = self._document.resolve(schema)
        nodes += [resolved.get(HINT, {})] if isinstance(resolved, Mapping) else []
        return next((str(node[key]) for node in nodes if key in node), "")

    def owner(self, operation: Operation, resources: Iterable[Resource]) -> Resource:
        """Return the resource to which an operation with a role belongs; raise ``Misconfigured`` for none."""
        by_name = {each.name: each for each in resources}
        name = str(operation.node[HINT].get("resource", ""))
        if not name:
            there = ", ".join(by_name) or "none is recognised"
            raise self._wrong(operation, f"role: needs 'resource', the name of a collection (there are {there})")
        if name not in by_name:
            raise self._wrong(operation, f"role: there is no resource {name!r}{nearest(name, by_name)}")
        found = by_name[name]
        arguments = {each.argument for each in operation.parameters}
        if self.role(operation) in NEED_ID and found.id_parameter not in arguments:
            raise self._wrong(operation, f"role: no parameter is named like the id of {name}, {found.id_parameter}")
        return found

    def check_views(self, operation: Operation) -> None:
        """Raise ``Misconfigured`` if the operation has no parameter of the query that a hint names."""
        names = [each.name for each in operation.parameters if each.where == "query"]
        for key, name in view_hint(operation).items():
            if name is not False and name not in names:
                raise self._wrong(operation, f"{key}: there is no query parameter {name!r}{nearest(name, names)}")

    def _wrong(self, operation: Operation, why: str) -> Misconfigured:
        return Misconfigured(f"{self._document.path}: {operation.method.upper()} {operation.path}: {HINT}: {why}")
