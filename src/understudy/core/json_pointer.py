"""JSON pointers (RFC 6901): paths to a value inside a JSON document."""

from collections.abc import Iterable


def escape(name: str) -> str:
    """Return a name as one part of a pointer: ``~`` as ``~0`` and ``/`` as ``~1``."""
    return name.replace("~", "~0").replace("/", "~1")


def unescape(part: str) -> str:
    """Return the name that one part of a pointer stands for."""
    return part.replace("~1", "/").replace("~0", "~")


def join(names: Iterable[str]) -> str:
    """Return the pointer to a value below these names, outermost first; without names, the whole document's."""
    return "".join(f"/{escape(name)}" for name in names)
