"""Call that has passed: its request and its response, as the connections carried them."""

from dataclasses import dataclass

from understudy.state.journal import RawHeaders


@dataclass(frozen=True, slots=True)
class PassedCall:
    """Request as it was sent upstream, and the response to it.

    ``at`` is the time of its start, in seconds since 1970. ``status`` is 0 if there was no response. ``trouble`` is how
    the upstream's bytes are no whole response, and ``client_trouble`` the same of the client's request; both are empty
    for whole messages. ``is_request_whole`` and ``is_response_whole`` are false for a body that is not stored, because
    it is over the limit or was cut off.
    """

    at: float
    seconds: float
    method: str
    target: bytes
    client_target: bytes
    request_headers: RawHeaders
    request_body: bytes
    status: int
    response_headers: RawHeaders
    response_body: bytes
    trouble: str = ""
    client_trouble: str = ""
    is_request_whole: bool = True
    is_response_whole: bool = True
