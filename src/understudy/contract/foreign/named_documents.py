"""Names and addresses of foreign documents, as users write them: a path, a folder, a URL, or ``NAME=SPEC``."""

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from understudy.contract.foreign.document_files import find_entries, is_url
from understudy.core.misconfigured import Misconfigured

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
NOT_NAME = re.compile(r"[^A-Za-z0-9._-]+")
GIVEN_NAME = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)=(.+)", re.DOTALL)


def named_documents(specs: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the name and the address of each document; raise ``Misconfigured`` for a name that two have."""
    found: dict[str, str] = {}
    for spec in specs:
        for name, entry in _named(spec):
            if name in found and found[name] != entry:
                raise Misconfigured(f"{entry}: {found[name]} is named {name!r} too: write OTHER-NAME={spec}")
            found[name] = entry
    return tuple(found.items())


def _named(spec: str) -> list[tuple[str, str]]:
    given = GIVEN_NAME.fullmatch(spec)
    _check_name(spec)
    if given is None or Path(spec).exists():
        return [(_file_name(entry, spec), entry) for entry in find_entries(spec)]
    entries = find_entries(given[2])
    if len(entries) > 1:
        raise Misconfigured(f"{given[2]}: holds {len(entries)} documents: name one file after {given[1]}=")
    return [(given[1], entries[0])]


def _check_name(spec: str) -> None:
    """Raise ``Misconfigured`` for a name before a document that no vendor can have."""
    name, sign, address = spec.partition("=")
    is_name = not sign or Path(spec).exists() or NAME.fullmatch(name)
    if not is_name and (is_url(address) or Path(address).exists()):
        rule = "take letters, digits, '.', '_' and '-', at most 64, the first a letter or digit"
        raise Misconfigured(f"{name!r} is no vendor's name: {rule}")


def _file_name(entry: str, spec: str) -> str:
    """Return the name of a document's file, or of the folder that holds this one document alone."""
    path = unquote(urlsplit(entry).path) if is_url(entry) else entry
    stem = Path(path).stem or "api"
    if not is_url(spec) and Path(spec).is_dir() and len(find_entries(spec)) == 1:
        stem = Path(spec).resolve().name
    return NOT_NAME.sub("-", stem).strip("-.")[:64] or "api"
