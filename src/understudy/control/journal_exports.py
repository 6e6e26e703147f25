"""Exchanges in the words of others: as an HTTP archive (HAR 1.2), and as commands for curl."""

from http import HTTPStatus
from shlex import quote

from understudy.control.exchanges import RedactedExchange, media_type
from understudy.control.times import write_seconds
from understudy.core.json_types import Json

LEFT_TO_CURL = frozenset(("host", "content-length", "connection", "accept-encoding", "transfer-encoding"))
"""Headers that curl writes itself, better than they were."""


def write_har(kept: list[RedactedExchange], version: str) -> Json:
    """Return exchanges as an HTTP archive."""
    creator = {"name": "understudy", "version": version}
    return {"log": {"version": "1.2", "creator": creator, "entries": [_entry(each) for each in kept]}}


def write_curl(kept: list[RedactedExchange], world: str) -> str:
    """Return requests as commands, oldest first, below a line that names the world."""
    return "\n".join([f"# world {world}", *(_command(each) for each in kept)])


def _entry(kept: RedactedExchange) -> Json:
    exchange = kept.exchange
    wait = round(exchange.seconds * 1000, 3)
    body = kept.response_text()
    asked = {"postData": {"mimeType": media_type(exchange.request_headers), "text": kept.request_text()}}
    return {
        "startedDateTime": write_seconds(exchange.at - exchange.seconds),
        "time": wait,
        "request": {
            "method": exchange.method,
            "url": _url(kept),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": kept.request_headers(),
            "queryString": [{"name": name, "value": value} for name, value in kept.query.items()],
            "headersSize": -1,
            "bodySize": len(exchange.request_body),
            **(asked if exchange.request_body else {}),
        },
        "response": {
            "status": exchange.status,
            "statusText": _phrase(exchange.status),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": kept.response_headers(),
            "content": {
                "size": len(exchange.response_body),
                "mimeType": media_type(exchange.response_headers),
                "text": body,
            },
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": len(exchange.response_body),
        },
        "cache": {},
        "timings": {"send": 0, "wait": wait, "receive": 0},
        "_understudy": {"vendor": exchange.vendor, "operation": exchange.operation, "outcome": kept.outcome},
    }


def _command(kept: RedactedExchange) -> str:
    exchange = kept.exchange
    words = ["curl", "-X", exchange.method, quote(_url(kept))]
    for header in kept.request_headers():
        if header["name"] not in LEFT_TO_CURL:
            words += ["-H", quote(f"{header['name']}: {header['value']}")]
    if exchange.request_body:
        words += ["--data-raw", quote(kept.request_text())]
    return " ".join(words)


def _url(kept: RedactedExchange) -> str:
    host = next((header["value"] for header in kept.request_headers() if header["name"] == "host"), "localhost")
    return f"http://{host}{kept.exchange.target}"


def _phrase(status: int) -> str:
    return next((each.phrase for each in HTTPStatus if each == status), "")
