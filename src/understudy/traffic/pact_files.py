"""Pact files (version 3 of the format) made from a journal's calls: a consumer's expectations of a provider."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from understudy.control.secret_texts import HIDDEN
from understudy.core.json_types import Json
from understudy.core.media_types import MULTIPART, is_json

WORLD = re.compile(r"/@[^/]+")
SENT_HEADERS = frozenset(("accept", "content-type", "if-match", "if-none-match", "prefer", "idempotency-key"))
"""Headers of a request that are part of the expectation; credentials, and those of any client, are not."""

TYPE_ALONE = {"combine": "AND", "matchers": [{"match": "type"}]}


@dataclass(slots=True)
class PactFile:
    """Pact between a consumer and a provider, and a line for each call that it does not hold, with the reason."""

    document: Json
    left_out: list[str] = field(default_factory=list)

    @property
    def interactions(self) -> Sequence[Json]:
        """Interactions in the order of the calls."""
        return list(self.document["interactions"])


def write_pact(calls: Sequence[Mapping[str, Any]], consumer: str, provider: str) -> PactFile:
    """Return the pact of a journal's calls, as the control API shows them, of one vendor.

    Values are matched by their type, statuses exactly. A call that a fault struck, that holds a hidden credential in
    its body or path, or whose body is no text is left out.
    """
    made = PactFile(
        {
            "consumer": {"name": consumer},
            "provider": {"name": provider},
            "interactions": [],
            "metadata": {"pactSpecification": {"version": "3.0.0"}},
        }
    )
    for call in calls:
        reason = _obstacle(call)
        if reason:
            made.left_out.append(
                f"call {call['number']}, {call['request']['method']} {call['request']['target']}: {reason}"
            )
        else:
            made.document["interactions"].append(_interaction(call))
    return made


def _obstacle(call: Mapping[str, Any]) -> str:
    request, response = call["request"], call["response"]
    if call.get("fault"):
        return "a fault struck it"
    if not call["operation"]:
        return "it is of no operation"
    if any(each.get("body_encoding") for each in (request, response)):
        return "a body is no text"
    if _media(request).startswith(MULTIPART):
        return "a form with files"
    if any(HIDDEN in text for text in (unquote(request["target"]), *_texts(request.get("body")))):
        return "it holds a credential, which no pact may"
    return ""


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(part)


def _interaction(call: Mapping[str, Any]) -> Json:
    request, response = call["request"], call["response"]
    parts = urlsplit(WORLD.sub("", request["target"], count=1))
    path = parts.path.removeprefix(f"/{call['vendor']}") or "/"
    sent: Json = {"method": request["method"], "path": unquote(path)}
    if parts.query:
        sent["query"] = parse_qs(parts.query, keep_blank_values=True)
    headers = {each["name"]: each["value"] for each in request["headers"] if each["name"].lower() in SENT_HEADERS}
    if headers:
        sent["headers"] = headers
    if request.get("body") is not None:
        sent["body"] = request["body"]
    answer: Json = {"status": response["status"]}
    media = _media(response)
    if media:
        answer["headers"] = {"Content-Type": media}
        pattern = rf"{re.escape(media)}\s*(;.*)?"
        rules = {"Content-Type": {"combine": "AND", "matchers": [{"match": "regex", "regex": pattern}]}}
        answer["matchingRules"] = {"header": rules}
    if response.get("body") is not None and is_json(media):
        answer["body"] = response["body"]
        answer["matchingRules"]["body"] = {"$": TYPE_ALONE}
    return {
        "description": f"call {call['number']}: {call['operation']} is answered {response['status']}",
        "request": sent,
        "response": answer,
    }


def _media(message: Mapping[str, Any]) -> str:
    found = (each["value"] for each in message["headers"] if each["name"].lower() == "content-type")
    return next(found, "").partition(";")[0].strip().lower()
