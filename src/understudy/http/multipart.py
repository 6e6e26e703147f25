"""Multipart bodies (RFC 2046, section 5.1), taken apart piece by piece as they arrive.

Werkzeug's decoder is not used: where a piece ends just behind a boundary it takes the line end before that for data.
"""

from collections.abc import Callable
from enum import Enum, auto

LINE_END = b"\r\n"
MOST_PADDING = 100
"""How many spaces may follow a boundary."""


class _State(Enum):
    PREAMBLE = auto()
    HEADERS = auto()
    DATA = auto()
    EPILOGUE = auto()


class MultipartParser:
    """Takes a multipart body and tells of its parts: the headers of each, its data in stretches, its end.

    ``waiting`` counts the bytes that are not told yet, ``spare`` those outside of parts.
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
        """How many bytes are not told yet."""
        return len(self._buffer)

    @property
    def has_ended(self) -> bool:
        """Whether the last boundary has come."""
        return self._state is _State.EPILOGUE

    def feed(self, data: bytes) -> None:
        """Take the next bytes; raise ``ValueError`` for headers that are none."""
        self._buffer += data
        while self._read_headers() if self._state is _State.HEADERS else self._read_data():
            pass

    def _read_headers(self) -> bool:
        """Tell of a part that begins, if its headers are here; tell whether they were."""
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
        """Tell of data as far as it surely is some; tell whether a boundary ended it."""
        if self._state is _State.EPILOGUE:
            self._tell(len(self._buffer))
            return False
        start = self._buffer.find(self._delimiter)
        if start < 0:
            self._tell(len(self._buffer) - len(self._delimiter) + 1)
            return False
        self._tell(start)
        after = len(self._delimiter)
        if self._buffer.startswith(b"--", after):
            return self._end(after + 2, _State.EPILOGUE)
        end = self._buffer.find(LINE_END, after, after + MOST_PADDING)
        if end >= 0 and not self._buffer[after:end].strip(b" \t"):
            return self._end(end + len(LINE_END), _State.HEADERS)
        if end >= 0 or len(self._buffer) > after + MOST_PADDING:
            self._tell(len(LINE_END))  # it only looked like a boundary
            return True
        return False

    def _tell(self, count: int) -> None:
        """Take so many bytes from the buffer, as data where a part is open."""
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
