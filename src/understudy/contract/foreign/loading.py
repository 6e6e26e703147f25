"""Loading of foreign documents: read, rewritten, and cached until one of their files changes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson

from understudy.contract.document import METHODS, Document, Node
from understudy.contract.document_cache import digest_of, load_cached, store_cached
from understudy.contract.foreign.document_files import MISSING, DocumentFiles, read_bytes
from understudy.contract.foreign.document_rewriter import DocumentRewriter
from understudy.contract.foreign.findings import Finding, Findings
from understudy.core.misconfigured import Misconfigured

OWN_FILES = tuple(sorted(each.name for each in Path(__file__).parent.glob("*.py")))
"""Modules whose change makes what was cached useless."""


class ForeignDocument(Document):
    """Document of a user's own vendor, rewritten in the grammar of the shipped specs.

    ``findings`` lists the parts of it that are not obeyed, ``entry`` is the address of its file.
    """

    is_foreign = True

    def __init__(self, name: str, entry: str, raw: Mapping[str, Any], findings: Findings) -> None:
        super().__init__(name, Path(entry), raw)
        self.entry = entry
        self.findings = findings

    def with_raw(self, raw: Mapping[str, Any]) -> "ForeignDocument":
        """Return the document with other content."""
        return ForeignDocument(self.name, self.entry, raw, self.findings)

    def operations(self) -> Iterator[tuple[str, str, Node, Node]]:
        """Yield method, path, operation and path item, those of the methods that OpenAPI 3.2 adds the last."""
        yield from super().operations()
        for path, item in self.raw["paths"].items():
            for method, node in item.items():
                if method not in METHODS and isinstance(node, Mapping) and "operationId" in node:
                    yield method, path, node, item


def load_foreign(
    name: str, entry: str, folder: Path | None = None, hosts: Collection[str] = (), overlays: Sequence[Path] = ()
) -> ForeignDocument:
    """Return the document of a file or URL, changed by overlays; raise ``Misconfigured`` for one that is no OpenAPI.

    What is made of it is stored in ``folder``, if that can be written, with the digests of all its files.
    """
    changes = [str(each.resolve()) for each in overlays]
    key = digest_of(orjson.dumps([_own_digest(), name, entry, sorted(hosts), changes]))
    cached = folder / f"{name}-{key}.json" if folder else None
    found = _load_cached(cached, hosts) if cached else None
    if found is not None:
        findings = Findings([Finding(*each) for each in found["findings"]], found["dropped"])
        return ForeignDocument(name, entry, found["raw"], findings)
    files = DocumentFiles(entry, hosts)
    findings = Findings()
    if overlays:
        _change(files, overlays, findings)
    rewriter = DocumentRewriter(name, files, findings)
    raw = rewriter.rewrite()
    if cached:
        listed = [(each.kind, each.place, each.message) for each in rewriter.findings]
        digests = files.digests | {each: digest_of(read_bytes(each)) for each in changes}
        stored = {"files": digests, "findings": listed, "dropped": rewriter.findings.dropped, "raw": raw}
        store_cached(cached, stored)
    return ForeignDocument(name, entry, raw, rewriter.findings)


def made_foreign(name: str, entry: str, raw: Mapping[str, Any]) -> ForeignDocument:
    """Return a document that is not read from a file, but was made of what ``entry`` has; it is not cached."""
    files = DocumentFiles(entry)
    files.replace_entry(raw)
    rewriter = DocumentRewriter(name, files, Findings())
    return ForeignDocument(name, entry, rewriter.rewrite(), rewriter.findings)


def _change(files: DocumentFiles, paths: Sequence[Path], findings: Findings) -> None:
    """Change a document's entry by overlays. Their module imports a library that few users need."""
    module = import_module("understudy.contract.foreign.overlays")
    overlays = [module.read_overlay(each) for each in paths]
    files.replace_entry(module.apply_overlays(files.read_entry(), overlays, files.entry, findings))


@cache
def _own_digest() -> str:
    folder = Path(__file__).parent
    return digest_of(b"".join((folder / name).read_bytes() for name in OWN_FILES))


def _load_cached(cached: Path, hosts: Collection[str]) -> Any:
    """Return what was stored, or ``None`` if it is damaged or one of the document's files has changed."""
    found = load_cached(cached)
    if found is None or any(_current_digest(file, hosts) != digest for file, digest in found["files"].items()):
        return None
    return found


def _current_digest(file: str, hosts: Collection[str]) -> str:
    try:
        return digest_of(read_bytes(file, hosts))
    except Misconfigured:
        return MISSING
