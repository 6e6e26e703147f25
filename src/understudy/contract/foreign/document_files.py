"""Files of a foreign document: its entry and what it refers to, read leniently and within limits."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urljoin, urlsplit

import orjson
import yaml

from understudy.contract.document_cache import digest_of
from understudy.contract.foreign.hints import HINT
from understudy.contract.foreign.other_documents import describe_text, describe_value
from understudy.contract.foreign.yaml_values import MAX_DEPTH, YamlLimit, parse_yaml
from understudy.core.json_pointer import unescape
from understudy.core.misconfigured import Misconfigured, nearest

MAX_BYTES = 64 * 1024 * 1024
"""Greatest size of one file, in bytes."""

MAX_FILES = 10_000
"""Greatest number of files of one document."""

CHECKED = frozenset({dict, list, int})
VERSIONS = ("openapi", "swagger")
MISSING = ""
"""Digest of a file that could not be read."""

ENTRY_SUFFIXES = (".json", ".yaml", ".yml")


def is_url(text: str) -> bool:
    """Return whether a text is a URL of a web server."""
    return text.startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True)
class Place:
    """Place of a node: its file, and its JSON pointer there without ``#``."""

    file: str
    pointer: str = ""

    def __truediv__(self, name: str | int) -> "Place":
        part = str(name).replace("~", "~0").replace("/", "~1")
        return Place(self.file, f"{self.pointer}/{part}")


@dataclass(slots=True)
class DocumentFiles:
    """Files of one document by address, a path or a URL; each is read when a reference leads to it.

    References stay below the folder of the entry; those to web servers only lead to ``hosts``.
    """

    entry: str
    hosts: Collection[str] = ()
    digests: dict[str, str] = field(default_factory=dict)
    hinted: set[str] = field(default_factory=set)
    """Addresses of the files that may have hints, by their texts."""

    _parsed: dict[str, Any] = field(default_factory=dict)
    _addresses: dict[tuple[str, str], str] = field(default_factory=dict)
    """Addresses by the reference and the folder of the file that refers: to find out where links lead takes long."""
    _failed: dict[str, str] = field(default_factory=dict)
    """Reasons for which files could not be read: none is tried twice."""

    def read_entry(self) -> Mapping[str, Any]:
        """Return the entry's content; raise ``Misconfigured`` if it cannot be read, or is no OpenAPI document."""
        if self.entry in self._parsed:
            return cast("Mapping[str, Any]", self._parsed[self.entry])
        text = read_bytes(self.entry, self.hosts)
        try:
            raw = parse_text(self.entry, text)
        except Misconfigured:
            kind = describe_text(text)
            if not kind:
                raise
            raise Misconfigured(f"{self.entry}: no OpenAPI document: it seems to be {kind}") from None
        if not is_document(raw):
            kind = describe_text(text) or describe_value(raw)
            raise Misconfigured(f"{self.entry}: no OpenAPI document: it seems to be {kind}")
        self.digests[self.entry] = digest_of(text)
        self._parsed[self.entry] = raw
        self._note_hints(self.entry, text)
        return cast("Mapping[str, Any]", raw)

    def replace_entry(self, raw: Any) -> None:
        """Put other content in the entry's place, for all references too; raise ``Misconfigured`` for no document."""
        if not is_document(raw):
            raise Misconfigured(f"{self.entry}: not an OpenAPI document after its overlays")
        self._parsed[self.entry] = raw
        self.hinted.add(self.entry)

    def parts_with(self, key: str) -> Iterator[tuple[Place, Any]]:
        """Yield the places of a key in the files that may have hints, and its values, however deep."""
        for file in sorted(self.hinted):
            todo = [(Place(file), self._parsed[file])]
            while todo:
                place, node = todo.pop()
                if isinstance(node, Mapping) and key in node:
                    yield place / key, node[key]
                inner = node.items() if isinstance(node, Mapping) else enumerate(node) if isinstance(node, list) else ()
                todo += [(place / name, part) for name, part in inner if isinstance(part, Mapping | list)]

    def _note_hints(self, file: str, text: bytes) -> None:
        if HINT.encode() in text:
            self.hinted.add(file)

    def at(self, reference: str, origin: str) -> tuple[Any, Place]:
        """Return the node that a ``$ref`` of the file ``origin`` leads to, and its place.

        Raise ``LookupError`` with the reason if it leads nowhere.
        """
        address, _, fragment = reference.partition("#")
        file = self._addressed(address, origin) if address else origin
        if file not in self._parsed and file in self._failed:
            raise LookupError(self._failed[file])
        try:
            node = self._read(file)
        except Misconfigured as error:
            self._failed[file] = str(error)
            self.digests.setdefault(file, MISSING)
            raise LookupError(str(error)) from None
        pointer = unquote(fragment)
        for part in pointer.split("/")[1:]:
            node = _step(node, unescape(part), reference)
        if pointer and not pointer.startswith("/"):
            raise LookupError(f"{reference!r} names no place")
        return node, Place(file, pointer)

    def shown(self, place: Place) -> str:
        """Return a place as text: the pointer, after the file's name unless it is the entry."""
        if place.file == self.entry:
            return f"#{place.pointer}"
        name = place.file if is_url(place.file) else Path(place.file).relative_to(Path(self.entry).parent).as_posix()
        return f"{name}#{place.pointer}"

    def _addressed(self, address: str, origin: str) -> str:
        key = (address, origin.rpartition("/")[0])
        found = self._addresses.get(key)
        if found is None:
            found = self._addresses[key] = self._address(address, origin)
        return found

    def _address(self, address: str, origin: str) -> str:
        if is_url(address) or is_url(origin):
            return self._url(address, origin)
        folder = Path(self.entry).parent.resolve()
        try:
            path = (Path(origin).parent / unquote(address)).resolve()
        except (ValueError, OSError, RuntimeError):
            raise LookupError(f"{address!r} is no path") from None
        if not path.is_relative_to(folder):
            raise LookupError(f"{address!r} is outside the document's folder")
        return str(path)

    def _url(self, address: str, origin: str) -> str:
        try:
            url = urljoin(origin, address)
            host = urlsplit(url).hostname
        except ValueError:
            host = None
        if host is None or not is_url(url):
            raise LookupError(f"{address!r} is no address of a web server")
        own = urlsplit(self.entry).hostname if is_url(self.entry) else None
        if host != own and host not in self.hosts:
            raise LookupError(f"{address!r} is on {host}: --remote-refs {host} allows it")
        return url

    def _read(self, file: str) -> Any:
        if file not in self._parsed:
            if len(self._parsed) >= MAX_FILES:
                raise Misconfigured(f"{self.entry}: refers to more than {MAX_FILES} files")
            text = read_bytes(file, self.hosts)
            self.digests[file] = digest_of(text)
            self._parsed[file] = parse_text(file, text)
            self._note_hints(file, text)
        return self._parsed[file]


def _step(node: Any, name: str, reference: str) -> Any:
    if isinstance(node, Mapping) and name in node:
        return node[name]
    if isinstance(node, list) and name.isdigit() and int(name) < len(node):
        return node[int(name)]
    raise LookupError(f"nothing is at {reference!r}")


def read_bytes(address: str, hosts: Collection[str] = ()) -> bytes:
    """Return the content of a file or URL; raise ``Misconfigured`` if it cannot be read or is over the limit.

    A URL may redirect to these ``hosts``.
    """
    text = _fetch(address, hosts) if is_url(address) else _read_file(Path(address))
    if len(text) > MAX_BYTES:
        raise Misconfigured(f"{address}: is over {MAX_BYTES} bytes")
    return text


def _read_file(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise Misconfigured(f"{path}: is no file")  # to read a pipe or a device might never end
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise Misconfigured(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from None


def _fetch(url: str, hosts: Collection[str]) -> bytes:
    """Return the content of a URL; the module that fetches it takes long to import."""
    found: bytes = import_module("understudy.contract.foreign.fetching").fetch(url, MAX_BYTES, hosts)
    return found


def parse_text(address: str, text: bytes) -> Any:
    """Return the value of a JSON or YAML text; raise ``Misconfigured`` for one that is neither, or too deep."""
    text = text.removeprefix(b"\xef\xbb\xbf")
    try:
        return bounded(address, orjson.loads(text))
    except orjson.JSONDecodeError:
        pass
    if text.lstrip()[:1] == b"{":
        try:
            return bounded(address, _lenient_json(text))
        except (ValueError, RecursionError):
            pass
    return _parse_yaml(address, text)


def _lenient_json(text: bytes) -> Any:
    """Return the value of a JSON text with control characters, NaN (as null) or halves of characters (as ``?``)."""
    value = json.loads(text, strict=False, parse_constant=lambda _: None)
    return orjson.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


def _parse_yaml(address: str, text: bytes) -> Any:
    try:
        return parse_yaml(text)
    except yaml.YAMLError as error:
        raise _not_yaml(address, error, text) from None
    except YamlLimit as limit:
        raise Misconfigured(f"{address}{limit}") from None


def _not_yaml(address: str, error: yaml.YAMLError, text: bytes) -> Misconfigured:
    mark = getattr(error, "problem_mark", None)
    line = f":{mark.line + 1}" if mark else ""
    why = " ".join(str(getattr(error, "problem", None) or error).split())
    if mark and "cannot start" in why and b"".join(text.splitlines()[mark.line : mark.line + 1]).startswith(b"\t"):
        why = "found a tab character at the start of the line"
    begin = getattr(error, "context_mark", None)
    if mark and begin and begin.line != mark.line:
        why += f" ({' '.join(str(error.context).split())} of line {begin.line + 1})"  # type: ignore[attr-defined]
    return Misconfigured(f"{address}{line}: neither JSON nor YAML: {why}")


def bounded(address: str, value: Any) -> Any:
    """Return the value of a JSON text in numbers that can be written; raise ``Misconfigured`` for one too deep."""
    try:
        return _with_known_numbers(value, 0)
    except (OverflowError, RecursionError):
        raise Misconfigured(f"{address}: is nested deeper than {MAX_DEPTH} levels") from None


def _with_known_numbers(node: Any, depth: int) -> Any:
    """Return a value with integers that JSON can be written with: larger ones become floats."""
    if depth >= MAX_DEPTH:
        raise OverflowError
    if type(node) is dict:
        for key, value in node.items():
            if type(value) in CHECKED:
                node[key] = _with_known_numbers(value, depth + 1)
    elif type(node) is list:
        for number, value in enumerate(node):
            if type(value) in CHECKED:
                node[number] = _with_known_numbers(value, depth + 1)
    elif type(node) is int and not -(2**63) <= node < 2**64:
        return float(node) if abs(node) < 10**300 else str(node)
    return node


def find_entries(spec: str) -> list[str]:
    """Return the addresses of documents: of the file or URL itself, or of each document that lies in a folder.

    Raise ``Misconfigured`` if there is none.
    """
    if is_url(spec):
        return [spec]
    if not spec:
        raise Misconfigured("'' names no document: give a file, a folder or a URL")
    if "://" in spec:
        raise Misconfigured(f"{spec}: give a path, or a URL that begins with http:// or https://")
    path = Path(spec).expanduser()
    if not path.exists():
        raise Misconfigured(f"{spec}: no such file or folder{nearest(path.name, names_beside(path))}")
    if not path.is_dir():
        return [str(path.resolve())]
    files = [each for each in sorted(path.iterdir()) if each.suffix.lower() in ENTRY_SUFFIXES]
    entries = [each for each in files if _is_entry(each)]
    if not entries:
        names = ", ".join(each.name for each in files[:3]) or "no JSON or YAML file at all"
        raise Misconfigured(f"{spec}: holds no OpenAPI document ({names})")
    return [str(each.resolve()) for each in entries]


def names_beside(path: Path) -> list[str]:
    """Return the names of the folders and possible documents beside a missing file; none if its folder is missing."""
    if not path.parent.is_dir():
        return []
    beside = path.parent.iterdir()
    return sorted(each.name for each in beside if each.is_dir() or each.suffix.lower() in ENTRY_SUFFIXES)


def _is_entry(path: Path) -> bool:
    """Return whether a file is a document; others may lie beside it, readable or not."""
    try:
        return is_document(parse_text(str(path), read_bytes(str(path))))
    except Misconfigured:
        return False


def is_document(raw: Any) -> bool:
    """Return whether a parsed text is an OpenAPI or Swagger document."""
    return isinstance(raw, Mapping) and any(key in raw for key in VERSIONS)
