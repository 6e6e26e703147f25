"""Request bodies: read up to a limit, parsed strictly, and validated by the schema of their media type."""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from functools import partial
from itertools import accumulate
from typing import Any
from urllib.parse import unquote_to_bytes

import orjson

from understudy.contract.compiled_operations import RequestBody
from understudy.contract.document import Document
from understudy.contract.json_schema_validator import Validator
from understudy.contract.parameter_texts import READERS, read_text
from understudy.contract.styled_parameters import SEPARATORS, nested_form
from understudy.contract.text_values import TextTyper
from understudy.contract.xml_values import NotXml, XmlTyper, parse_xml
from understudy.core.json_errors import json_mistake
from understudy.core.media_types import FORM, JSON, MULTIPART, is_json, is_xml
from understudy.core.misconfigured import Misconfigured
from understudy.core.numbers import LEAST, rounded
from understudy.core.refused import Cause, Refused, Violation
from understudy.core.reply import NO_HEADERS
from understudy.core.upload import Upload

Receive = Callable[[], Awaitable[dict[str, Any]]]
Parse = Callable[[Any], Any]
"""Parser: returns the value of a body's bytes; of a multipart form, of its values."""

PIECE_BYTES = 64 * 1024
"""Size of the pieces of a body that is read while it arrives."""

MAX_DEPTH = 200
"""Limit of the nesting of JSON. It is below the serialiser's limit, so that a stored body can be sent."""


BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""UTF-8 mark that some clients write before JSON; a reader may ignore it (RFC 8259, section 8.1)."""


EMPTY_OBJECT = b"{}"
JSON_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
DEEPER = {**dict.fromkeys(b"[{", 1), **dict.fromkeys(b"]}", -1)}


class ClientDisconnected(Exception):  # noqa: N818 - no error of the server
    """Disconnect of the client before its request was complete."""


async def body_pieces(receive: Receive, limit: int) -> AsyncGenerator[bytes, None]:
    """Yield a request's body as it arrives; raise a 413 refusal beyond ``limit`` bytes, or ``ClientDisconnected``."""
    size, has_more = 0, True
    while has_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnected
        piece = message.get("body", b"")
        has_more = message.get("more_body", False)
        size += len(piece)
        if size > limit:
            raise too_large(limit)
        for start in range(0, len(piece), PIECE_BYTES):
            yield piece[start : start + PIECE_BYTES]


async def read_body(receive: Receive, headers: Mapping[bytes, bytes], limit: int) -> bytes:
    """Return a request's body; raise a 413 refusal as soon as it exceeds ``limit`` bytes, or ``ClientDisconnected``."""
    check_declared_size(headers, limit)
    body = bytearray()
    while len(body) <= limit:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnected
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    if len(body) > limit:
        raise too_large(limit)
    return bytes(body)


async def asks_for_something(receive: Receive) -> bool:
    """Return whether a body is neither empty nor an empty object; it is read no further than that takes."""
    seen, has_more = b"", True
    while has_more and len(seen) <= len(EMPTY_OBJECT):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnected
        seen = (seen + message.get("body", b"")).strip()
        has_more = message.get("more_body", False)
    return seen not in (b"", EMPTY_OBJECT)


def check_declared_size(headers: Mapping[bytes, bytes], limit: int) -> None:
    """Raise a 413 refusal if the ``Content-Length`` is over the limit."""
    declared = headers.get(b"content-length", b"")
    if declared.isdigit() and int(declared) > limit:
        raise too_large(limit)


def too_large(limit: int) -> Refused:
    """Return the refusal of a body over the limit."""
    return contract_refusal(Violation("body", "", "size", f"the body is over {limit} bytes"), 413)


def contract_refusal(violation: Violation, status: int = 400, headers: Mapping[str, str] = NO_HEADERS) -> Refused:
    """Return the refusal of a request that breaks the spec in one place."""
    return Refused(status, violation.message, violations=[violation], headers=headers, cause=Cause.CONTRACT)


def malformed(why: str) -> Refused:
    """Return the refusal of a body that cannot be parsed."""
    return contract_refusal(Violation("body", "", "malformed", why))


def parse_json(raw: bytes) -> Any:
    """Return the value of a JSON text; raise a refusal of invalid JSON and of more than ``MAX_DEPTH`` levels.

    An integer beyond 64 bits becomes a double, which no schema accepts as an integer.
    """
    try:
        value = orjson.loads(raw.removeprefix(BYTE_ORDER_MARK))
    except orjson.JSONDecodeError as error:
        raise _not_json(raw, error) from None
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH and _depth_of(raw) > MAX_DEPTH:
        raise malformed(f"the body is nested more than {MAX_DEPTH} levels deep")
    return value


def _not_json(raw: bytes, error: orjson.JSONDecodeError) -> Refused:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return malformed("the body is not UTF-8 text")
    return malformed(f"the body is not valid JSON: {json_mistake(error)}")


def _depth_of(raw: bytes) -> int:
    """Return the depth of a valid JSON text: by its brackets, so that no part of a large value is visited."""
    brackets = JSON_STRING.sub(b"", raw).translate(None, NO_BRACKETS)
    return max(accumulate(map(DEEPER.__getitem__, brackets)), default=0)


def parse_pairs(raw: bytes) -> dict[str, list[str]]:
    """Return the values of a query or form text by name, in order; raise ``ValueError`` if they are not UTF-8."""
    found: dict[str, list[str]] = {}
    for pair in raw.replace(b"+", b" ").split(b"&"):
        if pair:
            name, _, value = pair.partition(b"=")
            found.setdefault(_decode(name), []).append(_decode(value))
    return found


def _decode(text: bytes) -> str:
    return (unquote_to_bytes(text) if b"%" in text else text).decode()


def parsed_form(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a multipart form unchanged: ``uploads`` has parsed them while they arrived."""
    return values


def without_files(fields: dict[str, Any]) -> dict[str, Any]:
    """Return a form's fields with an empty text for each file, as its schema declares it."""
    return {name: "" if isinstance(value, Upload) else value for name, value in fields.items()}


class BodyReader:
    """Reader of the request bodies of one operation: chooses a parser by media type, parses and validates."""

    __slots__ = (
        "_described",
        "_exact",
        "_is_required",
        "_media",
        "_takes_any_charset",
        "_typed_form",
        "form_fields",
    )  # fmt: skip

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
        fields = () if document.is_foreign else schema.get("properties", {})
        self.form_fields = None if form is None else frozenset(fields)
        self._takes_any_charset = document.is_foreign
        self._typed_form: Parse | None = None
        if form is not None and document.is_foreign:
            self._typed_form = partial(TextTyper(document).typed, form.get("schema", {}))
        """Names of the fields of a multipart form; ``None`` if the operation takes no form."""

    def read(self, raw: bytes | dict[str, Any], content_type: bytes) -> Any:
        """Return the value of a body, and ``None`` for a missing optional one; raise ``Refused`` if it is not valid.

        ``raw`` is bytes, or the values of a multipart form.
        """
        if not raw:
            if self._is_required:
                raise contract_refusal(Violation("body", "", "required", "a body is required"))
            return None
        parse, validator = self._exact.get(content_type) or self._choose(content_type)
        value = parse(raw)
        if parse is parsed_form:
            value = self._typed_form(value) if self._typed_form else value
            _check(validator, without_files(value))
            value = rounded(value) if self._typed_form else value
        elif parse is not _text_or_bytes:
            _check(validator, value)
            value = rounded(value) if self._takes_any_charset else value
        return value

    def checker(self, content_type: bytes) -> Callable[[Any], None]:
        """Return the function that refuses a body's value unless it is valid; raise ``Refused`` for another type."""
        _, validator = self._exact.get(content_type) or self._choose(content_type)
        return partial(_check, validator)

    def _choose(self, content_type: bytes) -> tuple[Parse, Validator]:
        media, *options = (part.strip().lower() for part in content_type.decode("latin-1").split(";"))
        found = self._media.get(media)
        if self._takes_any_charset:
            found = found or self._fitting(media)
            options = []
        charsets = {option.removeprefix("charset=").strip('"') for option in options if option.startswith("charset=")}
        if found is None or not charsets <= {"utf-8", "utf8"}:
            given = content_type.decode("latin-1") or "none"
            why = f"content type {given} is not supported: send {self._described}"
            raise contract_refusal(Violation("header", "Content-Type", "media_type", why, given), 415)
        return found

    def _fitting(self, media: str) -> tuple[Parse, Validator] | None:
        """Return the parser for a media type that a declared range covers; without any type, that of the first."""
        if not media:
            return next(iter(self._media.values()))
        for declared, found in self._media.items():
            kind, _, rest = declared.partition("/")
            if rest == "*" and kind in ("*", media.partition("/")[0]):
                return (_parse_json_with_whole_numbers, found[1]) if is_json(media) else found
        return None


def _check(validator: Validator, value: Any) -> None:
    if not validator.is_valid(value):
        violations = validator.violations(value)
        refused = Refused(400, violations[0].message, violations=violations, cause=Cause.CONTRACT)
        refused.body = value
        raise refused


def _parser(document: Document, media: str, node: Mapping[str, Any]) -> Parse:
    if document.is_foreign and is_json(media):
        return _parse_json_with_whole_numbers
    if media == JSON or media.endswith("+json"):
        return parse_json
    if media == FORM and document.is_foreign:
        return _nested_form_parser(TextTyper(document), node.get("schema", {}), _separators(node))
    if media == FORM:
        return _form_parser(document, document.resolve(node.get("schema", {})))
    if media == MULTIPART:
        return parsed_form
    if document.is_foreign:
        xml = XmlTyper(TextTyper(document))
        schema = node.get("schema", {})
        return partial(_parse_xml, xml, schema) if is_xml(media) and xml.is_read(schema) else _text_or_bytes
    raise Misconfigured(f"{document.path}: a request body of type {media!r} is not understood")


def _parse_json_with_whole_numbers(raw: bytes) -> Any:
    """Return the value of a JSON text; ``8.0`` and ``1e3`` are integers in it, as in JSON Schema since draft 6."""
    return _with_whole_numbers(parse_json(raw))


def _with_whole_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _with_whole_numbers(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_with_whole_numbers(part) for part in value]
    if not isinstance(value, float) or not value.is_integer():
        return value
    whole = int(value)
    return whole - 1 if whole == LEAST else whole  # the least integer is read exactly: this was one below it


def _parse_xml(typer: XmlTyper, schema: Any, raw: bytes) -> Any:
    try:
        return typer.root(schema, parse_xml(raw))
    except NotXml as error:
        raise malformed(str(error)) from None


def _text_or_bytes(raw: bytes) -> Any:
    """Return a body of a type that is not parsed: as text, or as bytes if it is none."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def _separators(node: Mapping[str, Any]) -> dict[str, str]:
    """Return the separator of each field of a form whose list is one text, by its ``encoding``."""
    return {
        name: SEPARATORS.get(str(each.get("style") or "form"), ",")
        for name, each in node.get("encoding", {}).items()
        if each.get("explode") is False or each.get("style") in ("spaceDelimited", "pipeDelimited", "tabDelimited")
    }


def _split_lists(fields: Mapping[str, list[str]], separators: Mapping[str, str]) -> dict[str, list[str]]:
    return {
        name: texts[0].split(separators[name]) if name in separators and len(texts) == 1 and texts[0] else texts
        for name, texts in fields.items()
    }


def _nested_form_parser(typer: TextTyper, schema: Any, separators: Mapping[str, str]) -> Parse:
    lists = {
        name: each for name, each in separators.items() if typer.kind(typer.properties(schema).get(name)) == "array"
    }

    def parse(raw: bytes) -> Any:
        try:
            fields = parse_pairs(raw)
        except ValueError:
            raise malformed("the form is not UTF-8") from None
        return typer.typed(schema, nested_form(_split_lists(fields, lists)))

    return parse


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
