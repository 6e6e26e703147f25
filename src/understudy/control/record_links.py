"""Links between the records of a vendor: the values that are keys of others, and the records that hold a key."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

import orjson

from understudy.core.json_pointer import escape
from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.resources.resource import plain, singular
from understudy.state.collection import Collection

Collections = Mapping[str, Collection]

MAX_SCALARS = 2000
"""Number of values of a record that are looked at."""

MAX_KEY = 200
"""Length of a key up to which a value is looked up as one."""

KEYS_PER_STEP = 500
"""Number of records that are looked through in one step."""

OWN_ENDINGS = ("id", "ids", "uuid", "sid", "key", "code", "name", "ref", "reference", "number", "parent")
"""Endings of names of properties that hold a key, after the name of the record that it leads to."""

MIN_DISTINCT = 12
"""Length from which a text with digits is the key of one record only, whatever the property is called."""

LETTERS = re.compile(r"[A-Za-z]")
DIGITS = re.compile(r"[0-9]")


class RecordLink(NamedTuple):
    """Value at a path of a record (a JSON pointer) that is the key of a record of a collection."""

    path: str
    collection: str
    key: str


def links_from(collections: Collections, value: Any) -> Iterator[RecordLink]:
    """Yield the links of a JSON value to records of these collections, each once for a place."""
    for path, names, text in islice(_scalars(value), MAX_SCALARS):
        for name, rows in collections.items():
            if text in rows and not name.startswith("@") and _leads_to(names, name, text):
                yield RecordLink(path, name, text)


def links_of(collections: Collections, collection: str, key: str) -> list[RecordLink]:
    """Return the links of a stored record to others."""
    rows = collections[collection]
    record = rows.get(key) or {}
    own = f"/{escape(rows.table.key)}"
    return [
        link
        for link in links_from(collections, record)
        if (link.collection, link.key) != (collection, key) and not (link.path == own and len(key) < MIN_DISTINCT)
    ]


def links_to(collections: Collections, collection: str, key: str, limit: int) -> Steps[list[Json]]:
    """Return, by collection, the keys of the records that link to a record: at most ``limit`` of each, oldest first."""
    found: list[Json] = []
    for name, rows in collections.items():
        if name.startswith("@"):
            continue
        keys: list[str] = []
        path = ""
        holding = yield from _holding(rows, key, limit * 2)
        for other in holding:
            links = [] if (name, other) == (collection, key) else links_of(collections, name, other)
            ours = [link.path for link in links if (link.collection, link.key) == (collection, key)]
            if ours:
                keys.append(other)
                path = path or ours[0]
            yield
        if keys:
            found.append({"collection": name, "path": path, "keys": keys[:limit], "has_more": len(keys) > limit})
    return found


def _holding(rows: Collection, key: str, limit: int) -> Steps[list[str]]:
    """Return the keys of the records that hold a text as a whole value, a number included; at most ``limit``."""
    sought = orjson.dumps(key)[1:-1]
    whole = re.compile(rb'"' + re.escape(sought) + rb'"|[:\[,]' + re.escape(sought) + rb"[,}\]]")
    found: list[str] = []
    keys = rows.keys()
    for start in range(0, len(keys), KEYS_PER_STEP):
        part = rows.stored(keys[start : start + KEYS_PER_STEP])
        if sought in b"\n".join(part):
            found += [keys[start + position] for position, row in enumerate(part) if whole.search(row)]
        if len(found) > limit:
            return found
        yield
    return found


def _scalars(value: Any) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield the pointer of each scalar in a JSON value, the names of the last two members above it, and its text."""
    places: list[tuple[str, tuple[str, ...], Any]] = [("", (), value)]
    while places:
        path, names, part = places.pop()
        if isinstance(part, dict):
            places += [(f"{path}/{escape(name)}", (*names, name)[-2:], each) for name, each in reversed(part.items())]
        elif isinstance(part, list):
            places += [(f"{path}/{position}", names, each) for position, each in reversed([*enumerate(part)])]
        elif isinstance(part, str | int) and not isinstance(part, bool) and 0 < len(str(part)) <= MAX_KEY:
            yield path, names, str(part)


def _leads_to(names: Sequence[str], collection: str, text: str) -> bool:
    """Return whether a value under these names leads to a collection that has its text as a key.

    A long text with letters and digits does under any name; a short one, such as a number, under the record's own.
    """
    if len(text) >= MIN_DISTINCT and LETTERS.search(text) and DIGITS.search(text):
        return True
    return any(_is_named(name, collection) for name in names)


@lru_cache(maxsize=4096)
def _is_named(name: str, collection: str) -> bool:
    """Return whether a property's name is a collection's: ``customer_id``, ``buyerCustomer``, ``customers``."""
    short, nouns = plain(name), {plain(collection), plain(singular(collection))}
    stems = {short, *(short.removesuffix(ending) for ending in OWN_ENDINGS if short != ending)}
    return any(stem == noun or stem.endswith(noun) for stem in stems for noun in nouns if noun)
