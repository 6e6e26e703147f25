"""Code made of an exchange: a curl command, a test and a fixture for pytest, records of a scenario."""

import re
from collections.abc import Callable, Mapping, Sequence
from keyword import iskeyword
from typing import Any

import orjson

from understudy.control.curl_commands import NOT_REPEATED, write_curl
from understudy.control.exchanges import RedactedExchange
from understudy.control.python_literals import STEP, WIDTH, python_literal, python_text
from understudy.control.record_links import RecordLink
from understudy.control.secret_texts import HIDDEN
from understudy.core.refused import Refused
from understudy.core.world_names import WORLD_PREFIX
from understudy.state.world import World

MAX_BODY = 65_536
"""Bytes of a request's body up to which it is written as code."""

MAX_RECORDS = 20
MAX_ASSERTIONS = 10
MIN_CREDENTIAL = 4
"""Length of a credential from which it is recognised in a header."""

OWN_HEADERS = NOT_REPEATED | {"user-agent", "accept", "accept-encoding", "accept-language", "content-encoding"}
"""Headers that a client library sends by itself."""

BROWSER = ("sec-", "origin", "referer", "cookie")
WORD = re.compile(r"[^a-z0-9]+")


def write_code(form: str, call: RedactedExchange, world: World, links: Sequence[RecordLink]) -> str:
    """Return an exchange as code of a form; raise ``Refused`` if it has nothing to make it of, or too much."""
    if form != "scenario" and len(call.exchange.request_body) > MAX_BODY:
        raise Refused(422, f"a body over {MAX_BODY} bytes is too long for code: take the HTTP archive")
    return FORMS[form](call, world, links)


def _curl(call: RedactedExchange, world: World, _links: Sequence[RecordLink]) -> str:
    return write_curl([call], world.name)


def _assertion(call: RedactedExchange, _world: World, _links: Sequence[RecordLink]) -> str:
    """Return a test that asserts that the client has made this call, and which answer it got."""
    exchange = call.exchange
    fixture, vendor = vendor_fixture(exchange.vendor)
    arguments = [python_text(exchange.operation)] if exchange.operation else []
    arguments += [f"status={exchange.status}", f"outcome={python_text(call.outcome)}"]
    if isinstance(call.request_value(), dict) and not _hides(call.request_value()):
        arguments.append(f"request={python_literal(call.request_value(), STEP * 2, len('request='))}")
    lines = [
        f"def test_the_client_calls_{_name(call)}({fixture}):",
        f"{STEP}...  # have your client make the call",
        "",
        *_called(f"[call] = {vendor}.calls", arguments),
    ]
    lines += [f'{STEP}assert call["response"]["body"]{path} == {value}' for path, value in _scalars(call)]
    return "\n".join(lines) + "\n"


def _fixture(call: RedactedExchange, world: World, _links: Sequence[RecordLink]) -> str:
    """Return a fixture that makes the same request in the test's world, with the credentials of that world."""
    exchange = call.exchange
    fixture, vendor = vendor_fixture(exchange.vendor)
    arguments = [python_text(exchange.method), f"{vendor}.world.url + {python_text(_path(call, world))}"]
    if headers := _headers(call, world, vendor):
        arguments.append("headers={" + ", ".join(f"{python_text(name)}: {value}" for name, value in headers) + "}")
    arguments += _content(call)
    lines = [
        "import httpx",
        "import pytest",
        "",
        "",
        "@pytest.fixture",
        f"def {_name(call)}({fixture}):",
        *_called("response = httpx.request", arguments),
        f"{STEP}assert response.status_code == {exchange.status}, response.text",
        f"{STEP}return response.json()" if _is_json(call.response_value()) else f"{STEP}return response",
    ]
    return "\n".join(lines) + "\n"


def _called(function: str, arguments: Sequence[str]) -> list[str]:
    """Return the lines of a call: one if it fits, else one for each argument."""
    line = f"{STEP}{function}({', '.join(arguments)})"
    if len(line) <= WIDTH and "\n" not in line:
        return [line]
    return [f"{STEP}{function}(", *(f"{STEP * 2}{each}," for each in arguments), f"{STEP})"]


def _scenario(call: RedactedExchange, world: World, links: Sequence[RecordLink]) -> str:
    """Return the records that the answer is about as a scenario states them: JSON, which is YAML too."""
    collections = world.vendors[call.exchange.vendor].collections
    of_answer = [link for link in links if link.path.startswith("/response/")]
    if not of_answer:
        raise Refused(422, "the answer is about no record that the world has")
    whole = [link for link in of_answer if link.path.endswith(f"/{collections[link.collection].table.key}")]
    top = min(link.path.count("/") for link in whole or of_answer)
    stated: dict[str, list[Any]] = {}
    for link in [each for each in whole or of_answer if each.path.count("/") == top][:MAX_RECORDS]:
        stated.setdefault(link.collection, []).append(collections[link.collection].get(link.key))
    return scenario_text(call.exchange.vendor, stated)


def scenario_text(vendor: str, stated: Mapping[str, Sequence[Any]]) -> str:
    """Return stated records as the part of a scenario file."""
    lines = ["records:", f"  {_json(vendor)}:"]
    for collection, records in stated.items():
        lines += [f"    {_json(collection)}:", *(f"      - {_indented(record)}" for record in records)]
    return "\n".join(lines) + "\n"


def _indented(record: Any) -> str:
    """Return a record as JSON, on one line if it fits."""
    line = _json(record)
    if len(line) <= WIDTH:
        return line
    return orjson.dumps(record, option=orjson.OPT_INDENT_2).decode().replace("\n", "\n        ")


FORMS: Mapping[str, Callable[[RedactedExchange, World, Sequence[RecordLink]], str]] = {
    "curl": _curl,
    "pytest": _assertion,
    "fixture": _fixture,
    "scenario": _scenario,
}
"""Writers of code by the name of its form."""


def vendor_fixture(name: str) -> tuple[str, str]:
    """Return the fixture of a vendor, and the expression for the vendor in a test that has it."""
    is_plain = name.isidentifier() and not iskeyword(name)
    return (name, name) if is_plain else ("understudy", f"understudy.vendor({python_text(name)})")


def _name(call: RedactedExchange) -> str:
    name = WORD.sub("_", (call.exchange.operation or call.exchange.method).lower()).strip("_")
    return name if name.isidentifier() and not iskeyword(name) else f"call_{name}"


def _path(call: RedactedExchange, world: World) -> str:
    return call.target.removeprefix(WORLD_PREFIX + world.name)


def _headers(call: RedactedExchange, world: World, vendor: str) -> list[tuple[str, str]]:
    """Return the headers as Python expressions; credentials of the world are taken from the test's vendor."""
    known = {
        str(value): name
        for name, value in world.credentials.get(call.exchange.vendor, {}).items()
        if isinstance(value, str | int) and len(str(value)) >= MIN_CREDENTIAL
    }
    sent = [value.decode("latin-1") for _, value in call.exchange.request_headers]
    made = []
    for header, value in zip(call.request_headers(), sent, strict=True):
        if header["name"] in OWN_HEADERS or header["name"].startswith(BROWSER):
            continue
        held = next((text for text in known if header["value"] == HIDDEN and value.endswith(text)), None)
        if held is None:
            made.append((header["name"], python_text(header["value"])))
        else:
            prefix = value[: len(value) - len(held)]
            expression = f"{vendor}.credentials[{python_text(known[held])}]"
            made.append((header["name"], f"{python_text(prefix)} + {expression}" if prefix else expression))
    return made


def _content(call: RedactedExchange) -> list[str]:
    value = call.request_value()
    if not call.exchange.request_body:
        return []
    if _is_json(value):
        return [f"json={python_literal(value, STEP * 2, len('json='))}"]
    return [f"content={python_text(call.request_body().text)}"]


def _is_json(value: Any) -> bool:
    return isinstance(value, dict | list)


def _hides(value: Any) -> bool:
    return HIDDEN in orjson.dumps(value).decode()


def _scalars(call: RedactedExchange) -> list[tuple[str, str]]:
    """Return the subscripts and literals of the plain members of an answer, those of its top only."""
    value = call.response_value()
    if not isinstance(value, dict):
        return []
    plain = [(name, each) for name, each in value.items() if each is None or isinstance(each, str | int)]
    found = [(f"[{python_text(name)}]", python_literal(each)) for name, each in plain]
    return [each for each in found if HIDDEN not in each[1]][:MAX_ASSERTIONS]


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
