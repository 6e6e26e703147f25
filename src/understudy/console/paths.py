"""Paths of the console's pages."""

OWN_PATHS = "/_understudy"
"""Start of all paths that are no vendor's and not the overview."""

CONSOLE = f"{OWN_PATHS}/console"
STATIC = f"{CONSOLE}/static"


def is_page(path: str) -> bool:
    """Return whether a path is the overview or one of the console's, whose errors are pages, too."""
    return path in {"/", CONSOLE} or path.startswith(f"{CONSOLE}/")
