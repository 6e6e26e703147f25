"""Limits of a YAML text, checked before it is parsed: depth, size with its aliases, and keys given twice."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from understudy.core.misconfigured import Misconfigured

MAX_DEPTH = 64
MAX_NODES = 5_000_000
"""Greatest number of values, each alias counted with all values that it stands for."""


@dataclass(slots=True)
class _Open:
    """List or object whose end has not been read: its anchor, the number of values before it, its keys, its depth."""

    anchor: str | None
    before: int
    keys: set[str] | None
    depth: int = 1
    is_key: bool = True


def check_yaml(path: Path, text: str | bytes) -> None:
    """Raise ``Misconfigured`` with file and line for a text that is too deep, too large, or repeats a key."""
    reader = _LimitReader(path)
    try:
        for event in yaml.parse(text, yaml.CSafeLoader):
            reader.read(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise Misconfigured(f"{path}:{mark.line + 1 if mark else 1}: not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise Misconfigured(f"{path}: not YAML: {' '.join(str(error).split())}") from error


class _LimitReader:
    """Reader of a text's events, which counts depth and values."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._count = 0
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[int, int]] = {}
        """Number of values and depth of what each anchor stands for."""

    def read(self, event: Any) -> None:
        """Count one event; raise ``Misconfigured`` at a limit."""
        if isinstance(event, yaml.CollectionEndEvent):
            self._close()
            return
        if isinstance(event, yaml.AliasEvent):
            self._add(event, *self._alias(event))
        elif isinstance(event, yaml.ScalarEvent):
            self._check_key(event)
            if event.anchor:
                self._anchors[event.anchor] = (1, 0)
            self._add(event, 1, 0)
        elif isinstance(event, yaml.CollectionStartEvent):
            before = self._count
            self._add(event, 1, 1)
            keys: set[str] | None = set() if isinstance(event, yaml.MappingStartEvent) else None
            self._open.append(_Open(event.anchor, before, keys))

    def _add(self, event: Any, count: int, depth: int) -> None:
        """Count values, and a key or value of the list or object that they are in."""
        self._count += count
        if len(self._open) + depth > MAX_DEPTH:
            raise self._error_at(event, f"is nested deeper than {MAX_DEPTH} levels")
        if self._count > MAX_NODES:
            raise self._error_at(event, f"has more than {MAX_NODES} values")
        if self._open:
            outer = self._open[-1]
            outer.depth = max(outer.depth, depth + 1)
            outer.is_key = not outer.is_key

    def _check_key(self, event: Any) -> None:
        if not self._open or self._open[-1].keys is None or not self._open[-1].is_key or event.value == "<<":
            return
        if event.value in self._open[-1].keys:
            raise self._error_at(event, f"{event.value} is given twice; keep one")
        self._open[-1].keys.add(event.value)

    def _alias(self, event: Any) -> tuple[int, int]:
        if event.anchor not in self._anchors:
            raise self._error_at(event, f"*{event.anchor} stands for nothing that ends before it")
        return self._anchors[event.anchor]

    def _close(self) -> None:
        closed = self._open.pop()
        if closed.anchor:
            self._anchors[closed.anchor] = (self._count - closed.before, closed.depth)
        if self._open:
            self._open[-1].depth = max(self._open[-1].depth, closed.depth + 1)

    def _error_at(self, event: Any, what: str) -> Misconfigured:
        return Misconfigured(f"{self._path}:{event.start_mark.line + 1}: {what}")
