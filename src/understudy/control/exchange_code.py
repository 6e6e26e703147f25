"""Code made of an exchange: a curl command, a test and a fixture for pytest, records of a scenario."""

import re
from collections.abc import Callable, Mapping, Sequence
from keyword import iskeyword
from pprint import pformat
from typing import Any

import orjson

from understudy.control.curl_commands import NOT_REPEATED, write_curl
from understudy.control.exchanges import RedactedExchange
from understudy.control.record_links import RecordLink
from understudy.control.secret_texts import HIDDEN
from understudy.core.refused import Refused
from understudy.core.world_names import WORLD_PREFIX
from understudy.state.world import World

WIDTH = 100
MAX_RECORDS = 20
MAX_ASSERTIONS = 10
MIN_CREDENTIAL = 4
"""Length of a credential from which it is recognised in a header."""

OWN_HEADERS = NOT_REPEATED | {"user-agent", "accept", "accept-encoding", "accept-language", "content-encoding"}
"""Headers that a client library sends by itself."""

BROWSER = ("sec-", "origin", "referer", "cookie")
WORD = re.compile(r"[^a-z0-9]+")


def write_code(form: str, call: RedactedExchange, world: World, links: Sequence[RecordLink]) -> str:
    """Return an exchange as code of a form; raise ``Refused`` if it has nothing to make it of."""
    return FORMS[form](call, world, links)


def _curl(call: RedactedExchange, world: World, _links: Sequence[RecordLink]) -> str:
    return write_curl([call], world.name)


def _assertion(call: RedactedExchange, _world: World, _links: Sequence[RecordLink]) -> str:
    """Return a test that asserts that the client has made this call, and which answer it got."""
    exchange = call.exchange
    fixture, vendor = _vendor(call)
    pattern = [f"status={exchange.status}", f"outcome={call.outcome!r}"]
    if isinstance(call.request_value(), dict) and not _hides(call.request_value()):
        pattern.append(f"request={_literal(call.request_value(), 4)}")
    operation = f"{exchange.operation!r}, " if exchange.operation else ""
    lines = [
        f"def test_the_client_calls_{_name(call)}({fixture}):",
        "    ...  # have your client make the call",
        "",
        f"    [call] = {vendor}.calls({operation}{', '.join(pattern)})",
    ]
    lines += [
        f'    assert call["response"]["body"]{path} == {value}' for path, value in _scalars(call.response_value())
    ]
    return "\n".join(lines) + "\n"


def _fixture(call: RedactedExchange, world: World, _links: Sequence[RecordLink]) -> str:
    """Return a fixture that makes the same request in the test's world, with the credentials of that world."""
    exchange = call.exchange
    fixture, vendor = _vendor(call)
    arguments = [f'"{exchange.method}"', f"{vendor}.world.url + {_path(call, world)!r}"]
    if headers := _headers(call, world, vendor):
        arguments.append("headers={" + ", ".join(f"{name!r}: {value}" for name, value in headers) + "}")
    arguments += _content(call)
    return "\n".join(
        [
            "import httpx",
            "import pytest",
            "",
            "",
            "@pytest.fixture",
            f"def {_name(call)}({fixture}):",
            "    response = httpx.request(",
            *(f"        {each}," for each in arguments),
            "    )",
            f"    assert response.status_code == {exchange.status}, response.text",
            "    return response.json()" if _is_json(call.response_value()) else "    return response",
            "",
        ]
    )


def _scenario(call: RedactedExchange, world: World, links: Sequence[RecordLink]) -> str:
    """Return the records that the answer is about as a scenario states them: JSON, which is YAML too."""
    collections = world.vendors[call.exchange.vendor].collections
    of_answer = [link for link in links if link.path.startswith("/response/")]
    if not of_answer:
        raise Refused(422, "the answer is about no record that the world has")
    top = min(link.path.count("/") for link in of_answer)
    stated: dict[str, list[Any]] = {}
    for link in [each for each in of_answer if each.path.count("/") == top][:MAX_RECORDS]:
        stated.setdefault(link.collection, []).append(collections[link.collection].get(link.key))
    return scenario_text(call.exchange.vendor, stated)


def scenario_text(vendor: str, stated: Mapping[str, Sequence[Any]]) -> str:
    """Return stated records as the part of a scenario file, a record on a line."""
    lines = ["records:", f"  {_json(vendor)}:"]
    for collection, records in stated.items():
        lines += [f"    {_json(collection)}:", *(f"      - {_json(record)}" for record in records)]
    return "\n".join(lines) + "\n"


FORMS: Mapping[str, Callable[[RedactedExchange, World, Sequence[RecordLink]], str]] = {
    "curl": _curl,
    "pytest": _assertion,
    "fixture": _fixture,
    "scenario": _scenario,
}
"""Writers of code by the name of its form."""


def _vendor(call: RedactedExchange) -> tuple[str, str]:
    """Return the fixture of an exchange's vendor, and the expression for the vendor."""
    name = call.exchange.vendor
    return (name, name) if name.isidentifier() else ("understudy", f"understudy.vendor({name!r})")


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
            made.append((header["name"], repr(header["value"])))
        else:
            prefix = value[: len(value) - len(held)]
            expression = f"{vendor}.credentials[{known[held]!r}]"
            made.append((header["name"], f"{prefix!r} + {expression}" if prefix else expression))
    return made


def _content(call: RedactedExchange) -> list[str]:
    value = call.request_value()
    if not call.exchange.request_body:
        return []
    if _is_json(value):
        return [f"json={_literal(value, 8)}"]
    return [f"content={call.request_body().text!r}"]


def _is_json(value: Any) -> bool:
    return isinstance(value, dict | list)


def _hides(value: Any) -> bool:
    return HIDDEN in orjson.dumps(value).decode()


def _literal(value: Any, indent: int) -> str:
    """Return a JSON value as a Python literal, its further lines indented."""
    return pformat(value, width=WIDTH, sort_dicts=False).replace("\n", "\n" + " " * indent)


def _scalars(value: Any) -> list[tuple[str, str]]:
    """Return the subscripts and literals of the plain members of an answer, those of its top only."""
    if not isinstance(value, dict):
        return []
    found = [(f"[{name!r}]", repr(each)) for name, each in value.items() if isinstance(each, str | int | None)]
    return [each for each in found if HIDDEN not in each[1]][:MAX_ASSERTIONS]


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
