"""Request bodies: read within the limit, parsed strictly, checked against the schema of their media type."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

import orjson

from understudy.contract.compiled_operations import RequestBody
from understudy.contract.document import Document
from understudy.contract.json_schema_validator import Validator
from understudy.contract.parameters import READERS, read_text
from understudy.core.media_types import FORM, JSON, MULTIPART
from understudy.core.misconfigured import Misconfigured
from understudy.core.refused import Cause, Refused, Violation
from understudy.core.upload import Upload

Receive = Callable[[], Awaitable[dict[str, Any]]]
Parse = Callable[[Any], Any]
"""Makes a value of a body's bytes."""

MAX_DEPTH = 200
"""How deep JSON may be nested: less than the serialiser's own limit, so that what came in can also go out."""


class ClientDisconnected(Exception):  # noqa: N818 - nobody is left to tell
    """The client went away before its request was complete."""


async def read_body(receive: Receive, headers: Mapping[bytes, bytes], limit: int) -> bytes:
    """Return a request's body; raise a 413 refusal as soon as it is known to be over ``limit`` bytes, or ``HungUp``."""
    check_declared_size(headers, limit)
    body = b""
    while len(body) <= limit:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnected
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    if len(body) > limit:
        raise too_large(limit)
    return body


def check_declared_size(headers: Mapping[bytes, bytes], limit: int) -> None:
    """Refuse a body that says itself that it is over the limit."""
    declared = headers.get(b"content-length", b"")
    if declared.isdigit() and int(declared) > limit:
        raise too_large(limit)


def too_large(limit: int) -> Refused:
    """Return the refusal of a body over the limit."""
    return contract_refusal(Violation("body", "", "size", f"the body is over {limit} bytes"), 413)


def contract_refusal(violation: Violation, status: int = 400) -> Refused:
    """Return the refusal of a request that breaks the spec in one place."""
    return Refused(status, violation.message, violations=[violation], cause=Cause.CONTRACT)


def malformed(why: str) -> Refused:
    """Return the refusal of a body that cannot be parsed."""
    return contract_refusal(Violation("body", "", "malformed", why))


def parse_json(raw: bytes) -> Any:
    """Return the value of a JSON text; refuse what is no JSON, or is nested too deep to be sent back.

    A whole number past 64 bits becomes a double, which no schema takes as an integer.
    """
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise malformed(f"the body is not valid JSON: {error}") from None
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH and _depth_of(value) > MAX_DEPTH:
        raise malformed(f"the body is nested more than {MAX_DEPTH} levels deep")
    return value


def _depth_of(value: Any) -> int:
    depth, level = 0, [value]
    while level:
        depth += 1
        level = [part for node in level for part in _parts(node) if isinstance(part, dict | list)]
    return depth


def _parts(node: Any) -> Iterable[Any]:
    return node.values() if isinstance(node, dict) else node


def parse_pairs(raw: bytes) -> dict[str, list[str]]:
    """Return the names and values of a query or form text, in order; ``ValueError`` if they are not UTF-8."""
    found: dict[str, list[str]] = {}
    for pair in raw.replace(b"+", b" ").split(b"&"):
        if pair:
            name, _, value = pair.partition(b"=")
            found.setdefault(_decode(name), []).append(_decode(value))
    return found


def _decode(text: bytes) -> str:
    return (unquote_to_bytes(text) if b"%" in text else text).decode()


def take_form(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a multipart form, which was taken apart while it arrived (``uploads.py``)."""
    return values


def without_files(fields: dict[str, Any]) -> dict[str, Any]:
    """Return a form's fields as a schema sees them: a file is a text."""
    return {name: "" if isinstance(value, Upload) else value for name, value in fields.items()}


class BodyReader:
    """Turns the body of one operation's requests into checked values."""

    __slots__ = ("_described", "_exact", "_is_required", "_media", "form_fields")

    def __init__(self, document: Document, body: RequestBody) -> None:
        self._is_required = body.is_required
        self._media = {
            media: (_parser(document, media, body.node["content"][media]), validator)
            for media, validator in body.media.items()
        }
        self._exact = {media.encode(): found for media, found in self._media.items()}
        self._described = " or ".join(self._media)
        form = body.node["content"].get(MULTIPART)
        schema = document.resolve(form.get("schema", {})) if form else {}
        self.form_fields = None if form is None else frozenset(schema.get("properties", {}))
        """The names of the fields of a multipart form; ``None`` if none is taken."""

    def read(self, raw: bytes | dict[str, Any], content_type: bytes) -> Any:
        """Return the value of a body, or nothing for none that need not be; raise the refusal of any other.

        Of a multipart form, ``raw`` is its values.
        """
        if not raw:
            if self._is_required:
                raise contract_refusal(Violation("body", "", "required", "a body is required"))
            return None
        parse, validator = self._exact.get(content_type) or self._choose(content_type)
        value = parse(raw)
        judged = without_files(value) if parse is take_form else value
        if not validator.is_valid(judged):
            violations = validator.violations(judged)
            raise Refused(400, violations[0].message, violations=violations, cause=Cause.CONTRACT)
        return value

    def _choose(self, content_type: bytes) -> tuple[Parse, Validator]:
        media, *options = (part.strip().lower() for part in content_type.decode("latin-1").split(";"))
        found = self._media.get(media)
        charsets = {option.removeprefix("charset=").strip('"') for option in options if option.startswith("charset=")}
        if found is None or not charsets <= {"utf-8", "utf8"}:
            said = content_type.decode("latin-1") or "none"
            why = f"content type {said} is not supported: send {self._described}"
            raise contract_refusal(Violation("header", "Content-Type", "media_type", why, said), 415)
        return found


def _parser(document: Document, media: str, node: Mapping[str, Any]) -> Parse:
    if media == JSON or media.endswith("+json"):
        return parse_json
    if media == FORM:
        return _form_parser(document, document.resolve(node.get("schema", {})))
    if media == MULTIPART:
        return take_form
    raise Misconfigured(f"{document.path}: a request body of type {media!r} is not understood")


def _form_parser(document: Document, schema: Mapping[str, Any]) -> Parse:
    readers = {
        name: READERS.get(document.resolve(part).get("type", ""), read_text)
        for name, part in schema.get("properties", {}).items()
    }

    def parse(raw: bytes) -> dict[str, Any]:
        try:
            fields = parse_pairs(raw)
        except ValueError:
            raise malformed("the form is not UTF-8") from None
        for name, values in fields.items():
            if len(values) > 1 and name in readers:
                raise contract_refusal(Violation("body", f"/{name}", "repeated", f"{name} is given more than once"))
        return {name: readers.get(name, read_text)(values[0]) for name, values in fields.items()}

    return parse
