"""Pages of the console that are tested and drawn, and the worlds, calls and faults that they show."""

from collections.abc import Mapping

PAGES: Mapping[str, str] = {
    "overview": "/",
}
"""Path of each page by the name of its screenshot."""


def fill(root: str) -> None:
    """Give the pages of a started server something to show."""
