"""What an operation answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(slots=True)  # not frozen: that would cost each request a microsecond
class Reply:
    """An answer in the vendor's terms.

    ``body`` is a JSON value, or ``None`` for an answer without one. ``text`` is the same as JSON text, where that is at
    hand; ``body`` may then be left out. ``status`` is one that the operation's spec declares. The media type is the
    spec's for that status; ``media_type`` is only for answers that belong to no operation, such as the vendor's page
    for an unknown path.
    """

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: NO_HEADERS)
    media_type: str = ""
    text: bytes | None = None
