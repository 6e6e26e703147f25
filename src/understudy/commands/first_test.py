"""First test of a document of one's own: code that is written into a project, and proved before."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.contract.example_requests import build_request
from understudy.contract.parameters import python_name
from understudy.contract.schema_compiler import compiler_of
from understudy.core.media_types import is_json
from understudy.http.mounted_vendor import MountedVendor
from understudy.resources.recognition import find_resources
from understudy.resources.request_credentials import credential_places
from understudy.resources.resource import Resource, Use
from understudy.samples.sample_maker import NoValue, SampleMaker

MAX_OPERATIONS = 50
"""Number of operations that are tried for a first test."""

MAX_LINE = 88
"""Characters up to which a value is written on one line."""

HEAD = '''"""First test of {name}, written by `understudy init`: change it as you like."""

import json
import urllib.request


def send(method, url, headers, body=None):
    """Send a request; return the status and the body of its response."""
    data = None if body is None else json.dumps(body).encode()
    straight = urllib.request.build_opener(urllib.request.ProxyHandler({{}}))  # past a proxy of this machine
    request = urllib.request.Request(url, data, {{"Content-Type": "application/json", **headers}}, method=method)
    with straight.open(request) as response:
        text = response.read()
        return response.status, json.loads(text) if "json" in response.headers.get("Content-Type", "") else text


'''
CREATE = """def test_what_is_created_can_be_read(understudy):
    vendor = understudy.vendor({name})  # in a world of this test's own
    headers = {headers}
    new = {body}

    status, created = send({method}, vendor.url + {target}, headers, new)

    assert status == {status}
    key = created{place}
    assert send("GET", f"{{vendor.url}}{path}", headers)[1]{place} == key
    [call] = vendor.calls({operation})
    assert call["response"]["status"] == {status}
"""
CALL = """def test_{slug}_is_answered(understudy):
    vendor = understudy.vendor({name})  # in a world of this test's own
    headers = {headers}

    status, _ = send({method}, vendor.url + {target}, headers{body})

    assert 200 <= status < 300
    [call] = vendor.calls({operation})
    assert call["response"]["status"] == status
"""
SERVED = """def test_the_vendor_is_served(understudy):
    vendor = understudy.vendor({name})  # in a world of this test's own

    assert vendor.calls() == []
"""


@dataclass(frozen=True, slots=True)
class FirstTest:
    """Code of a first test, and the operation that it is about, if it calls one."""

    code: str
    operation: Operation | None = None


def first_test(vendor: MountedVendor, passes: Callable[[str], bool]) -> FirstTest:
    """Return the first test of these that passes: a record is created and read, an operation is called, no call."""
    for each in _candidates(vendor):
        if passes(each.code):
            return each
    return FirstTest(HEAD.format(name=vendor.document.name) + SERVED.format(name=literal(vendor.document.name)))


def _candidates(vendor: MountedVendor) -> Iterator[FirstTest]:
    writer = _Writer(vendor)
    for resource in find_resources(vendor.document, vendor.operations):
        yield from writer.created(resource)
    ordered = sorted(vendor.operations, key=lambda each: each.method.lower() != "get")
    for operation in ordered[:MAX_OPERATIONS]:
        yield from writer.called(operation)


class _Writer:
    """Writer of the tests of one vendor."""

    def __init__(self, vendor: MountedVendor) -> None:
        self._name = vendor.document.name
        self._head = HEAD.format(name=self._name)
        self._maker = SampleMaker(vendor.document, compiler_of(vendor.document, is_lazy=True))

    def created(self, resource: Resource) -> Iterator[FirstTest]:
        """Yield a test that creates a record and reads it, if requests of the usual kind do."""
        uses: dict[str, Use] = {}
        for use in resource.uses:
            uses.setdefault(use.role, use)
        create, read = uses.get("create"), uses.get("read")
        if create is None or read is None or create.place is None or not resource.id_property or resource.parents:
            return
        others = [each for each in read.operation.parameters if each.is_required and each.where != "path"]
        if create.place != read.place or others:
            return
        try:
            target, headers, body = self._request(create.operation)
        except NoValue:
            return
        path = re.sub(r"\{[^{}]+\}", "{key}", read.operation.path)
        place = "".join(f"[{literal(name)}]" for name in (*create.place, resource.id_property))
        code = CREATE.format(
            name=literal(self._name), headers=headers, method=literal(create.operation.method.upper()),
            target=literal(target), body=body or "None", status=create.status, place=place, path=path,
            operation=literal(create.operation.id),
        )  # fmt: skip
        yield FirstTest(self._head + code, create.operation)

    def called(self, operation: Operation) -> Iterator[FirstTest]:
        """Yield a test that calls an operation, if a request can be made."""
        try:
            target, headers, body = self._request(operation)
        except NoValue:
            return
        code = CALL.format(
            slug=python_name(operation.id), name=literal(self._name), headers=headers,
            method=literal(operation.method.upper()), target=literal(target), body=f", {body}" if body else "",
            operation=literal(operation.id),
        )  # fmt: skip
        yield FirstTest(self._head + code, operation)

    def _request(self, operation: Operation) -> tuple[str, str, str]:
        """Return the target, and the code of the headers and the body, of a request with all that is required."""
        values = {
            each.name: self._maker.media_value(each.node, operation.id)
            for each in operation.parameters
            if each.is_required
        }
        found = build_request(operation, values)
        headers = {name: literal(text) for name, text in found.headers.items()}
        target, signed = _credentials(operation, found.target)
        code = ", ".join(f"{literal(name)}: {text}" for name, text in (headers | signed).items())
        return target, f"{{{code}}}", self._body(operation)

    def _body(self, operation: Operation) -> str:
        """Return the code of a body in JSON; empty for an operation that needs none, if there is no such body."""
        content = operation.body.node["content"] if operation.body else {}
        schemas = [node.get("schema", {}) for media, node in content.items() if is_json(media) or media.endswith("/*")]
        for schema in schemas:
            with suppress(NoValue):
                return literal(self._maker.value(schema, operation.id, "request"), 4)
        if operation.body is not None and operation.body.is_required:
            raise NoValue
        return ""


def literal(value: Any, indent: int = 0) -> str:
    """Return a value as code: on one line if that is short, else with a line for each member."""
    if isinstance(value, dict):
        parts = [f"{literal(name)}: {literal(each, indent + 4)}" for name, each in value.items()]
    elif isinstance(value, list):
        parts = [literal(each, indent + 4) for each in value]
    else:
        return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
    begin, end = "{}" if isinstance(value, dict) else "[]"
    line = f"{begin}{', '.join(parts)}{end}"
    if len(line) <= MAX_LINE and "\n" not in line:
        return line
    inner = " " * (indent + 4)
    return f"{begin}\n{''.join(f'{inner}{part},{chr(10)}' for part in parts)}{' ' * indent}{end}"


def _credentials(operation: Operation, target: str) -> tuple[str, dict[str, str]]:
    """Return a target, and headers as code, with the vendor's credentials for an operation."""
    headers: dict[str, str] = {}
    for place in credential_places(operation):
        known = f"vendor.credentials[{literal(place.key)}]"
        if place.where == "header":
            headers[place.name] = known
        elif place.where == "cookie":
            headers["Cookie"] = f'"{place.name}=" + {known}'
        elif place.where == "query":
            target += f"{'&' if '?' in target else '?'}{place.name}=key"
        elif place.scheme == "Basic":
            headers["Authorization"] = '"Basic ZGV2ZWxvcGVyOnVuZGVyc3R1ZHk="'
        else:
            headers["Authorization"] = f'"{place.scheme} " + {known}'
    return target, headers
