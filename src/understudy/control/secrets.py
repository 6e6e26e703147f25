"""Decision which values of an exchange are credentials, by the spec and by their names, and redaction of them.

The spec decides first: the values of its security schemes and of ``format: password`` are credentials, every other
name that it declares is none. A name that it does not declare is a credential's if it looks like one, misspelt or not.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, unquote, unquote_plus

import orjson

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.contract.json_schema_validator import SHORTENED
from understudy.contract.supported_openapi import LISTED, NESTED
from understudy.control.path_secrets import credential_positions, declared_segments
from understudy.control.secret_texts import (
    HIDDEN,
    IN_PLAIN_TEXT,
    NO_KEYS,
    has_secret_end,
    hide_within,
    paired_items,
    paired_values,
)
from understudy.core.json_pointer import unescape
from understudy.core.json_types import Json
from understudy.core.steps import Steps, run_to_end

ALWAYS = frozenset(("authorization", "proxy-authorization", "cookie", "set-cookie"))
NO_CREDENTIALS = frozenset(("idempotency-key", "sec-websocket-key"))
"""Headers that are no credentials although they look like some."""

PARTS = ("secret", "token", "passw", "passphrase", "credential", "authoriz", "authoris", "apikey")
"""Texts that make a name look like a credential's wherever they stand in it."""

ENDINGS = ("key", "keys", "pwd")
WORDS = frozenset(("auth", "bearer", "jwt", "key", "keys", "pass", "pwd"))
"""Words that make a name look like a credential's."""

MISSPELT = frozenset(("secret", "token", "password", "credentials", "authorization", "bearer"))
"""Words that are recognised with a slip as well."""

LETTERS = {"".join(sorted(word)) for word in (*WORDS, *MISSPELT)}
CLOSE = 0.85
"""Ratio of equal letters from which a word is a misspelling of another."""

NAMES_PER_STEP = 256
"""Number of members of a JSON value that are looked at in one step."""

MAX_NAME = 100
"""Length of a name up to which misspellings are looked for."""

CREDENTIALS_PER_STEP = 1000
"""Number of credentials that are looked for in a text in one step."""

MIN_ECHO = 4
"""Length of a credential from which it is hidden where an error message quotes it."""

MAX_DEPTH = 200
"""Depth of a JSON value up to which it is shown as one; the control API cannot write a much deeper one."""

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
JOINED = re.compile("|".join(PARTS))
IN_TEXT = re.compile(rf"{'|'.join(PARTS)}|\b(?:{'|'.join(sorted(WORDS))})\b|api.?key", re.IGNORECASE)


class TooDeep(ValueError):  # noqa: N818 - a fact about a value
    """JSON value that is nested deeper than ``MAX_DEPTH``."""


@lru_cache(maxsize=4096)
def looks_secret(name: str) -> bool:
    """Return whether a name looks like a credential's: ``clientSecret``, ``x-api-key``, ``acces_tokne``."""
    words = [word.lower() for word in WORD.findall(name)]
    joined = "".join(words)
    return (
        JOINED.search(joined) is not None
        or (joined.endswith(ENDINGS) and not joined.endswith(NO_KEYS))
        or has_secret_end(words)
        or any(map(_is_secret_word, words if len(name) <= MAX_NAME else ()))
    )


@lru_cache(maxsize=4096)
def _is_secret_word(word: str) -> bool:
    return word in WORDS or "".join(sorted(word)) in LETTERS or _is_close(word, MISSPELT)


def _is_close(word: str, others: frozenset[str]) -> bool:
    """Return whether a word is a misspelling of another; most differ already in their lengths or letters."""
    near = [other for other in _of_like_length(len(word), others) if len(set(word).intersection(other)) > 1]
    return bool(near and get_close_matches(word, near, n=1, cutoff=CLOSE))


@lru_cache(maxsize=4096)
def _of_like_length(length: int, words: frozenset[str]) -> tuple[str, ...]:
    """Return the words that a word of this length can be a misspelling of."""
    return tuple(word for word in words if 2 * min(length, len(word)) >= CLOSE * (length + len(word)))


@lru_cache(maxsize=8192)
def _is_hidden(name: str, secret: frozenset[str], known: frozenset[str]) -> bool:
    if name in secret or name in known:
        return name in secret
    return (len(name) <= MAX_NAME and _is_close(name, secret)) or looks_secret(name)


@dataclass(frozen=True, slots=True)
class Names:
    """Names at one place of an operation's exchanges: ``secret`` of credentials, ``known`` of all that are declared."""

    secret: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    reveals: bool = False

    def hides(self, name: str) -> bool:
        """Return whether the value of a name is a credential."""
        return not self.reveals and _is_hidden(name, self.secret, self.known)

    def hide(self, value: Any, depth: int = 0) -> Any:
        """Return what ``hide_in_steps`` returns, of a value that is not large."""
        return run_to_end(self.hide_in_steps(value, depth))

    def hide_in_steps(self, value: Any, depth: int = 0) -> Steps[Any]:
        """Return a JSON value in which the members that are credentials are replaced by ``HIDDEN``, in steps.

        Raises ``TooDeep`` for a value that cannot be shown.
        """
        whole: Json = {}
        places: list[tuple[Any, Any, Any, int]] = [(whole, "", value, depth)]
        """Values to be copied yet, each with the object or list that gets the copy, its name there and the depth."""
        done = 0
        while places:
            holder, place, part, level = places.pop()
            if level > MAX_DEPTH:
                raise TooDeep
            if not isinstance(part, dict | list):
                holder[place] = self._hidden_text(part, level)
                continue
            made: Any = {} if isinstance(part, dict) else [None] * len(part)
            holder[place] = made
            secret = self._secret_members(part)
            names: Iterable[tuple[Any, Any]] = part.items() if isinstance(part, dict) else enumerate(part)
            for name, inner in names:
                is_secret = name in secret or (isinstance(part, dict) and self.hides(name))
                made[name] = HIDDEN if is_secret else self._hidden_text(inner, level + 1)
                if isinstance(inner, dict | list) and not is_secret:
                    places.append((made, name, inner, level + 1))
                done += 1
                if done % NAMES_PER_STEP == 0:
                    yield
        return whole[""]

    def _hidden_text(self, value: Any, depth: int) -> Any:
        return self.hide_within(value, depth) if isinstance(value, str) and not self.reveals else value

    def _secret_members(self, value: Json | list[Any]) -> frozenset[Any]:
        """Return the members of an object, or the items of a list, that are credentials because another names them."""
        if self.reveals:
            return frozenset()
        return paired_values(value, self.hides) if isinstance(value, dict) else paired_items(value, self.hides)

    def hide_within(self, text: str, depth: int = 0) -> str:
        """Return a text of a header or in a JSON value without its credentials, also if it is JSON itself."""
        if self.reveals:
            return text
        if text.lstrip()[:1] in ("{", "["):
            try:
                return self.hide_json_text(text, depth)
            except TooDeep:
                return HIDDEN
            except ValueError:
                if text.count("[") + text.count("{") > MAX_DEPTH:
                    return self.hide_text(text)
        return hide_within(text, self.hides)

    def credentials(self, value: Any) -> Iterator[str]:
        """Yield the texts of a JSON value that ``hide`` replaces; an empty text between two steps."""
        places, done = [value], 0
        while places:
            part = places.pop()
            if not isinstance(part, dict | list):
                continue
            secret = self._secret_members(part)
            names: Iterable[tuple[Any, Any]] = part.items() if isinstance(part, dict) else enumerate(part)
            for name, inner in names:
                if name in secret or (isinstance(part, dict) and self.hides(name)):
                    yield from _texts(inner)
                elif isinstance(inner, dict | list):
                    places.append(inner)
                done += 1
                if done % NAMES_PER_STEP == 0:
                    yield ""

    def hide_text(self, text: str) -> str:
        """Return a text that is no JSON and no form; ``HIDDEN`` if it may hold a credential."""
        if self.reveals:
            return text
        if self.secret or IN_TEXT.search(text) or IN_PLAIN_TEXT.search(text):
            return HIDDEN
        return hide_within(text, self.hides)

    def hide_json_text(self, text: str, depth: int = 0) -> str:
        """Return a JSON text without its credentials, unchanged if it has none; raise ``ValueError`` for any other."""
        value = orjson.loads(text.encode(errors="surrogateescape"))
        shown = self.hide(value, depth)
        return text if shown == value else orjson.dumps(shown).decode()


@dataclass(frozen=True, slots=True)
class Secrets:
    """Names of the credentials in an operation's exchanges, by the places where they stand.

    ``segments`` are the positions of credentials among the segments of the path, from its end. ``declared`` is given
    for a call that no operation takes: those of its segments that are not among them may be credentials.
    """

    headers: Names
    query: Names = Names()
    request: Names = Names()
    response: Names = Names()
    segments: tuple[int, ...] = ()
    declared: frozenset[str] | None = None

    def path_credentials(self, path: str) -> frozenset[str]:
        """Return the texts that look like credentials in a path that no operation takes, as sent and decoded."""
        if self.declared is None:
            return frozenset()
        parts = path.split("/")
        found = [parts[position] for position in credential_positions(path, self.declared, looks_secret)]
        return frozenset(text for part in found for text in (part, unquote(part)))

    def header(self, name: str, value: str) -> str:
        """Return the value of a header, without its credentials."""
        if self.headers.hides(name):
            return HIDDEN
        return self.query.hide_within(value)

    def target(self, path: str, query: str) -> str:
        """Return a path with its query, without their credentials."""
        parts = path.rstrip("/").split("/") if self.segments else []
        for position in self.segments:
            if len(parts) > -position:
                parts[position] = HIDDEN
        shown = "/".join(parts) + path[len(path.rstrip("/")) :] if self.segments else path
        if self.declared is not None:
            parts = path.split("/")
            for position in credential_positions(path, self.declared, looks_secret):
                parts[position] = HIDDEN
            shown = "/".join(parts)
        return f"{shown}?{hide_pairs(query, self.query)}" if query else shown

    def difference(self, found: Json) -> Json:
        """Return a difference of a call from a pattern, without credentials in its values."""
        place, *pointer = found["where"].split("/")
        names = {"request": self.request, "response": self.response, "query": self.query}.get(place)
        if names is None:
            return found
        is_secret = any(names.hides(unescape(part)) for part in pointer)
        sides = {side: found[side] for side in ("expected", "found") if side in found}
        shown = {side: HIDDEN if is_secret else _shown(value, names, not pointer) for side, value in sides.items()}
        return found | shown


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def hide_echoes(value: Any, credentials: Collection[str]) -> Steps[Any]:
    """Return a JSON value whose texts do not quote these credentials; short ones are too common to be looked for."""
    long = [each for each in credentials if len(each) >= MIN_ECHO]
    return (yield from _hide_echoes(value, long)) if long else value


def _hide_echoes(value: Any, credentials: Sequence[str]) -> Steps[Any]:
    if isinstance(value, dict):
        made = {}
        for name, part in value.items():
            made[name] = yield from _hide_echoes(part, credentials)
        return made
    if isinstance(value, list):
        items = []
        for part in value:
            item = yield from _hide_echoes(part, credentials)
            items.append(item)
        return items
    if isinstance(value, str):
        for start in range(0, len(credentials), CREDENTIALS_PER_STEP):
            for each in credentials[start : start + CREDENTIALS_PER_STEP]:
                value = _without_rests(value.replace(each, HIDDEN), each)
            yield
    return value


def _without_rests(text: str, credential: str) -> str:
    """Return a text without the beginning and the end of a credential that a message was shortened within."""
    head, cut, tail = text.partition(SHORTENED)
    if not cut:
        return text
    rests = (start for start in range(len(head) - MIN_ECHO + 1) if credential.startswith(head[start:]))
    if (start := next(rests, None)) is not None:
        head = head[:start] + HIDDEN
    ends = (end for end in range(len(tail), MIN_ECHO - 1, -1) if credential.endswith(tail[:end]))
    if (end := next(ends, None)) is not None:
        tail = HIDDEN + tail[end:]
    return head + cut + tail


REVEALED = Names(reveals=True)
NOTHING_SECRET = Secrets(REVEALED, REVEALED, REVEALED, REVEALED)


def _shown(value: Any, names: Names, is_body: bool) -> Any:  # noqa: FBT001 - one caller
    try:
        return names.hide_text(value) if is_body and isinstance(value, str) else names.hide(value)
    except TooDeep:
        return HIDDEN


def hide_pairs(text: str, names: Names) -> str:
    """Return a query or form without its credentials; all other pairs stay as they were sent."""
    return "&".join(_hide_pair(pair, names) for pair in text.split("&"))


def _hide_pair(pair: str, names: Names) -> str:
    name, equals, value = pair.partition("=")
    if not equals:
        return pair
    if names.hides(unquote_plus(name)):
        return f"{name}={HIDDEN}"
    plain = unquote_plus(value)
    if plain[:1] not in ("{", "["):
        shown = names.hide_within(plain)
        return pair if shown == plain else f"{name}={quote_plus(shown)}"
    try:
        shown = names.hide_json_text(plain)
    except ValueError:
        return pair if names.hide_text(plain) == plain else f"{name}={HIDDEN}"
    return pair if shown == plain else f"{name}={quote_plus(shown)}"


def secrets_of(documents: Iterable[Document], document: Document, operation: Operation | None) -> Secrets:
    """Return the names of the credentials in an operation's exchanges; ``None`` is a call that no operation takes.

    ``documents`` are those of all vendors: the header of another vendor's credentials is one here, too.
    """
    documents = [*documents]
    schemes = [
        scheme for each in documents for scheme in each.raw.get("components", {}).get("securitySchemes", {}).values()
    ]
    headers = ALWAYS.union(scheme["name"].lower() for scheme in schemes if scheme.get("in") == "header")
    query = frozenset(scheme["name"] for scheme in schemes if scheme.get("in") == "query")
    if operation is None:
        return Secrets(Names(headers, NO_CREDENTIALS), Names(query), declared=declared_segments(documents))
    declared = [
        (each.where, each.name, _is_password(document, each.node.get("schema"))) for each in operation.parameters
    ]
    request = operation.body.node["content"].values() if operation.body else ()
    responses = operation.responses.values()
    response = [media for each in responses for media in each.node.get("content", {}).values()]
    header_names = [name.lower() for where, name, _ in declared if where == "header"]
    header_names += [header.name.lower() for each in responses for header in each.headers]
    return Secrets(
        Names(
            headers.union(name.lower() for where, name, is_secret in declared if where == "header" and is_secret),
            NO_CREDENTIALS.union(header_names),
        ),
        Names(
            query.union(name for where, name, is_secret in declared if where == "query" and is_secret),
            frozenset(name for where, name, _ in declared if where == "query"),
        ),
        _names_in(document, request),
        _names_in(document, response),
        tuple(_secret_segments(operation.path, [name for where, name, found in declared if where == "path" and found])),
    )


def _secret_segments(path: str, names: list[str]) -> Iterator[int]:
    segments = path.rstrip("/").split("/")
    for position, segment in enumerate(segments):
        if any(f"{{{name}}}" in segment for name in names):
            yield position - len(segments)


def _names_in(document: Document, media: Iterable[Mapping[str, Any]]) -> Names:
    found: dict[str, bool] = {}
    for each in media:
        _collect(document, each.get("schema"), found, set())
    return Names(frozenset(name for name, is_secret in found.items() if is_secret), frozenset(found))


def _collect(document: Document, schema: Any, found: dict[str, bool], seen: set[int]) -> None:
    """Add the names of a schema's properties, at any depth, each with whether it is a credential's."""
    node = document.resolve(schema)
    if not isinstance(node, Mapping) or id(node) in seen:
        return
    seen.add(id(node))
    for name, part in node.get("properties", {}).items():
        found[name] = found.get(name, False) or _is_password(document, part)
        _collect(document, part, found, seen)
    for part in [*map(node.get, NESTED), *(part for key in LISTED for part in node.get(key, ()))]:
        _collect(document, part, found, seen)


def _is_password(document: Document, schema: Any) -> bool:
    node = document.resolve(schema)
    return isinstance(node, Mapping) and node.get("format") == "password"
