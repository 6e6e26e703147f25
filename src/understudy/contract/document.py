"""OpenAPI document of a vendor: loaded from YAML, checked for unsupported constructs, and cached by digest."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from understudy.contract import supported_openapi
from understudy.contract.document_cache import digest_of, load_cached, store_cached
from understudy.core.json_pointer import unescape
from understudy.core.misconfigured import Misconfigured

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
Node = Mapping[str, Any]


class SpecLoader(yaml.CSafeLoader):
    """Loader of YAML with the types of JSON: a bare ``no`` is text, and so is a bare date."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - declared so by PyYAML


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", list("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", list("-+0123456789.")),
    ("merge", r"<<", ["<"]),
):
    SpecLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first)


class Document:
    """OpenAPI document of a vendor. ``raw`` is the parsed document, with its references unresolved."""

    is_foreign = False
    """True for a document of a user's own vendor."""

    def __init__(self, name: str, path: Path, raw: Node) -> None:
        self.name = name
        self.path = path
        self.raw = raw
        self.compilers: dict[bool, Any] = {}
        """Compilers of its schemas, as ``schema_compiler.compiler_of`` makes them."""

    @property
    def base_path(self) -> str:
        """Path of the first server's URL, with which the path of every operation begins."""
        servers = self.raw.get("servers") or [{"url": "/"}]
        return str(urlsplit(servers[0]["url"]).path).rstrip("/")

    def with_raw(self, raw: Node) -> "Document":
        """Return the document with other content."""
        return Document(self.name, self.path, raw)

    def resolve(self, node: Any) -> Any:
        """Return a node, with ``$ref`` followed within the document."""
        while isinstance(node, Mapping) and "$ref" in node:
            node = self.at(node["$ref"])
        return node

    def at(self, reference: str) -> Any:
        """Return the node of a reference, such as ``#/components/schemas/Event``."""
        node: Any = self.raw
        try:
            for part in reference.removeprefix("#/").split("/"):
                node = node[unescape(part)]
        except (KeyError, TypeError):
            raise Misconfigured(f"{self.path}: nothing is at {reference!r}: mend the $ref") from None
        return node

    def operations(self) -> Iterator[tuple[str, str, Node, Node]]:
        """Yield method, path, operation and path item, in the document's order."""
        for path, item in self.raw["paths"].items():
            for method in METHODS:
                if method in item:
                    yield method, path, item[method], item


def load_document(path: Path, cache: Path | None = None) -> Document:
    """Return the document of a spec: a YAML file, or a folder whose files are parts of one document.

    Raises ``Misconfigured`` with file and place for a text that is not YAML and for unsupported constructs. The parsed
    and checked document is stored in the folder ``cache``, if that can be written, under a digest of its text.
    """
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    texts = [_read(file) for file in files]
    digest = digest_of(b"\0".join((_read(Path(supported_openapi.__file__)), *texts)))
    cached = cache / f"{path.stem}-{digest}.json" if cache else None
    found: dict[str, Any] | None = load_cached(cached) if cached else None
    if found is not None:
        return Document(path.stem, path, found)
    raw: dict[str, Any] = {}
    for file, text in zip(files, texts, strict=True):
        _merge(raw, _parse(file, text), file, "#")
    supported_openapi.check_document(path, raw)
    if cached:
        store_cached(cached, raw)
    return Document(path.stem, path, raw)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Misconfigured(f"{file}: cannot be read ({error.strerror})") from None


def _parse(file: Path, text: bytes) -> dict[str, Any]:
    try:
        raw = yaml.load(text, SpecLoader)  # noqa: S506 - a safe loader, made stricter
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise Misconfigured(f"{file}{line}: not YAML: {_message(error)}") from None
    if not isinstance(raw, dict):
        raise Misconfigured(f"{file}: not an OpenAPI document")
    return _with_text_keys(raw)  # type: ignore[no-any-return] # a mapping stays one


def _message(error: yaml.YAMLError) -> str:
    return " ".join(str(getattr(error, "problem", None) or error).split())


def _with_text_keys(node: Any) -> Any:
    if isinstance(node, dict):
        return {str(key): _with_text_keys(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_with_text_keys(value) for value in node]
    return node


def _merge(whole: dict[str, Any], part: dict[str, Any], file: Path, place: str) -> None:
    for key, value in part.items():
        if key not in whole:
            whole[key] = value
        elif isinstance(value, dict) and isinstance(whole[key], dict):
            _merge(whole[key], value, file, f"{place}/{key}")
        elif isinstance(value, list) and isinstance(whole[key], list):
            whole[key].extend(value)
        else:
            raise Misconfigured(f"{file}: {place}/{key} is also in another part of this spec")
