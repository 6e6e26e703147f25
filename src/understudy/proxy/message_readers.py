"""Readers of the requests and responses that pass: they follow the bytes by h11, and change none of them."""

from functools import lru_cache
from urllib.parse import quote

import h11

from understudy.state.journal import RawHeaders

ASCII = "".join(map(chr, range(0x21, 0x7F)))
MAX_HEAD_BYTES = 256 * 1024
"""Size of a head up to which it is read; services and clients keep to a quarter of it."""

SWITCHED = 101


class Malformed(Exception):  # noqa: N818 - a fact about bytes
    """Bytes that are no HTTP/1.1, or end before the message does."""


class _BodyReader:
    """Reader of a message's body; bytes over the limit are counted, and not kept."""

    def __init__(self, connection: h11.Connection, limit: int) -> None:
        self._connection = connection
        self._limit = limit
        self._pieces: list[bytes] = []
        self.size = 0
        self.trailers: RawHeaders = ()
        self.is_complete = False

    @property
    def is_over_limit(self) -> bool:
        """True if the body is longer than is kept."""
        return self.size > self._limit

    @property
    def body(self) -> bytes:
        """Body as it was sent, without the framing of its transfer coding; empty if it is over the limit."""
        return b"" if self.is_over_limit else b"".join(self._pieces)

    def feed(self, data: bytes) -> bytes:
        """Read the next bytes; return those behind the end of the message. Raise ``Malformed``."""
        try:
            self._connection.receive_data(data)
            while True:
                event = self._connection.next_event()
                if event in (h11.NEED_DATA, h11.PAUSED):
                    return b""
                if not self._take(event):
                    continue
                self.is_complete = True
                return bytes(self._connection.trailing_data[0])
        except h11.RemoteProtocolError as error:
            raise Malformed(str(error)) from None

    def end(self) -> None:
        """Read the end of the connection; raise ``Malformed`` if the message is not complete by then."""
        if not self.is_complete:
            self.feed(b"")
        if not self.is_complete:
            raise Malformed("the connection ended before the message")

    def _take(self, event: object) -> bool:
        """Take one event; return whether the message ends with it."""
        if isinstance(event, h11.Data):
            self.size += len(event.data)
            if self.is_over_limit:
                self._pieces.clear()
            else:
                self._pieces.append(bytes(event.data))
        elif isinstance(event, h11.EndOfMessage):
            self.trailers = event.headers.raw_items() if event.headers else ()
            return True
        return False


class RequestReader(_BodyReader):
    """Reader of one request, from its head on."""

    def __init__(self, head: bytes, limit: int) -> None:
        """Read a head with its empty line; raise ``Malformed`` if it is none."""
        super().__init__(h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD_BYTES), limit)
        try:
            self._connection.receive_data(_plain(head))
            event = self._connection.next_event()
        except h11.RemoteProtocolError as error:
            raise Malformed(str(error)) from None
        if not isinstance(event, h11.Request):
            raise Malformed("no request")
        self.method = event.method.decode("latin-1")
        self.headers: RawHeaders = event.headers.raw_items()
        self.offers_upgrade = any(name == b"upgrade" for name, _ in event.headers)
        self.waits_for_continue = self._connection.they_are_waiting_for_100_continue
        self._read_bodiless()

    def _read_bodiless(self) -> None:
        """Read the end of a request that has no body."""
        event = self._connection.next_event()
        if event is not h11.NEED_DATA:
            self.is_complete = self._take(event)


class ResponseReader(_BodyReader):
    """Reader of the response to a request, with the interim responses before it."""

    def __init__(self, request: RequestReader, limit: int) -> None:
        super().__init__(h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD_BYTES), limit)
        self._connection.send(_request_event(request.method, request.offers_upgrade))
        self.status = 0
        self.headers: RawHeaders = ()
        self.interim: list[int] = []

    @property
    def is_switched(self) -> bool:
        """True if the service speaks another protocol from here on."""
        return self.status == SWITCHED

    def _take(self, event: object) -> bool:
        if isinstance(event, h11.InformationalResponse) and event.status_code != SWITCHED:
            self.interim.append(event.status_code)
        elif isinstance(event, h11.InformationalResponse | h11.Response):
            self.status = event.status_code
            self.headers = event.headers.raw_items()
            return self.is_switched
        return super()._take(event)


@lru_cache(maxsize=64)
def _request_event(method: str, offers_upgrade: bool) -> h11.Request:  # noqa: FBT001 - one caller
    """Return the request by which h11 knows how its response is framed."""
    upgrade = [(b"Upgrade", b"any"), (b"Connection", b"Upgrade")] if offers_upgrade else []
    return h11.Request(method=method, target="/", headers=[(b"Host", b"any"), *upgrade])


def _plain(head: bytes) -> bytes:
    """Return a head with the bytes of its first line that no URL may have percent-encoded, as h11 takes it."""
    head = head.lstrip(b"\r\n")
    line, end, rest = head.partition(b"\n")
    if line.isascii():
        return head
    return quote(line, safe=f"{ASCII} \r\t").encode() + end + rest
