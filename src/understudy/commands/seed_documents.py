"""Records of users' own documents, sent to a running server by the operations that create them."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import closing

import click
import orjson

from understudy.app import create_app
from understudy.client import Control, RemoteWorld
from understudy.client.http_client import HttpClient
from understudy.contract.compiled_operations import Operation
from understudy.contract.example_requests import build_request
from understudy.contract.schema_compiler import compiler_of
from understudy.core.media_types import is_json
from understudy.core.world_names import world_prefix
from understudy.http.mounted_vendor import MountedVendor
from understudy.resources.recognition import find_resources
from understudy.resources.request_credentials import signed
from understudy.samples.sample_maker import NoValue, SampleMaker
from understudy.settings import Settings, control_token


def seed_documents(settings: Settings, root: str, world: str, count: int) -> int:
    """Send ``count`` records to each collection of each document; print the results, return the number of refusals."""
    refused = 0
    with Control(root, control_token() or "") as control:
        main = RemoteWorld(control)  # another world may be made by the first record
        for name, vendor in create_app(settings).vendors.items():
            there = main.introduce(name)
            with closing(HttpClient(control.root + world_prefix(world) + there["path"])) as client:
                for operation in _creators(vendor):
                    refused += _send(client, vendor, operation, there["credentials"], count)
    return refused


def _creators(vendor: MountedVendor) -> Iterator[Operation]:
    """Yield the operation that creates the records of each resource which lies in no other one."""
    for resource in find_resources(vendor.document, vendor.operations):
        if not resource.parents:
            yield from [use.operation for use in resource.uses if use.role == "create"][:1]


def _send(
    client: HttpClient, vendor: MountedVendor, operation: Operation, credentials: Mapping[str, str], count: int
) -> int:
    """Send records by an operation, print the result, and return the number of those that were refused."""
    maker = SampleMaker(vendor.document, compiler_of(vendor.document, is_lazy=True))
    name, taken, refused, why = f"{vendor.document.name}.{operation.id}", 0, 0, ""
    with click.progressbar(range(count), label=name, file=sys.stderr) as numbers:
        for number in numbers:
            try:
                target, headers, body = _request(maker, operation, credentials, number)
            except NoValue:
                click.echo(f"{name:<24} left out: no body in JSON is found for it")
                return 0
            status, answer = client.send(operation.method.upper(), target, headers, body)
            taken += status < 300
            if status >= 300:
                refused += 1
                why = why or f"{status}: {' '.join(answer.decode(errors='replace').split())[:160]}"
    click.echo(f"{name:<24} {taken} taken{f', {refused} refused ({why})' if refused else ''}")
    return refused


def _request(
    maker: SampleMaker, operation: Operation, credentials: Mapping[str, str], number: int
) -> tuple[str, dict[str, str], bytes]:
    key = f"{operation.id}/{number}"
    values = {each.name: maker.media_value(each.node, key) for each in operation.parameters if each.is_required}
    body, media = b"", ""
    if operation.body is not None:
        found = [(name, node) for name, node in operation.body.node["content"].items() if is_json(name)]
        if not found:
            raise NoValue
        media, node = found[0]
        body = orjson.dumps(maker.value(node.get("schema", {}), key, "request"))
    call = build_request(operation, values, body, media)
    target, headers = signed(operation, call.target, credentials)
    return target, {**call.headers, **headers}, body
