"""Reply: the response to a request as a handler states it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(slots=True)  # not frozen: that would cost each request a microsecond
class Reply:
    """Response to a request as a handler states it: body, status and headers.

    ``body`` is a JSON value, or ``None`` for a response without one. ``text`` is the body as JSON text, if the
    handler has it; ``body`` may then be left out. ``pieces`` are the parts of a long JSON text, which is sent while
    it is made: each takes a few milliseconds at most, and the text is not checked. ``status`` is declared in the
    operation's spec, which also gives the media type; ``media_type`` is only for replies outside of any operation,
    such as the vendor's page for an unknown path. ``items`` are those of a long array, which a handler that runs in
    steps may leave out of its body: they are checked and serialised one by one, and put at the path ``at`` in it.
    A reply with a ``fidelity`` of its own is a recorded one: it has its ``text`` and ``media_type``, and is sent as it
    is, since it was checked when it was read. ``after`` is called once the reply is made and checked; of one that
    ``is_repeat`` the call was answered before, and changed nothing.
    """

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: NO_HEADERS)
    media_type: str = ""
    text: bytes | None = None
    pieces: Iterator[bytes] | None = None
    items: Iterable[Any] | None = None
    at: tuple[str, ...] = ()
    fidelity: str = ""
    after: Callable[[], None] | None = None
    is_repeat: bool = False
