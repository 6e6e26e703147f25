"""Styles of parameters other than the usual one of a single text or list: objects, ``deepObject``, labels, matrices."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from understudy.contract.document import Document
from understudy.contract.text_values import TextTyper

Pairs = Mapping[str, Sequence[str]]

BRACKETS = re.compile(r"\[([^\[\]]*)\]")
SEPARATORS = {
    "form": ",",
    "spaceDelimited": " ",
    "pipeDelimited": "|",
    "tabDelimited": "\t",
    "simple": ",",
    "label": ",",
    "matrix": ",",
}
MAX_NESTING = 20
"""Number of brackets after a name that are read."""


@dataclass(frozen=True, slots=True)
class StyledParameter:
    """Parameter of a foreign document: how its texts are found among all of a request's, and read.

    ``kind`` is ``text``, ``array`` or ``object``; ``is_json`` if its text is JSON. One that ``takes_many`` may be given
    more than once.
    """

    name: str
    style: str
    is_exploded: bool
    kind: str
    is_json: bool
    schema: Any
    typer: TextTyper
    properties: frozenset[str]
    takes_many: bool
    is_header: bool

    def collect(self, pairs: Pairs) -> Any:
        """Return the texts of a parameter of the query or of a cookie, nested as its style says; ``None`` for none."""
        if self.style == "deepObject":
            if self.kind == "array" and f"{self.name}[]" in pairs:  # as Stripe declares and takes its lists
                return list(pairs[f"{self.name}[]"])
            return nested_values(self.name, pairs)
        if self.kind == "object" and self.style == "form" and self.is_exploded and not self.is_json:
            return {name: pairs[name][-1] for name in self.properties if name in pairs} or None
        found = pairs.get(self.name)
        if found is None and self.kind == "array":
            found = pairs.get(f"{self.name}[]")  # the form of PHP and Rails
        return None if found is None else list(found)

    def value(self, texts: Any) -> Any:
        """Return the typed value of the texts: of a list of occurrences, or an object of texts."""
        if isinstance(texts, Mapping):
            return self.typer.typed(self.schema, texts)
        if self.is_json:
            try:
                return orjson.loads(texts[0])
            except orjson.JSONDecodeError:
                return texts[0]
        return self.typer.typed(self.schema, self._untyped(texts))

    def _untyped(self, texts: Sequence[str]) -> Any:
        separator = SEPARATORS.get(self.style, ",")
        if self.kind == "text":
            return self._bare(texts[0]) if len(texts) == 1 else [*texts]
        if self.kind == "array":
            if self.takes_many:
                return [*texts]
            if self.is_exploded and self.style == "matrix":
                return [part.partition("=")[2] for part in texts[0].split(";") if part]
            bare = self._bare(texts[0])
            between = "." if self.style == "label" and self.is_exploded else separator
            parts = bare.split(between) if bare else []
            return [part.strip() for part in parts] if self.is_header else parts
        bare = texts[0] if self.style == "matrix" and self.is_exploded else self._bare(texts[0])
        if self.is_exploded:
            between = {"matrix": ";", "label": "."}.get(self.style, separator)
            pairs = (part.partition("=") for part in bare.split(between) if part)
            return {name: value for name, _, value in pairs}
        parts = [part.strip() if self.is_header else part for part in bare.split(separator)]
        return dict(zip(parts[::2], parts[1::2], strict=False))

    def _bare(self, text: str) -> str:
        if self.style == "label":
            return text.removeprefix(".")
        if self.style == "matrix":
            return text.removeprefix(f";{self.name}=").removeprefix(f";{self.name}")
        return text


def compile_style(document: Document, node: Mapping[str, Any]) -> StyledParameter:
    """Return how the texts of a foreign document's parameter or header are read."""
    typer, schema = TextTyper(document), node.get("schema", {})
    kind = typer.kind(schema)
    where = node["in"]
    style = node.get("style") or ("form" if where in ("query", "cookie") else "simple")
    is_exploded = bool(node.get("explode", style == "form"))
    is_json = str(node.get("x-content", "")).endswith("json")
    is_separate = where in ("query", "cookie") and is_exploded and not is_json
    return StyledParameter(
        name=node["name"],
        style=style,
        is_exploded=is_exploded,
        kind=kind,
        is_json=is_json,
        schema=schema,
        typer=typer,
        properties=frozenset(typer.properties(schema)) if kind == "object" else frozenset(),
        takes_many=(style == "deepObject" and kind == "array")
        or (is_separate and (kind == "array" or (kind == "text" and typer.takes_list(schema)))),
        is_header=where == "header",
    )


def nested_values(name: str, pairs: Pairs) -> Any:
    """Return the object that the texts of ``name[a][b]=…`` describe, or ``None`` for none."""
    made: dict[str, Any] = {}
    for key, texts in pairs.items():
        if key.startswith(f"{name}[") and key.endswith("]"):
            path = BRACKETS.findall(key[len(name) :])[:MAX_NESTING]
            if path:
                _put(made, path, texts)
    return made or None


def nested_form(pairs: Pairs) -> dict[str, Any]:
    """Return a form's texts as nested objects: ``a[b]=1`` as ``{"a": {"b": "1"}}``, ``a[]=1`` as a list."""
    made: dict[str, Any] = {}
    for key, texts in pairs.items():
        name, bracket, rest = key.partition("[")
        path = [name, *BRACKETS.findall(bracket + rest)[:MAX_NESTING]] if name and key.endswith("]") else [key]
        _put(made, path, texts)
    return made


def _put(made: dict[str, Any], path: Sequence[str], texts: Sequence[str]) -> None:
    *outer, last = path
    is_list = last == "" and bool(outer)
    if is_list:
        *outer, last = outer
    for part in outer:
        inner = made.setdefault(part, {})
        if not isinstance(inner, dict):
            return
        made = inner
    made[last] = [*texts] if is_list or len(texts) > 1 else texts[0]
