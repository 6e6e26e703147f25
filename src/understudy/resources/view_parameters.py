"""Parameters of a query by which a client chooses how records are shown: ``expand``, ``fields``, ``exclude``."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.contract.parameters import Parameter
from understudy.contract.text_values import TextTyper
from understudy.core.request_facts import RequestFacts
from understudy.resources.resource import Place, plain

EXPANDING, KEEPING, OMITTING = "expand", "fields", "exclude"
"""Kinds of such parameters: related records are shown, the named properties alone are, or these are left out."""

NAMES = {
    EXPANDING: frozenset(
        "expand expands expanded expanding expansion expansions expandfields include includes included including"
        " embed embeds embedded with populate".split()
    ),
    KEEPING: frozenset("fields field select selects only optfields fieldset fieldsets onlyfields".split()),
    OMITTING: frozenset("exclude excludes excluded omit omits except excludefields omitfields".split()),
}
BRACKETED = re.compile(r"(?P<name>[^\[\]]+)\[(?P<type>[^\[\]]+)\]")
OPENING, CLOSING = "({", ")}"
BETWEEN = ",; \t\n"
ALL = "*"


@dataclass(slots=True)
class Wishes:
    """Ways to show records that a request asks for: paths of names.

    ``kept`` is ``None`` if all properties are shown; ``kept_by_type`` has those of records of one JSON:API type.
    """

    expanded: list[Place] = field(default_factory=list)
    kept: list[Place] | None = None
    kept_by_type: dict[str, list[Place]] = field(default_factory=dict)
    omitted: list[Place] = field(default_factory=list)

    def below(self, place: Place) -> "Wishes":
        """Return the wishes by paths from the record, of those that begin at the body: ``data.customer``."""
        kept = None if self.kept is None else [*_below(self.kept, place)]
        omitted = [*_below(self.omitted, place)]
        return Wishes([*_below(self.expanded, place)], kept, self.kept_by_type, omitted)


class ViewParameters:
    """Parameters of one operation by which records are shown in another way."""

    def __init__(self, operation: Operation, typer: TextTyper, hint: Mapping[str, Any]) -> None:
        """Find the parameters by their names and schemas, or as a hint says: a name, or false for none."""
        self._found: list[tuple[str, str, Parameter]] = []
        for each in operation.parameters:
            kind, type_name = _meaning(each, typer, hint) if each.where == "query" else ("", "")
            if kind:
                self._found.append((kind, type_name, each))

    @property
    def names(self) -> frozenset[str]:
        """Arguments of the parameters: they select no records."""
        return frozenset(each.argument for _, _, each in self._found)

    def described(self) -> dict[str, list[str]]:
        """Return the names of the parameters by what they do."""
        made: dict[str, list[str]] = {}
        for kind, _, each in self._found:
            made.setdefault(kind, []).append(each.name)
        return made

    def wishes(self, request: RequestFacts, arguments: Mapping[str, Any]) -> Wishes | None:
        """Return the wishes of a request; ``None`` if it has none."""
        given = [each for each in self._found if is_given(request, each[2].name)]
        made = Wishes()
        for kind, type_name, parameter in given:
            _add(made, kind, type_name, arguments.get(parameter.argument))
        return made if given else None


def is_given(request: RequestFacts, name: str) -> bool:
    """Return whether a request's query has a parameter, also with brackets after its name."""
    return name in request.query or any(key.startswith(f"{name}[") for key in request.query)


def _meaning(parameter: Parameter, typer: TextTyper, hint: Mapping[str, Any]) -> tuple[str, str]:
    """Return the kind of a parameter, and the type of the records that it is about; empty texts for others."""
    for kind in NAMES:
        if kind in hint and hint[kind] == parameter.name:
            return kind, ""
    bracketed = BRACKETED.fullmatch(parameter.name)
    name, type_name = (bracketed["name"], bracketed["type"]) if bracketed else (parameter.name, "")
    for kind, names in NAMES.items():
        if plain(name) in names and kind not in hint and _holds_names(parameter, typer, kind):
            return (kind, type_name) if not type_name or kind == KEEPING else ("", "")
    return "", ""


def _holds_names(parameter: Parameter, typer: TextTyper, kind: str) -> bool:
    """Return whether a parameter takes names: a text or a list of texts, or fields by type."""
    schema = parameter.node.get("schema", {})
    if typer.kind(schema) == "object":
        return kind == KEEPING
    items = typer.items(schema)
    return bool(typer.first(schema if items is None else items).get("type", "string") == "string")


def _add(wishes: Wishes, kind: str, type_name: str, value: Any) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _add(wishes, kind, str(name), inner)
        return
    paths = [*paths_of(value)]
    if kind == EXPANDING:
        wishes.expanded += paths
    elif kind == OMITTING:
        wishes.omitted += paths
    else:
        wishes.omitted += [(path[0][1:], *path[1:]) for path in paths if path[0].startswith("-")]
        named = [path for path in paths if not path[0].startswith("-")]
        if (ALL,) in named or (paths and not named):
            return
        if type_name:
            wishes.kept_by_type.setdefault(type_name, []).extend(named)
        elif named:
            wishes.kept = [*(wishes.kept or ()), *named]


def paths_of(value: Any) -> Iterator[Place]:
    """Yield the paths in a text or texts: ``a,b.c``, ``a/b`` and ``a(b,c)`` are names joined with dots, slashes, …."""
    texts: Iterable[Any] = value if isinstance(value, list) else [value]
    for text in texts:
        if not isinstance(text, str):
            continue
        outer: list[Place] = [()]
        word = ""
        for char in f"{text},":
            if char not in OPENING + CLOSING + BETWEEN:
                word += char
                continue
            names = tuple(each for each in re.split(r"[./]", word) if each)
            word = ""
            if char in OPENING:
                outer.append(outer[-1] + names)
                continue
            if names:
                yield outer[-1] + names
            if char in CLOSING and len(outer) > 1:
                outer.pop()


def _below(paths: Iterable[Place], place: Place) -> Iterator[Place]:
    for path in paths:
        is_inside = bool(place) and path[: len(place)] == place
        if not is_inside:
            yield path
        elif path == place:
            yield (ALL,)
        else:
            yield path[len(place) :]
