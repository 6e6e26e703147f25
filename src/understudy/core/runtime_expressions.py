"""Runtime expressions of OpenAPI, such as ``{$request.body#/callbackUrl}``: values of a call, named in a text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from understudy.core.json_pointer import unescape

HEADER = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
SOURCE = rf"(?:header\.{HEADER}|query\.[^{{}}]+|path\.[^{{}}]+|body(?:#[^{{}}]*)?)"
EXPRESSION = re.compile(rf"\$(?:url|method|statusCode|(?P<side>request|response)\.(?P<source>{SOURCE}))")
EMBEDDED = re.compile(r"\{(?P<text>\$[^{}]*)\}")
MISSING = object()
"""Value of an expression that a call has no value for."""


class MissingValue(LookupError):  # noqa: N818 - a fact about a call
    """Expression of a text for which a call has no value."""


@dataclass(frozen=True, slots=True)
class CallFacts:
    """Facts of a call that expressions name: its request, and its response. Names of headers are in lower case."""

    url: str
    method: str
    status: int
    path: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    response_headers: Mapping[str, str] = field(default_factory=dict)
    response_body: Any = None


def expressions_in(text: str) -> list[str]:
    """Return the expressions of a text, without their braces: of a bare expression, itself."""
    if text.startswith("$"):
        return [text]
    return [found["text"] for found in EMBEDDED.finditer(text)]


def fault_of(text: str) -> str:
    """Return the reason why a text has an expression that cannot be read; an empty text if it has none such."""
    for each in expressions_in(text):
        if EXPRESSION.fullmatch(each) is None:
            return f"{each!r} is no runtime expression"
    rest = "" if text.startswith("$") else EMBEDDED.sub("", text)
    return f"{text!r} has a brace that is none of an expression" if "{" in rest or "}" in rest else ""


def filled_in(text: str, facts: CallFacts) -> str:
    """Return a text with the values of its expressions; raise ``MissingValue`` for one without a single value."""
    if text.startswith("$"):
        return _text_of(text, facts)
    return EMBEDDED.sub(lambda found: _text_of(found["text"], facts), text)


def _text_of(expression: str, facts: CallFacts) -> str:
    value = value_of(expression, facts)
    if value is MISSING or value is None or isinstance(value, Mapping | list):
        raise MissingValue(expression)
    return str(value).lower() if isinstance(value, bool) else str(value)


def value_of(expression: str, facts: CallFacts) -> Any:
    """Return the value of an expression; ``MISSING`` if the call has none, or if it is no expression."""
    found = EXPRESSION.fullmatch(expression)
    if found is None:
        return MISSING
    if found["side"] is None:
        return {"$url": facts.url, "$method": facts.method, "$statusCode": facts.status}[expression]
    is_request = found["side"] == "request"
    kind, _, name = found["source"].partition(".")
    if kind == "header":
        return (facts.headers if is_request else facts.response_headers).get(name.lower(), MISSING)
    if kind == "query":
        return next(iter(facts.query.get(name, ())), MISSING) if is_request else MISSING
    if kind == "path":
        return facts.path.get(name, MISSING) if is_request else MISSING
    pointer = found["source"].partition("#")[2]
    wanted = pointer if not pointer or pointer.startswith("/") else f"/{pointer}"  # written so in many documents
    return at_pointer(facts.body if is_request else facts.response_body, wanted)


def at_pointer(value: Any, pointer: str) -> Any:
    """Return the value at a JSON pointer, which may be written as in a URL; ``MISSING`` if there is none."""
    for part in pointer.split("/")[1:]:
        names = (unescape(part), unescape(unquote(part)))
        if isinstance(value, Mapping):
            value = next((value[name] for name in names if name in value), MISSING)
        elif isinstance(value, list) and part.isascii() and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return MISSING
    return value
