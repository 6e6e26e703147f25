"""Documents made of exchanges alone: one for each host, with an operation for each method and path that was seen."""

import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from understudy.core.json_types import Json
from understudy.core.media_types import is_json
from understudy.core.misconfigured import Misconfigured
from understudy.state.journal import Exchange, RawHeaders
from understudy.traffic.value_schemas import schema_of

METHODS = frozenset("GET PUT POST DELETE OPTIONS HEAD PATCH TRACE".split())
NOT_NAME = re.compile(r"[^A-Za-z0-9]+")
FILE = re.compile(r".+\.[A-Za-z][A-Za-z0-9]{0,4}")
VERSION = re.compile(r"v\d+(\.\d+)*")
TOKEN = re.compile(r"(?=.*\d)[A-Za-z0-9_=~.:-]+")
"""Segment that is taken for an id: letters and digits, at least one of these."""


def captured_documents(exchanges: Sequence[Exchange]) -> dict[str, Json]:
    """Return OpenAPI documents by name, made of exchanges; raise ``Misconfigured`` if there is none."""
    by_host: dict[tuple[str, str], list[Exchange]] = {}
    for each in exchanges:
        if each.method in METHODS and not (each.method == "OPTIONS" and _has(each, b"access-control-request-method")):
            by_host.setdefault((each.scheme, each.server), []).append(each)
    if not by_host:
        raise Misconfigured("--replay: no recorded call has an answer: nothing can be replayed")
    found: dict[str, Json] = {}
    for (scheme, server), calls in by_host.items():
        name = _name(server, found)
        found[name] = _document(f"{scheme}://{server}", calls)
    return found


def _has(exchange: Exchange, header: bytes) -> bool:
    return any(name.lower() == header for name, _ in exchange.request_headers)


def _name(server: str, taken: Iterable[str]) -> str:
    host = urlsplit(f"//{server}").hostname or "api"
    wanted = name = NOT_NAME.sub("-", host).strip("-")[:60] or "api"
    number = 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name


def _document(url: str, calls: Sequence[Exchange]) -> Json:
    groups: dict[tuple[str, str], list[Exchange]] = {}
    for each in calls:
        groups.setdefault((_template(each.path.decode("latin-1")), each.method.lower()), []).append(each)
    paths: dict[str, Json] = {}
    for (path, method), found in groups.items():
        paths.setdefault(path, {})[method] = _operation(path, found)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Recorded calls to {url}", "version": "1"},
        "servers": [{"url": url}],
        "paths": paths,
    }


def _template(path: str) -> str:
    """Return a path with a parameter in place of each segment that looks like an id."""
    parts: list[str] = []
    names: list[str] = []
    for segment in path.split("/"):
        if is_id(segment):
            before = next((each for each in reversed(parts) if each and not each.startswith("{")), "")
            words = NOT_NAME.sub("_", before).strip("_").removesuffix("s")
            name = wanted = f"{words}_id" if words else "id"
            number = 2
            while name in names:
                name, number = f"{wanted}_{number}", number + 1
            names.append(name)
            parts.append(f"{{{name}}}")
        else:
            parts.append(segment.replace("{", "%7B").replace("}", "%7D"))
    return "/".join(parts) or "/"


def is_id(segment: str) -> bool:
    """Return whether a segment of a path looks like an id: it has a digit, and is no version and no file."""
    return bool(TOKEN.fullmatch(segment)) and not VERSION.fullmatch(segment) and not FILE.fullmatch(segment)


def _operation(path: str, calls: Sequence[Exchange]) -> Json:
    parameters = [
        {"name": part[1:-1], "in": "path", "required": True, "schema": {"type": "string"}}
        for part in path.split("/")
        if part.startswith("{")
    ]
    names = dict.fromkeys(
        name for each in calls for name, _ in parse_qsl(each.query.decode("latin-1"), keep_blank_values=True)
    )
    parameters += [
        {"name": name, "in": "query", "required": False, "schema": {"type": "array", "items": {"type": "string"}}}
        for name in names
    ]
    sent = [(each.request_headers, each.request_body) for each in calls if each.request_body]
    body = {"requestBody": {"content": _content(sent, requires=False)}} if sent else {}
    responses = {
        str(status): _response([(each.response_headers, each.response_body) for each in calls if each.status == status])
        for status in sorted({each.status for each in calls})
    }
    return {"x-understudy": {"sample": True}, "parameters": parameters, **body, "responses": responses}


def _response(answers: Sequence[tuple[RawHeaders, bytes]]) -> Json:
    content = _content([each for each in answers if each[1]], requires=True)
    return {"description": "Recorded.", **({"content": content} if content else {})}


def _content(bodies: Sequence[tuple[RawHeaders, bytes]], *, requires: bool) -> Json:
    """Return the bodies by media type, JSON with a schema of its values."""
    by_media: dict[str, list[Any]] = {}
    for headers, body in bodies:
        media = _media(headers)
        by_media.setdefault(media, []).append(_value(body) if is_json(media) else None)
    return {
        media: {"schema": schema_of(values, requires=requires)} if is_json(media) else {}
        for media, values in by_media.items()
    }


def _value(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _media(headers: RawHeaders) -> str:
    found = next((value for name, value in headers if name.lower() == b"content-type"), b"")
    return found.partition(b";")[0].strip().lower().decode("latin-1") or "application/octet-stream"
