"""Calls of every operation of a user's document, in this process: with all that it requires, and with nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson

from tests.asgi import Answer, call
from understudy.app import Understudy
from understudy.contract.compiled_operations import Operation
from understudy.contract.example_requests import build_request
from understudy.contract.schema_compiler import SchemaCompiler
from understudy.core.media_types import FORM, JSON, is_json
from understudy.http.mounted_vendor import MountedVendor
from understudy.samples.sample_maker import NoValue, SampleMaker


@dataclass(frozen=True, slots=True)
class Called:
    """Answer of an operation, or the exception that left the app, as a text."""

    operation: Operation
    status: int
    text: str


def call_every_operation(app: Understudy, vendor: MountedVendor, limit: int = 0) -> Iterator[Called]:
    """Yield the answers of each operation: to a request that it should take, and to an empty one."""
    maker = SampleMaker(vendor.document, SchemaCompiler(vendor.document, is_lazy=True))
    for number, operation in enumerate(vendor.operations):
        if limit and number >= limit:
            return
        for target, headers, body in (_full(maker, operation), _bare(operation)):
            yield _called(app, vendor, operation, target, headers, body)


def _called(
    app: Understudy, vendor: MountedVendor, operation: Operation, target: str, headers: Mapping[str, str], body: bytes
) -> Called:
    try:
        found: Answer = call(app.asgi, operation.method.upper(), vendor.base_path + target, headers=headers, body=body)
    except Exception as error:  # noqa: BLE001 - whatever leaves the app is what is looked for
        return Called(operation, 599, repr(error)[:300])
    return Called(operation, found.status, found.body[:300].decode("utf-8", "replace"))


def _full(maker: SampleMaker, operation: Operation) -> tuple[str, dict[str, str], bytes]:
    required = [each for each in operation.parameters if each.is_required]
    values = {each.name: _value(maker, each.node, operation.id, "1") for each in required}
    body, media = _body(maker, operation)
    found = build_request(operation, values, body, media)
    headers = {name: quote(text, safe=" !#$&'()*+,/:;=?@[]{}\"<>^`|~") for name, text in found.headers.items()}
    target, signed = _credentials(operation, found.target)
    return target, headers | signed, body


def _bare(operation: Operation) -> tuple[str, dict[str, str], bytes]:
    values = {each.name: "1" for each in operation.parameters if each.where == "path"}
    target, signed = _credentials(operation, build_request(operation, values).target)
    return target, signed, b""


def _value(maker: SampleMaker, node: Mapping[str, Any], key: str, otherwise: Any) -> Any:
    try:
        return maker.media_value(node, key)
    except NoValue:
        return otherwise


def _body(maker: SampleMaker, operation: Operation) -> tuple[bytes, str]:
    if operation.body is None:
        return b"", ""
    media, node = next(iter(operation.body.node["content"].items()))
    if media.endswith("/*"):
        media = JSON
    if is_json(media):
        return orjson.dumps(_value(maker, node, operation.id, {})), media
    return (b"a=1", media) if media == FORM else (b"text", media)


def _credentials(operation: Operation, target: str) -> tuple[str, dict[str, str]]:
    headers = {"authorization": "Bearer x"}
    for requirement in next(iter(operation.security), ()):
        node = requirement.node
        match node["type"], node.get("in") or node.get("scheme"):
            case "apiKey", "header":
                headers[node["name"]] = "key"
            case "apiKey", "cookie":
                headers["cookie"] = f"{node['name']}=key"
            case "apiKey", _:
                target += f"{'&' if '?' in target else '?'}{quote(node['name'])}=key"
            case "http", "basic":
                headers["authorization"] = "Basic YTpi"
            case "http", scheme:
                headers["authorization"] = f"{scheme} x"
    return target, headers
