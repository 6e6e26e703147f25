"""Exchanges made of calls that have passed: headers in lower case, bodies decoded, the path below the base path."""

from dataclasses import dataclass

from understudy.contract.document import Document
from understudy.proxy.passed_call import PassedCall
from understudy.proxy.upstream import Upstream
from understudy.state.journal import Exchange, RawHeaders
from understudy.traffic.decoded_bodies import Undecodable, decoded_body


@dataclass(frozen=True, slots=True)
class CheckedCall:
    """Exchange of a call, its path below the document's base path, and the parts of it that cannot be checked.

    ``unread`` has ``request`` and ``response`` for a body that is not known, each with the reason.
    """

    number: int
    exchange: Exchange
    path: str
    unread: dict[str, str]


class ExchangeMaker:
    """Maker of exchanges with one upstream, for one document."""

    def __init__(self, document: Document, upstream: Upstream, limit: int) -> None:
        self._document = document
        self._upstream = upstream
        self._limit = limit

    def make(self, call: PassedCall, number: int) -> CheckedCall:
        """Return the exchange of a call."""
        unread: dict[str, str] = {}
        request_headers, response_headers = _lower(call.request_headers), _lower(call.response_headers)
        request_headers = [(name, self._upstream.host if name == b"host" else value) for name, value in request_headers]
        bodies = {}
        for side, headers, body, is_whole in (
            ("request", request_headers, call.request_body, call.is_request_whole),
            ("response", response_headers, call.response_body, call.is_response_whole),
        ):
            try:
                bodies[side] = decoded_body(headers, body, self._limit)
            except Undecodable as error:
                bodies[side], unread[side] = b"", str(error)
            if not is_whole:
                is_cut = call.trouble if side == "response" else call.client_trouble
                unread[side] = "cut off" if is_cut else f"over {self._limit} bytes"
        path, _, query = call.target.partition(b"?")
        exchange = Exchange(
            at=call.at + call.seconds,
            vendor=self._document.name,
            operation="",
            method=call.method,
            path=path,
            query=query,
            status=call.status,
            fidelity="",
            request_headers=request_headers,
            response_headers=response_headers,
            world_time=call.at + call.seconds,
            seconds=call.seconds,
            scheme=self._upstream.scheme,
            server=self._upstream.address.netloc,
            request_body=bodies["request"],
            response_body=bodies["response"],
        )
        return CheckedCall(number, exchange, self._below(call.client_target), unread)

    def _below(self, target: bytes) -> str:
        """Return a client's path below the base path of the document.

        A client leaves the base path out if the upstream's URL has a path, which then stands for it.
        """
        path = target.partition(b"?")[0].decode("latin-1")
        base = self._document.base_path
        if base and (path == base or path.startswith(f"{base}/")):
            return path.removeprefix(base) or "/"
        return path


def _lower(headers: RawHeaders) -> list[tuple[bytes, bytes]]:
    return [(name.lower(), value) for name, value in headers]
