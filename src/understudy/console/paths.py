"""Paths of the console's pages."""

from collections.abc import Iterable
from urllib.parse import quote

from flask import request

OWN_PATHS = "/_understudy"
"""Start of all paths that are no vendor's and not the overview."""

CONSOLE = f"{OWN_PATHS}/console"
STATIC = f"{CONSOLE}/static"
SAFE_IN_PATH = "/!$&'()*+,:;=@~"

DOCUMENT_JSON, DOCUMENT_YAML = "openapi.json", "openapi.yaml"
"""Names of a document below the prefix of its mount."""


def is_page(path: str) -> bool:
    """Return whether a path is the overview or one of the console's, whose errors are pages, too."""
    return path in {"/", CONSOLE} or path.startswith(f"{CONSOLE}/")


def document_paths(prefixes: Iterable[str]) -> list[str]:
    """Return the paths of the documents below the prefixes of mounts."""
    return [f"{prefix}/{name}" for prefix in prefixes for name in (DOCUMENT_JSON, DOCUMENT_YAML)]


def page_path() -> str:
    """Return the path of this page as it stands in an address, with ``?``, ``#`` and ``%`` of names encoded."""
    return quote(request.path, safe=SAFE_IN_PATH)


def page_address() -> str:
    """Return the address of this page, with its query."""
    query = request.query_string.decode("latin-1")
    return f"{page_path()}?{query}" if query else page_path()
