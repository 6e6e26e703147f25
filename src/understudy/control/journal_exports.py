"""Export of the journal as an HTTP archive (HAR 1.2)."""

from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, quote

from understudy.control.exchanges import BASE64, RedactedExchange, media_type
from understudy.control.times import write_seconds
from understudy.core.json_types import Json
from understudy.core.media_types import FORM
from understudy.core.status_phrases import PHRASES

URL_CHARACTERS = "".join(map(chr, range(0x21, 0x7F)))
"""Characters that stay as they were sent in a URL; the others are percent-encoded."""


def write_har(calls: list[RedactedExchange], version: str, missing: Sequence[str] = ()) -> Json:
    """Return exchanges as an HTTP archive, with a comment on those that are missing."""
    creator = {"name": "understudy", "version": version}
    comment = {"comment": "; ".join(missing)} if missing else {}
    return {"log": {"version": "1.2", "creator": creator, **comment, "entries": [_entry(each) for each in calls]}}


def har_entries(calls: list[RedactedExchange]) -> Iterator[Json]:
    """Yield the entries of exchanges in an HTTP archive."""
    return map(_entry, calls)


def _entry(call: RedactedExchange) -> Json:
    exchange = call.exchange
    wait = round(exchange.seconds * 1000, 3)
    return {
        "startedDateTime": write_seconds(exchange.at - exchange.seconds),
        "time": wait,
        "request": _request(call),
        "response": _response(call),
        "cache": {},
        "timings": {"send": 0, "wait": wait, "receive": 0},
        "_understudy": {
            "vendor": exchange.vendor,
            "operation": exchange.operation,
            "outcome": call.outcome,
            **({"fault": exchange.fault} if exchange.fault else {}),
        },
    }


def _request(call: RedactedExchange) -> Json:
    exchange = call.exchange
    found: Json = {
        "method": exchange.method,
        "url": quote(url_of(call), safe=URL_CHARACTERS, encoding="latin-1"),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": call.request_headers(),
        "queryString": [{"name": name, "value": value} for name, value in call.query_pairs()],
        "headersSize": -1,
        "bodySize": len(exchange.request_body),
    }
    if exchange.request_body:
        body = call.request_body()
        found["postData"] = {"mimeType": media_type(exchange.request_headers), "text": body.text}
        if body.is_base64:
            found["postData"]["_encoding"] = BASE64  # HAR has a member for it in responses only
        elif found["postData"]["mimeType"] == FORM:
            pairs = parse_qsl(body.text, keep_blank_values=True)
            found["postData"]["params"] = [{"name": name, "value": value} for name, value in pairs]
    return found


def _response(call: RedactedExchange) -> Json:
    exchange = call.exchange
    body = call.response_body()
    return {
        "status": exchange.status,
        "statusText": PHRASES.get(exchange.status, ""),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": call.response_headers(),
        "content": {
            "size": len(exchange.response_body),
            "mimeType": media_type(exchange.response_headers),
            "text": body.text,
            **({"encoding": BASE64} if body.is_base64 else {}),
        },
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": len(exchange.response_body),
    }


def url_of(call: RedactedExchange) -> str:
    """Return the URL that a request was sent to, with the scheme that was spoken."""
    return f"{call.exchange.scheme}://{host_of(call)}{call.target}"


def host_of(call: RedactedExchange) -> str:
    """Return the host of a request, with its port."""
    return next((header["value"] for header in call.request_headers() if header["name"] == "host"), "localhost")
