"""Values of YAML texts, built from the parser's events: without recursion, and within limits of depth and size.

The parser's own way from text to values calls itself for each level, and a deep text makes it crash the process.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from understudy.contract.document import SpecLoader

MAX_DEPTH = 200
MAX_VALUES = 5_000_000
"""Greatest number of values, each alias counted with all values that it stands for."""

TAG = "tag:yaml.org,2002:"
READERS: dict[str, Callable[[str], Any]] = {
    f"{TAG}null": lambda _text: None,
    f"{TAG}bool": lambda text: text[0] in "tT",
    f"{TAG}int": int,
    f"{TAG}float": float,
}
MERGE = "<<"
"""Key whose value, one object or a list of them, gives the keys that the object itself lacks."""


class YamlLimit(Exception):  # noqa: N818 - a fact about a text
    """Text of which no value is made: too deep, too large, or one that JSON cannot have."""


@dataclass(slots=True)
class _Open:
    """List or object whose end has not been read: its anchor, the values before it, its depth, and its next key."""

    value: Any
    anchor: str | None
    before: int
    key: str | None = None
    depth: int = 1
    merged: list[Any] | None = None


@dataclass(frozen=True, slots=True)
class _Anchored:
    value: Any
    count: int
    depth: int


def parse_yaml(text: bytes) -> Any:
    """Return the value of a YAML text, with keys that are texts; raise ``YAMLError`` or ``YamlLimit``."""
    builder = _Builder()
    for event in yaml.parse(text, yaml.CSafeLoader):
        builder.read(event)
    return builder.value


class _Builder:
    """Builder of one text's value from events."""

    def __init__(self) -> None:
        self.value: Any = None
        self._open: list[_Open] = []
        self._anchors: dict[str, _Anchored] = {}
        self._count = 0
        self._documents = 0

    def read(self, event: Any) -> None:
        """Add the value of an event, or open or close a list or object."""
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.CollectionStartEvent):
            self._start([] if isinstance(event, yaml.SequenceStartEvent) else {}, event)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise _limit(event, "a second document begins here")

    def _scalar(self, event: Any) -> None:
        self._add_count(event, 1, 0)
        outer = self._open[-1] if self._open else None
        if outer is not None and outer.key is None and type(outer.value) is dict:
            outer.key = event.value
            self._anchor(event, event.value, 1, 0)
            return
        value = _value_of(event)
        self._anchor(event, value, 1, 0)
        self._put(value)

    def _start(self, value: Any, event: Any) -> None:
        if self._open and self._open[-1].key is None and type(self._open[-1].value) is dict:
            raise _limit(event, "a key is a list or an object")
        if len(self._open) >= MAX_DEPTH:
            raise _limit(event, f"is nested deeper than {MAX_DEPTH} levels")
        self._open.append(_Open(value, event.anchor, self._count))
        self._add_count(event, 1, 0)

    def _close(self) -> None:
        closed = self._open.pop()
        for each in closed.merged or ():
            for key, value in each.items():
                closed.value.setdefault(key, value)
        if closed.anchor:
            self._anchors[closed.anchor] = _Anchored(closed.value, self._count - closed.before, closed.depth)
        if self._open:
            self._open[-1].depth = max(self._open[-1].depth, closed.depth + 1)
        self._put(closed.value)

    def _alias(self, event: Any) -> None:
        found = self._anchors.get(event.anchor)
        if found is None:
            raise _limit(event, f"*{event.anchor} stands for nothing that ends before it")
        self._add_count(event, found.count, found.depth)
        outer = self._open[-1] if self._open else None
        if outer is not None and outer.key is None and type(outer.value) is dict:
            outer.key = str(found.value)
            return
        if outer is not None:
            outer.depth = max(outer.depth, found.depth + 1)
        self._put(found.value)

    def _put(self, value: Any) -> None:
        if not self._open:
            self.value = value
            return
        outer = self._open[-1]
        if type(outer.value) is list:
            outer.value.append(value)
            return
        key, outer.key = outer.key or "", None
        parts = value if type(value) is list else [value]
        if key == MERGE and all(type(each) is dict for each in parts):
            outer.merged = [*(outer.merged or ()), *parts]
        else:
            outer.value[key] = value

    def _add_count(self, event: Any, count: int, depth: int) -> None:
        self._count += count
        if self._count > MAX_VALUES:
            raise _limit(event, f"has more than {MAX_VALUES} values")
        if len(self._open) + depth > MAX_DEPTH:
            raise _limit(event, f"is nested deeper than {MAX_DEPTH} levels")

    def _anchor(self, event: Any, value: Any, count: int, depth: int) -> None:
        if event.anchor:
            self._anchors[event.anchor] = _Anchored(value, count, depth)


def _value_of(event: Any) -> Any:
    """Return the value of a scalar: a bare text is read as JSON's types are, one in quotes stays a text."""
    text: str = event.value
    tag = event.tag
    if tag is None and event.implicit[0]:
        for name, pattern in SpecLoader.yaml_implicit_resolvers.get(text[:1], ()):
            if pattern.match(text):
                tag = name
                break
    reader = READERS.get(tag or "")
    if reader is None:
        return text
    try:
        value = reader(text)
    except ValueError:
        return text
    return _finite(value) if type(value) in (int, float) else value


def _finite(value: float) -> float | str:
    """Return a number as JSON can have it: of 64 bits, or else a float, or else a text."""
    if type(value) is int:
        if -(2**63) <= value < 2**64:
            return value
        return float(value) if abs(value) < 10**300 else str(value)[:400]
    return value if abs(value) < 1e308 else str(value)


def _limit(event: Any, why: str) -> YamlLimit:
    return YamlLimit(f":{event.start_mark.line + 1}: {why}")
