"""Changes between two versions of a document, operation by operation, with their effect on clients."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from understudy.changes.change import Change, Effect
from understudy.changes.schema_changes import DEFAULT, SchemaChange, SchemaView, schema_changes
from understudy.contract.compiled_operations import Operation, Response
from understudy.contract.document import Document
from understudy.contract.parameters import Parameter

TEMPLATE = re.compile(r"\{[^{}]*\}")
BREAKS_READERS = frozenset(("type", "nullable", "required"))
"""Keywords of a response whose widening a client notices in any case; of the others a strict client does."""

REQUEST, RESPONSE = "request", "response"
FORMS = (("style", "form"), ("explode", None), ("allowReserved", False))


@dataclass(frozen=True, slots=True)
class Version:
    """Version of a document, with its compiled operations."""

    document: Document
    operations: Sequence[Operation]


def document_changes(old: Version, new: Version) -> list[Change]:
    """Return the changes from one version to another, those of the whole document first, then by operation."""
    pairs = pair_operations(old, new)
    found = list(_base_path_changes(old, new, pairs))
    paired = {each.id for each in pairs.values()}
    for one in old.operations:
        if one.id in pairs:
            found.extend(_Pair(old.document, new.document, one, pairs[one.id]).changes())
        else:
            deprecated = " (it was deprecated)" if one.node.get("deprecated") else ""
            message = f"the operation is removed{deprecated}"
            found.append(Change(Effect.BREAKING, one.id, _at(one), "path", "removed", message))
    added = [each for each in new.operations if each.id not in paired]
    message = "the operation is added"
    found.extend(Change(Effect.COMPATIBLE, each.id, _at(each), "path", "added", message) for each in added)
    return found


def operation_changes(old_document: Document, new_document: Document, old: Operation, new: Operation) -> list[Change]:
    """Return the changes between two versions of one operation."""
    return list(_Pair(old_document, new_document, old, new).changes())


def pair_operations(old: Version, new: Version) -> dict[str, Operation]:
    """Return the new operation of each old operationId that has one.

    Operations of one method and path are one, whatever their parameters are called: with the base path, then below it;
    then those of one operationId.
    """
    pairs: dict[str, Operation] = {}
    keys: tuple[Callable[[Version, Operation], Any], ...] = (
        lambda version, each: _key(each, version.document.base_path),
        lambda _, each: _key(each),
        lambda _, each: each.id,
    )
    for key in keys:
        taken = {each.id for each in pairs.values()}
        left = {key(new, each): each for each in new.operations if each.id not in taken}
        for one in old.operations:
            if one.id not in pairs and key(old, one) in left:
                pairs[one.id] = left.pop(key(old, one))
    return pairs


def _key(operation: Operation, base_path: str = "") -> tuple[str, str]:
    return operation.method.upper(), TEMPLATE.sub("{}", base_path + operation.path)


def _at(operation: Operation) -> str:
    return f"{operation.method.upper()} {operation.path}"


def _base_path_changes(old: Version, new: Version, pairs: Mapping[str, Operation]) -> Iterator[Change]:
    """Yield that the base path has changed, unless the paths make up for it."""
    before, after = old.document.base_path, new.document.base_path
    moved = [one for one in old.operations if one.id in pairs and _key(one, before) != _key(pairs[one.id], after)]
    if before == after or not moved:
        return
    message = f"paths began with {before or '/'}, and begin with {after or '/'}"
    yield Change(Effect.BREAKING, "", "", "document", "servers", message)


class _Pair:
    """Two versions of one operation."""

    def __init__(self, old_document: Document, new_document: Document, old: Operation, new: Operation) -> None:
        self._old_document, self._new_document = old_document, new_document
        self._old, self._new = old, new

    def changes(self) -> Iterator[Change]:
        """Yield the changes of path, credentials, parameters, request body and responses."""
        same = _key(self._old) == _key(self._new)
        if not same and _key(self._old, self._old_document.base_path) != _key(self._new, self._new_document.base_path):
            yield self._change(Effect.BREAKING, "path", "moved", f"the operation is at {_at(self._new)} now")
        if self._old.id != self._new.id:
            message = f"the operationId is {self._new.id} now: generated clients call it so"
            yield self._change(Effect.RISKY, "document", "operationId", message)
        if self._new.node.get("deprecated") and not self._old.node.get("deprecated"):
            yield self._change(Effect.COMPATIBLE, "document", "deprecated", "the operation is deprecated now")
        yield from self._credentials()
        yield from self._parameters()
        yield from self._body()
        yield from self._responses()

    def _change(self, effect: Effect, where: str, rule: str, message: str, place: str = "", status: str = "") -> Change:
        return Change(effect, self._old.id, _at(self._old), where, rule, message, place, status)

    def _credentials(self) -> Iterator[Change]:
        old, new = (_alternatives(each) for each in (self._old, self._new))
        for alternative, shown in old.items() if old else [(frozenset(), "no credentials")]:
            if new and not any(needed <= alternative for needed in new):
                message = f"{shown} is not enough any more: {' or '.join(new.values())} is needed"
                yield self._change(Effect.BREAKING, "security", "credentials", message)

    def _parameters(self) -> Iterator[Change]:
        old, new = (self._named(each) for each in (self._old, self._new))
        for key, one in old.items():
            other = new.get(key)
            if other is None:
                message = f"the parameter {one.name} is removed"
                yield self._change(Effect.RISKY, one.where, "removed", message, one.name)
            else:
                yield from self._parameter(one, other)
        for key, other in new.items():
            if key not in old:
                effect = Effect.BREAKING if other.is_required else Effect.COMPATIBLE
                message = f"the {'required ' if other.is_required else ''}parameter {other.name} is added"
                yield self._change(effect, other.where, "added", message, other.name)

    def _parameter(self, old: Parameter, new: Parameter) -> Iterator[Change]:
        if old.is_required != new.is_required:
            effect = Effect.BREAKING if new.is_required else Effect.COMPATIBLE
            message = f"{new.name} is {'required' if new.is_required else 'optional'} now"
            yield self._change(effect, old.where, "required", message, old.name)
        for keyword, usual in FORMS:
            first, second = (each.node.get(keyword, usual) for each in (old, new))
            if first != second:
                message = f"{keyword} of {old.name} was {first}, and is {second}"
                yield self._change(Effect.BREAKING, old.where, keyword, message, old.name)
        for each in self._schema_changes(old.node.get("schema", {}), new.node.get("schema", {}), REQUEST):
            message = f"{old.name}: {each.message}"
            yield self._change(_effect(each, REQUEST), old.where, each.rule, message, old.name + each.place)

    def _body(self) -> Iterator[Change]:
        old, new = self._old.body, self._new.body
        if old is None and new is None:
            return
        if old is None or new is None:
            is_breaking = new is not None and new.is_required
            message = f"the request body is {'removed' if new is None else 'added'}"
            effect = Effect.BREAKING if is_breaking else Effect.RISKY if new is None else Effect.COMPATIBLE
            yield self._change(effect, REQUEST, "body", message)
            return
        if old.is_required != new.is_required:
            effect = Effect.BREAKING if new.is_required else Effect.COMPATIBLE
            message = f"the request body is {'required' if new.is_required else 'optional'} now"
            yield self._change(effect, REQUEST, "required", message)
        yield from self._media(old.node, new.node, REQUEST, "")

    def _media(self, old: Mapping[str, Any], new: Mapping[str, Any], where: str, status: str) -> Iterator[Change]:
        first, second = old.get("content", {}), new.get("content", {})
        for media, part in first.items():
            if media not in second:
                message = f"the media type {media} is removed"
                yield self._change(Effect.BREAKING, where, "media type", message, status=status)
                continue
            for each in self._schema_changes(part.get("schema", {}), second[media].get("schema", {}), where):
                yield self._change(_effect(each, where), where, each.rule, each.message, each.place, status)
        for media in second:
            if media not in first:
                message = f"the media type {media} is added"
                yield self._change(Effect.COMPATIBLE, where, "media type", message, status=status)

    def _responses(self) -> Iterator[Change]:
        old, new = self._old.responses, self._new.responses
        for status, one in old.items():
            other = new.get(status)
            if other is None and not _covers(new, status):
                effect = Effect.BREAKING if _is_success(status) else Effect.RISKY
                yield self._change(effect, RESPONSE, "status", f"the status {status} is removed", status=status)
            elif other is not None:
                yield from self._media(one.node, other.node, RESPONSE, status)
                yield from self._headers(one, other, status)
        for status in new:
            if status not in old and not _covers(old, status):
                effect = Effect.RISKY if _is_success(status) else Effect.COMPATIBLE
                yield self._change(effect, RESPONSE, "status", f"the status {status} is added", status=status)

    def _headers(self, old: Response, new: Response, status: str) -> Iterator[Change]:
        first, second = ({each.name.lower(): each for each in found.headers} for found in (old, new))
        for key, one in first.items():
            other = second.get(key)
            if other is None:
                effect = Effect.BREAKING if one.is_required else Effect.RISKY
                message = f"the header {one.name} is removed"
                yield self._change(effect, RESPONSE, "header", message, one.name, status)
                continue
            if one.is_required and not other.is_required:
                message = f"the header {one.name} is optional now"
                yield self._change(Effect.BREAKING, RESPONSE, "header", message, one.name, status)
            for each in self._schema_changes(one.node.get("schema", {}), other.node.get("schema", {}), RESPONSE):
                message = f"the header {one.name}: {each.message}"
                yield self._change(_effect(each, RESPONSE), RESPONSE, each.rule, message, one.name, status)
        for key, other in second.items():
            if key not in first:
                message = f"the header {other.name} is added"
                yield self._change(Effect.COMPATIBLE, RESPONSE, "header", message, other.name, status)

    def _schema_changes(self, old: Any, new: Any, direction: str) -> Iterator[SchemaChange]:
        return schema_changes(
            SchemaView(self._old_document, old, direction), SchemaView(self._new_document, new, direction)
        )

    def _named(self, operation: Operation) -> dict[tuple[str, str], Parameter]:
        """Return the parameters by place and name: those of a path by their order in it, and headers in lower case."""
        names = TEMPLATE.findall(operation.path)
        found = {}
        for each in operation.parameters:
            name = each.name
            if each.where == "path" and f"{{{name}}}" in names:
                name = str(names.index(f"{{{name}}}"))
            elif each.where == "header":
                name = name.lower()
            found[each.where, name] = each
        return found


def _effect(change: SchemaChange, direction: str) -> Effect:
    if direction == REQUEST:
        if change.narrows:
            return Effect.BREAKING
        return Effect.RISKY if change.is_removal or change.rule == DEFAULT else Effect.COMPATIBLE
    if change.is_removal:
        return Effect.BREAKING if change.was_required else Effect.RISKY
    if change.widens and change.rule in BREAKS_READERS:
        return Effect.BREAKING
    return Effect.RISKY if change.widens else Effect.COMPATIBLE


def _alternatives(operation: Operation) -> dict[frozenset[tuple[str, ...]], str]:
    """Return the sets of credentials that an operation takes, each with its description; none means open to all."""
    found = {}
    for alternative in operation.security:
        needed: set[tuple[str, ...]] = set()
        for each in alternative:
            kind = tuple(str(each.node.get(name, "")).lower() for name in ("type", "in", "name", "scheme"))
            needed.add(kind)
            needed.update((*kind, scope) for scope in each.scopes)
        shown = " and ".join(each.scheme for each in alternative) or "no credentials"
        found[frozenset(needed)] = shown
    return found


def _covers(responses: Mapping[str, Response], status: str) -> bool:
    """Return whether a range or the default covers a status."""
    return "default" in responses or (f"{status[0]}XX" in responses and status != "default")


def _is_success(status: str) -> bool:
    return status[0] in "23"
