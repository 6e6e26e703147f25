"""Requests as text to copy: for curl, httpx and fetch."""

import json
import pprint
from collections.abc import Sequence
from dataclasses import dataclass
from shlex import quote

import orjson

WIDTH = 88
LEFT_OUT = frozenset({"host", "content-length"})
"""Headers that each client computes itself."""


@dataclass(frozen=True, slots=True)
class RequestText:
    """Request to be written as text: its method, its whole URL, its headers and its body."""

    method: str
    url: str
    headers: Sequence[tuple[str, str]]
    body: bytes = b""

    @property
    def shown_headers(self) -> list[tuple[str, str]]:
        """Headers without those that each client computes itself."""
        return [(name, value) for name, value in self.headers if name.lower() not in LEFT_OUT]

    @property
    def text(self) -> str:
        """Body as text; bytes that are none are replaced."""
        return self.body.decode("utf-8", "replace")


def curl(request: RequestText) -> str:
    """Return a curl command, in a POSIX shell's quotes."""
    words = ["curl"]
    if request.method == "HEAD":
        words.append("--head")
    elif request.method != ("POST" if request.body else "GET"):
        words += ["-X", request.method]
    words.append(quote(request.url))
    if set("[]{}") & set(request.url):
        words.append("--globoff")
    lines = [" ".join(words)]
    lines += [f"-H {quote(f'{name}: {value}' if value else f'{name};')}" for name, value in request.shown_headers]
    if request.body:
        lines.append(f"--data-raw {quote(request.text)}")
    return " \\\n  ".join(lines)


def httpx(request: RequestText) -> str:
    """Return Python code for httpx."""
    lines = ["import httpx", "", "response = httpx.request("]
    lines.append(f"    {request.method!r},\n    {request.url!r},")
    headers = dict(request.shown_headers)
    value = _json(request)
    if value is not None:
        headers = {name: text for name, text in headers.items() if text.lower() != "application/json"}
    if headers:
        lines.append(f"    headers={_literal(headers)},")
    if value is not None:
        lines.append(f"    json={_literal(value[0])},")
    elif request.body:
        lines.append(f"    content={request.body!r},")
    return "\n".join([*lines, ")", "print(response.status_code, response.text)"])


def fetch(request: RequestText) -> str:
    """Return JavaScript code for ``fetch``, at the top level of a module."""
    headers = json.dumps(dict(request.shown_headers), indent=2, ensure_ascii=False)
    options = [f"method: {json.dumps(request.method)}"]
    if request.shown_headers:
        options.append(f"headers: {headers}")
    value = _json(request)
    if value is not None:
        options.append(f"body: JSON.stringify({json.dumps(value[0], indent=2, ensure_ascii=False)})")
    elif request.body:
        options.append(f"body: {json.dumps(request.text, ensure_ascii=False)}")
    inner = ",\n".join(options).replace("\n", "\n  ")
    url = json.dumps(request.url, ensure_ascii=False)
    call = f"const response = await fetch({url}, {{\n  {inner},\n}});"
    return f"{call}\nconsole.log(response.status, await response.text());"


def _json(request: RequestText) -> tuple[object] | None:
    """Return the body's value, alone in a tuple, if sending the value sends the same JSON."""
    types = [value for name, value in request.headers if name.lower() == "content-type"]
    if not request.body or not types or types[0].partition(";")[0].strip().lower() != "application/json":
        return None
    try:
        value = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        return None
    return (value,)


def _literal(value: object) -> str:
    return pprint.pformat(value, width=WIDTH, sort_dicts=False).replace("\n", "\n    ")
