"""Templates of messages: a JSON value in whose texts ``{$body#/id}`` stands for a part of the outbox's record.

An expression that is a whole text gives its value as it is; within a text, as text. A member or item without a value is
left out. Steps after ``|`` convert a value: ``{$body#/payload|base64|json#/email}``.
"""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from typing import Any

import orjson

from understudy.core.misconfigured import nearest
from understudy.core.runtime_expressions import MISSING, at_pointer

SOURCES = ("id", "kind", "destination", "operation", "created", "body", "because", "attributes", "headers")
"""Members of a record that an expression may name."""

STEPS = ("base64", "json", "text")
EXPRESSION = re.compile(r"\{\$(?P<text>[^{}]*)\}")
MAX_DEPTH = 50


class InvalidTemplate(ValueError):  # noqa: N818 - a fact about a template
    """Mistake in a template; the message is the reason."""


def check_template(template: Any, depth: int = 0) -> None:
    """Raise ``InvalidTemplate`` for an expression that no record can have a value for."""
    if depth > MAX_DEPTH:
        raise InvalidTemplate(f"a template nests {MAX_DEPTH} values at most")
    if isinstance(template, Mapping):
        for each in (*template, *template.values()):
            check_template(each, depth + 1)
    elif isinstance(template, list):
        for each in template:
            check_template(each, depth + 1)
    elif isinstance(template, str):
        for found in EXPRESSION.finditer(template):
            _check_expression(found["text"])


def _check_expression(text: str) -> None:
    source, *steps = (part.strip() for part in text.split("|"))
    name = source.partition("#")[0]
    if name not in SOURCES:
        hint = nearest(name, SOURCES) or f" (there are {', '.join(SOURCES)})"
        raise InvalidTemplate(f"{{${text}}}: a message has no {name!r}{hint}")
    for step in steps:
        kind, mark, _ = step.partition("#")
        if kind not in STEPS or (mark and kind != "json"):
            hint = nearest(kind, STEPS) or f" (there are {', '.join(STEPS)})"
            raise InvalidTemplate(f"{{${text}}}: there is no step {step!r}{hint}")
    for part in (source, *steps):
        pointer = part.partition("#")[2]
        if pointer and not pointer.startswith("/"):
            raise InvalidTemplate(f"{{${text}}}: {pointer!r} is no JSON pointer: begin it with /")


def fill_template(template: Any, record: Mapping[str, Any]) -> Any:
    """Return a template with the values of a record in place of its expressions; ``None`` if nothing is left of it."""
    found = _filled(template, record)
    return None if found is MISSING else found


def _filled(template: Any, record: Mapping[str, Any]) -> Any:
    if isinstance(template, Mapping):
        made = {_text(_filled(name, record)): _filled(each, record) for name, each in template.items()}
        return {name: each for name, each in made.items() if each is not MISSING and name}
    if isinstance(template, list):
        return [each for each in (_filled(one, record) for one in template) if each is not MISSING]
    if not isinstance(template, str):
        return template
    whole = EXPRESSION.fullmatch(template)
    if whole is not None:
        return _value(whole["text"], record)
    return EXPRESSION.sub(lambda found: _text(_value(found["text"], record)), template)


def _text(value: Any) -> str:
    if value is MISSING or value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _value(text: str, record: Mapping[str, Any]) -> Any:
    """Return the value of an expression; ``MISSING`` without one, and where a step cannot convert it."""
    source, *steps = (part.strip() for part in text.split("|"))
    name, _, pointer = source.partition("#")
    value = at_pointer(record[name], pointer)
    for step in steps:
        if value is MISSING:
            return MISSING
        value = _converted(value, step)
    return value


def _converted(value: Any, step: str) -> Any:
    kind, _, pointer = step.partition("#")
    if kind == "text":
        return _text(value)
    if not isinstance(value, str):
        return MISSING
    try:
        if kind == "base64":
            return b64decode(value, validate=True).decode()
        return at_pointer(orjson.loads(value), pointer)
    except (NotBase64, ValueError):
        return MISSING
