"""Push parser of multipart bodies (RFC 2046, section 5.1).

Werkzeug's decoder is not used: if a chunk ends right after a boundary, it takes the line end before that for data.
"""

from collections.abc import Callable
from enum import Enum, auto

LINE_END = b"\r\n"
MAX_PADDING = 100
"""Limit of the spaces and tabs after a boundary."""


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
        self._delimiter = LINE_END + b"--" + boundary
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
        end = self._buffer.find(LINE_END * 2)
        if end < 0:
            return False
        lines = self._buffer[:end].decode().split("\r\n")
        del self._buffer[: end + 2 * len(LINE_END)]
        pairs = (line.partition(":") for line in lines)
        self._begin({name.strip().lower(): value.strip() for name, _, value in pairs})
        self._state = _State.DATA
        return True

    def _read_data(self) -> bool:
        """Add the data before the next boundary, or all that cannot be part of one; return whether to go on parsing."""
        if self._state is _State.EPILOGUE:
            self._consume(len(self._buffer))
            return False
        start = self._buffer.find(self._delimiter)
        if start < 0:
            self._consume(len(self._buffer) - len(self._delimiter) + 1)
            return False
        self._consume(start)
        after = len(self._delimiter)
        if self._buffer.startswith(b"--", after):
            return self._end(after + 2, _State.EPILOGUE)
        end = self._buffer.find(LINE_END, after, after + MAX_PADDING)
        if end >= 0 and not self._buffer[after:end].strip(b" \t"):
            return self._end(end + len(LINE_END), _State.HEADERS)
        if end >= 0 or len(self._buffer) > after + MAX_PADDING:
            self._consume(len(LINE_END))  # the delimiter without a line end is data
            return True
        return False

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
