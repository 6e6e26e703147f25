"""Exports of the journal: HTTP archive (HAR 1.2) and curl commands."""

from collections.abc import Sequence
from http import HTTPStatus
from shlex import quote

from understudy.control.exchanges import RedactedExchange, media_type
from understudy.control.times import write_seconds
from understudy.core.json_types import Json

COMPUTED_BY_CURL = frozenset(("host", "content-length", "connection", "accept-encoding", "transfer-encoding"))
"""Headers that a curl command leaves out: curl computes them itself."""


def write_har(calls: list[RedactedExchange], version: str, missing: Sequence[str] = ()) -> Json:
    """Return exchanges as an HTTP archive, with a comment on those that are missing."""
    creator = {"name": "understudy", "version": version}
    comment = {"comment": "; ".join(missing)} if missing else {}
    return {"log": {"version": "1.2", "creator": creator, **comment, "entries": [_entry(each) for each in calls]}}


def write_curl(calls: list[RedactedExchange], world: str, missing: Sequence[str] = ()) -> str:
    """Return requests as curl commands, oldest first, below comment lines with the world and what is missing."""
    return "\n".join([f"# world {world}", *(f"# {line}" for line in missing), *(_command(each) for each in calls)])


def _entry(call: RedactedExchange) -> Json:
    exchange = call.exchange
    wait = round(exchange.seconds * 1000, 3)
    body = call.response_text()
    post_data = {"postData": {"mimeType": media_type(exchange.request_headers), "text": call.request_text()}}
    return {
        "startedDateTime": write_seconds(exchange.at - exchange.seconds),
        "time": wait,
        "request": {
            "method": exchange.method,
            "url": _url(call),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": call.request_headers(),
            "queryString": [{"name": name, "value": value} for name, value in call.query.items()],
            "headersSize": -1,
            "bodySize": len(exchange.request_body),
            **(post_data if exchange.request_body else {}),
        },
        "response": {
            "status": exchange.status,
            "statusText": _phrase(exchange.status),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": call.response_headers(),
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
        "_understudy": {
            "vendor": exchange.vendor,
            "operation": exchange.operation,
            "outcome": call.outcome,
            **({"fault": exchange.fault} if exchange.fault else {}),
        },
    }


def _command(call: RedactedExchange) -> str:
    exchange = call.exchange
    words = ["curl", "-X", exchange.method, quote(_url(call))]
    for header in call.request_headers():
        if header["name"] not in COMPUTED_BY_CURL:
            words += ["-H", quote(f"{header['name']}: {header['value']}")]
    if exchange.request_body:
        words += ["--data-raw", quote(call.request_text())]
    return " ".join(words)


def _url(call: RedactedExchange) -> str:
    host = next((header["value"] for header in call.request_headers() if header["name"] == "host"), "localhost")
    return f"http://{host}{call.exchange.target}"


def _phrase(status: int) -> str:
    return next((each.phrase for each in HTTPStatus if each == status), "")
