"""Ids of the real service with those that the stand-in has for the same records.

A record that both have created has two ids: later calls name the real one, and the stand-in is asked for its own.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

import orjson

ID_NAME = re.compile(r"(?:(?P<owner>.*?)[_-])?(?:id|uuid|guid)|(?P<camel>.*[a-z0-9])(?:Id|ID|Uuid|UUID|Guid)")
"""Name of an id: ``id``, ``order_id``, ``orderId``; the owner is the kind of record that it is of."""

MAX_IDS = 100_000
MAX_DEPTH = 20
MIN_UNIQUE = 6
"""Length from which an id that is no number is taken to be that of one record of any kind."""


class KnownIds:
    """Ids by kind of record and id of the real service.

    ``credentials`` has the stand-in's own, by the names of the parameters that take them.
    """

    def __init__(self, credentials: Mapping[str, Any]) -> None:
        self._given = {_plain(name): value for name, value in credentials.items() if isinstance(value, str)}
        self._ids: dict[tuple[str, str], str] = {}

    def take_path(self, path_values: Mapping[str, str]) -> None:
        """Take the ids in a path whose parameters are named like one of the credentials, such as a workspace's."""
        for name, value in path_values.items():
            given = self._given.get(_plain(name))
            if given is not None:
                self._ids.setdefault(("", value), given)

    def pair(self, path: str, real: Any, own: Any) -> None:
        """Take the ids that stand at the same places of two answers to one request; ``path`` is the operation's."""
        for name, value, other in _pairs(real, own, 0):
            owner = _owner(name, path)
            if owner is not None and value != other and len(self._ids) < MAX_IDS:
                self._ids.setdefault((owner, value), other)
                if len(value) >= MIN_UNIQUE and not value.isdecimal():
                    self._ids.setdefault(("", value), other)

    def translated(self, path: str, query: bytes, body: bytes) -> tuple[str, bytes, bytes]:
        """Return a path, a query and a body with the stand-in's ids."""
        if not self._ids:
            return path, query, body
        segments = path.split("/")
        made = [self._text(before, each) for before, each in zip(["", *segments], segments, strict=False)]
        pairs = [self._query_pair(each, path) for each in query.decode("latin-1").split("&")]
        return "/".join(made), "&".join(pairs).encode("latin-1"), self._body(body, path)

    def _find(self, owner: str, value: str) -> str | None:
        return self._ids.get((_kind(owner), value)) or self._ids.get(("", value))

    def _text(self, owner: str, text: str) -> str:
        own = self._find(owner, unquote(text))
        return text if own is None else quote(own, safe="")

    def _query_pair(self, pair: str, path: str) -> str:
        name, equals, value = pair.partition("=")
        return f"{name}{equals}{self._text(_owner(name, path) or '', value)}"

    def _body(self, body: bytes, path: str) -> bytes:
        try:
            value = orjson.loads(body) if body else None
        except orjson.JSONDecodeError:
            return body
        found = self._value(value, "", path)
        return body if found == value else orjson.dumps(found)

    def _value(self, value: Any, name: str, path: str) -> Any:
        if isinstance(value, dict):
            return {key: self._value(part, key, path) for key, part in value.items()}
        if isinstance(value, list):
            return [self._value(part, name, path) for part in value]
        owner = _owner(name, path)
        if not _is_id(value) or (owner is None and not isinstance(value, str)):
            return value
        own = self._find(owner or "", str(value))
        if own is None:
            return value
        return int(own) if isinstance(value, int) and own.isdecimal() else own


def _owner(name: str, path: str) -> str | None:
    """Return the kind of record that a name is an id of: its own, else the path's; ``None`` for another name."""
    found = ID_NAME.fullmatch(name)
    if found is None:
        return None
    fixed = [each for each in path.split("/") if each and not each.startswith("{")]
    return _kind(found["owner"] or found["camel"] or (fixed[-1] if fixed else ""))


def _kind(word: str) -> str:
    return _plain(word).removesuffix("s")


def _pairs(real: Any, own: Any, depth: int) -> Iterator[tuple[str, str, str]]:
    """Yield name and both texts of the members that two values have at the same places."""
    if depth > MAX_DEPTH:
        return
    if isinstance(real, list) and isinstance(own, list):
        for one, other in zip(real, own, strict=False):
            yield from _pairs(one, other, depth + 1)
    elif isinstance(real, dict) and isinstance(own, dict):
        for name, value in real.items():
            other = own.get(name)
            if isinstance(value, dict | list):
                yield from _pairs(value, other, depth + 1)
            elif _is_id(value) and _is_id(other):
                yield name, str(value), str(other)


def _is_id(value: Any) -> bool:
    return (isinstance(value, str) and 0 < len(value) <= 128) or (
        isinstance(value, int) and not isinstance(value, bool)
    )


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
