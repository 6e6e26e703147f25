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
from understudy.core.vendor import ReferencesFunction
from understudy.resources.resource import plain, singular
from understudy.state.collection import Collection

Collections = Mapping[str, Collection]

Names = tuple[str, ...]

MAX_SCALARS = 2000
"""Number of values of a record that are looked at."""

MAX_KEY = 200
"""Length of a key up to which a value is looked up as one."""

MAX_CANDIDATES = 5000
"""Number of records of a collection that hold a key and are looked at for a link by it."""

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


def links_of(
    collections: Collections, collection: str, key: str, references: ReferencesFunction | None
) -> list[RecordLink]:
    """Return the links of a stored record to others: those that its vendor knows, and those that its values show."""
    rows = collections[collection]
    record = rows.get(key) or {}
    own = f"/{escape(rows.table.key)}"
    known = [RecordLink(*each) for each in references(collection, record)] if references else []
    found = {(each.path, each.collection): each for each in known if _exists(collections, each)}
    for each in links_from(collections, record):
        if not (each.path == own and len(key) < MIN_DISTINCT):
            found.setdefault((each.path, each.collection), each)
    return [each for each in found.values() if (each.collection, each.key) != (collection, key)]


def _exists(collections: Collections, link: RecordLink) -> bool:
    return link.collection in collections and link.key in collections[link.collection]


def links_to(
    collections: Collections, collection: str, key: str, limit: int, references: ReferencesFunction | None
) -> Steps[list[Json]]:
    """Return, by collection, the keys of the records that link to a record: at most ``limit`` of each, oldest first."""
    found: list[Json] = []
    for name in collections:
        if name.startswith("@"):
            continue
        linking = yield from _linking(collections, name, (collection, key), limit, references)
        if linking:
            keys, path = list(linking), next(iter(linking.values()))
            found.append({"collection": name, "path": path, "keys": keys[:limit], "has_more": len(keys) > limit})
    return found


def _linking(
    collections: Collections,
    name: str,
    target: tuple[str, str],
    limit: int,
    references: ReferencesFunction | None,
) -> Steps[dict[str, str]]:
    """Return the keys of a collection's records that link to a target, each with the path of its first such link.

    One more than the limit are looked for, among the first records that hold the key as a whole value.
    """
    rows, found = collections[name], dict[str, str]()
    candidates = 0
    written = target[1] if references is None else target[1].rpartition("/")[2]  # a composed key may be in parts
    whole = _whole_value(written)
    sought = orjson.dumps(written)[1:-1]
    keys = rows.keys()
    for start in range(0, len(keys), KEYS_PER_STEP):
        part = rows.stored(keys[start : start + KEYS_PER_STEP])
        holding = [position for position, row in enumerate(part, start) if sought in row and whole.search(row)]
        for position in holding:
            candidates += 1
            links = [] if (name, keys[position]) == target else links_of(collections, name, keys[position], references)
            path = next((link.path for link in links if (link.collection, link.key) == target), "")
            if path:
                found[keys[position]] = path
            if len(found) > limit or candidates == MAX_CANDIDATES:
                return found
            yield
        yield
    return found


def _whole_value(key: str) -> re.Pattern[bytes]:
    """Return the pattern of a key in a JSON text: a text, a number, or a part between slashes."""
    sought = re.escape(orjson.dumps(key)[1:-1])
    return re.compile(rb'["/]' + sought + rb'["/]|[:\[,]' + sought + rb"[,}\]]")


def _scalars(value: Any) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield the pointer of each scalar in a JSON value, the names of the last two members above it, and its text.

    A long list is not gone through at once.
    """
    places: list[Iterator[tuple[str, Names, Any]]] = [iter([("", (), value)])]
    while places:
        following = next(places[-1], None)
        if following is None:
            places.pop()
            continue
        path, names, part = following
        if isinstance(part, dict):
            places.append(_members(path, names, part))
        elif isinstance(part, list):
            places.append(_items(path, names, part))
        elif isinstance(part, str | int) and not isinstance(part, bool) and 0 < len(str(part)) <= MAX_KEY:
            yield path, names, str(part)


def _members(path: str, names: Names, part: Mapping[str, Any]) -> Iterator[tuple[str, Names, Any]]:
    return ((f"{path}/{escape(name)}", (*names, name)[-2:], each) for name, each in part.items())


def _items(path: str, names: Names, part: Sequence[Any]) -> Iterator[tuple[str, Names, Any]]:
    return ((f"{path}/{number}", names, each) for number, each in enumerate(part))


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
