"""Push parser of multipart bodies (RFC 2046, section 5.1).

Werkzeug's decoder is not used: if a chunk ends right after a boundary, it takes the line end before that for data.
"""

import re
from collections.abc import Callable
from enum import Enum, auto

LINE_END = b"\r\n"
MAX_PADDING = 100
"""Limit of the spaces and tabs after a boundary."""
MAX_HEADER_BYTES = 16 * 1024
"""Limit of the headers of one part."""


class _State(Enum):
    PREAMBLE = auto()
    HEADERS = auto()
    DATA = auto()
    EPILOGUE = auto()


class MultipartParser:
    """Push parser of a multipart body: calls ``begin`` with a part's headers, ``add`` with its data, then ``finish``.

    ``pending`` is the number of bytes still in the buffer, ``outside`` of those outside of parts.
    """

    def __init__(
        self,
        boundary: bytes,
        begin: Callable[[dict[str, str]], None],
        add: Callable[[bytes], None],
        finish: Callable[[], None],
    ) -> None:
        self.outside = 0
        delimiter = LINE_END + b"--" + boundary
        self._find_delimiter = re.compile(re.escape(delimiter) + rb"(?:(--)|[ \t]{0,%d}\r\n)" % MAX_PADDING).search
        self._held_back = len(delimiter) + MAX_PADDING + len(LINE_END) - 1
        self._buffer = bytearray(LINE_END)  # the first boundary need not follow a line
        self._state = _State.PREAMBLE
        self._begin, self._add, self._finish = begin, add, finish

    @property
    def pending(self) -> int:
        """Number of bytes in the buffer."""
        return len(self._buffer)

    @property
    def has_ended(self) -> bool:
        """True after the last boundary."""
        return self._state is _State.EPILOGUE

    def feed(self, data: bytes) -> None:
        """Parse the next bytes; raise ``ValueError`` for invalid headers."""
        self._buffer += data
        while self._read_headers() if self._state is _State.HEADERS else self._read_data():
            pass

    def _read_headers(self) -> bool:
        """Begin a part if its headers are complete; return whether they are."""
        end = self._buffer.find(LINE_END * 2, 0, MAX_HEADER_BYTES)
        if end < 0:
            if len(self._buffer) >= MAX_HEADER_BYTES:
                raise ValueError(f"the headers of a part are over {MAX_HEADER_BYTES} bytes")
            return False
        lines = self._buffer[:end].decode().split("\r\n")
        del self._buffer[: end + 2 * len(LINE_END)]
        pairs = (line.partition(":") for line in lines)
        self._begin({name.strip().lower(): value.strip() for name, _, value in pairs})
        self._state = _State.DATA
        return True

    def _read_data(self) -> bool:
        """Add the data before the next boundary, or all that cannot be part of one; return whether to go on parsing."""
        found = None if self._state is _State.EPILOGUE else self._find_delimiter(self._buffer)
        if found is None:
            self._consume(len(self._buffer) - (0 if self._state is _State.EPILOGUE else self._held_back))
            return False
        (start, end), following = found.span(), _State.HEADERS if found.start(1) < 0 else _State.EPILOGUE
        self._consume(start)
        return self._end(end - start, following)

    def _consume(self, count: int) -> None:
        """Remove bytes from the buffer, and add them to the part if one is open."""
        if count <= 0:
            return
        if self._state is _State.DATA:
            self._add(bytes(self._buffer[:count]))
        else:
            self.outside += count
        del self._buffer[:count]

    def _end(self, length: int, following: _State) -> bool:
        if self._state is _State.DATA:
            self._finish()
        del self._buffer[:length]
        self._state = following
        return True
