"""Exchanges as their pages show them: places that broke a rule, differences, faults and requests made of them."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from understudy.console.asgi_client import AsgiRequest
from understudy.console.json_markup import json_text
from understudy.console.marked_json import MAX_SHOWN, is_cut, marked_json
from understudy.console.value_differences import ABSENT, ValueDifference, find_differences
from understudy.core.json_types import Json
from understudy.core.world_names import WORLD_PREFIX, world_prefix

FORMS = {"curl": "curl", "pytest": "pytest assertion", "fixture": "pytest fixture", "scenario": "scenario records"}
"""Forms of code by the names of the control API, with the texts of their links."""

KINDS = ("status", "latency", "throttle", "drop")
"""Kinds of faults that a page makes of an exchange with its short form."""

NOT_SENT_AGAIN = frozenset(
    ("content-length", "transfer-encoding", "connection", "content-encoding", "expect", "keep-alive")
)
CHANGING = frozenset(("date", "content-length", "server"))
"""Headers in which any two answers may differ."""

DEFAULT_STATUS, DEFAULT_DELAY = 503, 2.0


@dataclass(frozen=True, slots=True)
class ExchangeView:
    """Bodies of an exchange as HTML, with the places marked that broke the document, and the violations elsewhere."""

    request_body: Markup
    response_body: Markup
    is_request_cut: bool
    is_response_cut: bool
    wrong_headers: Mapping[str, list[str]]
    elsewhere: list[Json]


def view_of(found: Mapping[str, Any]) -> ExchangeView:
    """Return the view of an exchange."""
    violations = found.get("refusal", {}).get("violations", [])
    notes: dict[str, list[str]] = {}
    headers: dict[str, list[str]] = {}
    for each in violations:
        if each["in"] == "body":
            notes.setdefault(each["path"], []).append(each["message"])
        elif each["in"] == "header":
            headers.setdefault(each["path"].lower(), []).append(each["message"])
    sent, answered = found["request"]["body"], found["response"]["body"]
    return ExchangeView(
        _shown(sent, notes),
        _shown(answered, {}),
        is_cut(sent),
        is_cut(answered),
        headers,
        [each for each in violations if each["in"] != "body"],
    )


def _shown(body: Any, notes: Mapping[str, list[str]]) -> Markup:
    return Markup.escape(body[:MAX_SHOWN]) if isinstance(body, str) else marked_json(body, notes)


def compare(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> list[ValueDifference]:
    """Return what differs between two exchanges: requests and answers, without what differs between any two."""
    return find_differences(_compared(earlier), _compared(later))


def _compared(found: Mapping[str, Any]) -> Json:
    request, response = found["request"], found["response"]
    return {
        "outcome": found["outcome"],
        "status": response["status"],
        "request": {
            "method": request["method"],
            "target": _without_world(request["target"]),
            "headers": _by_name(request["headers"]),
            "body": request["body"],
        },
        "answer": {"headers": _by_name(response["headers"]), "body": response["body"]},
    }


def _without_world(target: str) -> str:
    return "/" + target.split("/", 2)[-1] if target.startswith(WORLD_PREFIX) else target


def _by_name(headers: list[Json]) -> dict[str, str]:
    return {each["name"]: each["value"] for each in headers if each["name"] not in CHANGING}


def text_of_side(value: Any) -> str:
    """Return one side of a difference as text."""
    return "" if value is ABSENT else value if isinstance(value, str) else json_text(value)


def fault_of(found: Mapping[str, Any], form: Mapping[str, str]) -> Json:
    """Return the fault that a form makes of an exchange: for calls of its operation, or of its vendor if it has none.

    What the form leaves out, the control API decides; a text that is no number is given as it is, to be refused.
    """
    kind = form.get("kind", "status")
    fault: Json = {"kind": kind, "vendor": found["vendor"], "times": _number(form.get("times", "1"))}
    if found["operation"]:
        fault["operation"] = found["operation"]
    if kind == "status":
        fault["status"] = _number(form.get("status") or str(DEFAULT_STATUS))
        if form.get("same_body") and found["response"]["body"] is not None:
            fault["body"] = found["response"]["body"]
    if kind == "latency":
        fault["delay"] = _number(form.get("delay") or str(DEFAULT_DELAY))
    return fault


def _number(text: str) -> float | str:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def replayed_request(entry: Mapping[str, Any], world: str, target: str, credentials: Mapping[str, str]) -> AsgiRequest:
    """Return the request of an entry of an HTTP archive, addressed to another world, with these headers instead."""
    own = {name.lower(): value for name, value in credentials.items()}
    sent = entry["request"]
    parts = urlsplit(sent["url"])
    path = parts.path.removeprefix(WORLD_PREFIX + world) if parts.path.startswith(WORLD_PREFIX) else parts.path
    content = sent.get("postData", {})
    text = content.get("text", "")
    body = b64decode(text) if content.get("_encoding") == "base64" else text.encode()
    left_out = NOT_SENT_AGAIN.union(own)
    headers = [(each["name"], each["value"]) for each in sent["headers"] if each["name"] not in left_out]
    headers += own.items()
    if body:
        headers.append(("content-length", str(len(body))))
    return AsgiRequest(sent["method"], world_prefix(target) + path, parts.query, tuple(headers), body)
