"""Paths of the console's pages."""

from collections.abc import Iterable

OWN_PATHS = "/_understudy"
"""Start of all paths that are no vendor's and not the overview."""

CONSOLE = f"{OWN_PATHS}/console"
STATIC = f"{CONSOLE}/static"


DOCUMENT_JSON, DOCUMENT_YAML = "openapi.json", "openapi.yaml"
"""Names of a document below the prefix of its mount."""


def is_page(path: str) -> bool:
    """Return whether a path is the overview or one of the console's, whose errors are pages, too."""
    return path in {"/", CONSOLE} or path.startswith(f"{CONSOLE}/")


def document_paths(prefixes: Iterable[str]) -> list[str]:
    """Return the paths of the documents below the prefixes of mounts."""
    return [f"{prefix}/{name}" for prefix in prefixes for name in (DOCUMENT_JSON, DOCUMENT_YAML)]
