"""Files of a foreign document: its entry and what it refers to, read leniently and within limits."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import orjson
import yaml

from understudy.contract.document import SpecLoader
from understudy.core.json_pointer import unescape
from understudy.core.misconfigured import Misconfigured

MAX_BYTES = 64 * 1024 * 1024
"""Greatest size of one file, in bytes."""

MAX_FILES = 10_000
"""Greatest number of files of one document."""

MAX_DEPTH = 200
MAX_VALUES = 20_000_000
"""Greatest number of values of a document, each alias of YAML counted with all values that it stands for."""

CHECKED = frozenset({dict, list, int})
VERSIONS = ("openapi", "swagger")
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
    _parsed: dict[str, Any] = field(default_factory=dict)

    def read_entry(self) -> Any:
        """Return the entry's content; raise ``Misconfigured`` if it cannot be read."""
        return self._read(self.entry)

    def replace_entry(self, raw: Any) -> None:
        """Put other content in the entry's place, for all references too."""
        self._parsed[self.entry] = raw

    def at(self, reference: str, origin: str) -> tuple[Any, Place]:
        """Return the node that a ``$ref`` of the file ``origin`` leads to, and its place.

        Raise ``LookupError`` with the reason if it leads nowhere.
        """
        address, _, fragment = reference.partition("#")
        file = self._address(address, origin) if address else origin
        try:
            node = self._read(file)
        except Misconfigured as error:
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

    def _address(self, address: str, origin: str) -> str:
        if is_url(address) or is_url(origin):
            url = urljoin(origin, address)
            host = urlsplit(url).hostname or ""
            own = urlsplit(self.entry).hostname if is_url(self.entry) else None
            if host != own and host not in self.hosts:
                raise LookupError(f"{address!r} is on {host}: --remote-refs {host} allows it")
            return url
        folder = Path(self.entry).parent.resolve()
        path = (Path(origin).parent / unquote(address)).resolve()
        if not path.is_relative_to(folder):
            raise LookupError(f"{address!r} is outside the document's folder")
        return str(path)

    def _read(self, file: str) -> Any:
        if file not in self._parsed:
            if len(self._parsed) >= MAX_FILES:
                raise Misconfigured(f"{self.entry}: refers to more than {MAX_FILES} files")
            text = read_bytes(file)
            self.digests[file] = digest_of(text)
            self._parsed[file] = parse_text(file, text)
        return self._parsed[file]


def _step(node: Any, name: str, reference: str) -> Any:
    if isinstance(node, Mapping) and name in node:
        return node[name]
    if isinstance(node, list) and name.isdigit() and int(name) < len(node):
        return node[int(name)]
    raise LookupError(f"nothing is at {reference!r}")


def digest_of(text: bytes) -> str:
    """Return a digest by which a changed file is recognised."""
    return blake2b(text, digest_size=16).hexdigest()


def read_bytes(address: str) -> bytes:
    """Return the content of a file or URL; raise ``Misconfigured`` if it cannot be read or is over the limit."""
    text = _fetch(address) if is_url(address) else _read_file(Path(address))
    if len(text) > MAX_BYTES:
        raise Misconfigured(f"{address}: is over {MAX_BYTES} bytes")
    return text


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Misconfigured(f"{path}: cannot be read ({error.strerror})") from None


def _fetch(url: str) -> bytes:
    """Return the content of a URL; the module that fetches it takes long to import."""
    found: bytes = import_module("understudy.contract.foreign.fetching").fetch(url, MAX_BYTES)
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
            return bounded(address, json.loads(text, strict=False))  # lone surrogates, NaN, control characters
        except (ValueError, RecursionError):
            pass
    return bounded(address, _parse_yaml(address, text))


def _parse_yaml(address: str, text: bytes) -> Any:
    _check_aliases(address, text)
    try:
        return yaml.load(text, SpecLoader)  # noqa: S506 - a safe loader, made stricter
    except yaml.YAMLError as error:
        raise _not_yaml(address, error) from None
    except (ValueError, RecursionError, TypeError) as error:
        raise Misconfigured(f"{address}: not YAML: {error}") from None


def _not_yaml(address: str, error: yaml.YAMLError) -> Misconfigured:
    mark = getattr(error, "problem_mark", None)
    line = f":{mark.line + 1}" if mark else ""
    why = " ".join(str(getattr(error, "problem", None) or error).split())
    return Misconfigured(f"{address}{line}: neither JSON nor YAML: {why}")


def _check_aliases(address: str, text: bytes) -> None:
    """Raise ``Misconfigured`` for YAML that is too deep, or whose aliases stand for too many values."""
    depth, count = 0, 0
    sizes: dict[str, int] = {}
    opened: list[tuple[str | None, int]] = []
    if b"*" not in text or b"&" not in text:
        return
    try:
        for event in yaml.parse(text, yaml.CSafeLoader):
            if isinstance(event, yaml.AliasEvent):
                count += sizes.get(str(event.anchor), MAX_VALUES)  # an alias within its own anchor has no end
            elif isinstance(event, yaml.ScalarEvent):
                count += 1
                if event.anchor:
                    sizes[event.anchor] = 1
            elif isinstance(event, yaml.CollectionStartEvent):
                opened.append((event.anchor, count))
                count += 1
                depth = max(depth, len(opened))
            elif isinstance(event, yaml.CollectionEndEvent):
                anchor, before = opened.pop()
                if anchor:
                    sizes[anchor] = count - before
            if count > MAX_VALUES or depth > MAX_DEPTH:
                raise Misconfigured(f"{address}: too many values, or levels of nesting")
    except yaml.YAMLError as error:
        raise _not_yaml(address, error) from None


def bounded(address: str, value: Any) -> Any:
    """Return a parsed value with text keys; raise ``Misconfigured`` for one that is nested too deeply."""
    try:
        return _with_text_keys(value, 0)
    except (OverflowError, RecursionError):
        raise Misconfigured(f"{address}: is nested deeper than {MAX_DEPTH} levels") from None


def _with_text_keys(node: Any, depth: int) -> Any:
    """Return a value with text keys, and with integers that JSON can be written with: larger ones become floats."""
    if depth > MAX_DEPTH:
        raise OverflowError
    if type(node) is dict:
        if not all(type(key) is str for key in node):
            node = {_text_key(key): value for key, value in node.items()}
        for key, value in node.items():
            if type(value) in CHECKED:
                node[key] = _with_text_keys(value, depth + 1)
    elif type(node) is list:
        for number, value in enumerate(node):
            if type(value) in CHECKED:
                node[number] = _with_text_keys(value, depth + 1)
    elif type(node) is int and not -(2**63) <= node < 2**64:
        return float(node) if abs(node) < 10**300 else str(node)
    return node


def _text_key(key: Any) -> str:
    return "null" if key is None else str(key).lower() if isinstance(key, bool) else str(key)


def find_entries(spec: str) -> list[str]:
    """Return the addresses of documents: of the file or URL itself, or of each document that lies in a folder.

    Raise ``Misconfigured`` if there is none.
    """
    if is_url(spec):
        return [spec]
    path = Path(spec).expanduser()
    if not path.exists():
        raise Misconfigured(f"{spec}: no such file or folder")
    if not path.is_dir():
        return [str(path.resolve())]
    files = [each for each in sorted(path.iterdir()) if each.suffix.lower() in ENTRY_SUFFIXES]
    entries = [each for each in files if is_document(parse_text(str(each), _read_file(each)))]
    if not entries:
        raise Misconfigured(f"{spec}: holds no OpenAPI document")
    return [str(each.resolve()) for each in entries]


def is_document(raw: Any) -> bool:
    """Return whether a parsed text is an OpenAPI or Swagger document."""
    return isinstance(raw, Mapping) and any(key in raw for key in VERSIONS)
