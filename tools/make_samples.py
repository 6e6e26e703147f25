"""Generator of fixtures/samples: for each operation, example requests and their responses.

The requests are made from the specs' examples, each to a new world at one fixed time, so that the same sources give
the same files.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import orjson

from tests.asgi import call
from understudy.app import Understudy, create_app
from understudy.contract.compiled_operations import Operation
from understudy.contract.example_requests import ExampleRequest, example_requests, has_request_example
from understudy.core import clock
from understudy.core.data_folder import data_folder
from understudy.http.mounted_vendor import MountedVendor
from understudy.settings import MEBIBYTE, Settings

FOLDER = data_folder("fixtures") / "samples"
NOW = 1_769_860_800.0  # 2026-01-31T12:00:00Z
FROZEN = SimpleNamespace(time=lambda: NOW, monotonic=lambda: 0.0)
MAX_BODY = 20_000
"""Longest body of a request in the samples, in bytes; requests that are refused for their length are left out."""

LEFT_OUT = ("understudy-", "content-length")
"""Prefixes of headers that are left out: our own, and the length that the body shows."""

STYLE = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


def make_samples() -> dict[Path, bytes]:
    """Return the files by their paths below the folder."""
    with patch.object(clock, "time", FROZEN):
        understudy = create_app(Settings())
        return {
            Path(vendor) / f"{operation.id}.json": orjson.dumps(_sample(understudy, served, operation), option=STYLE)
            for vendor, served in understudy.vendors.items()
            for operation in served.operations
        }


def _sample(understudy: Understudy, served: MountedVendor, operation: Operation) -> dict[str, Any]:
    exchanges = {
        f"{each.status} {each.name}": _exchange(understudy, served, each) for each in _calls(served, operation)
    }
    place = f"{operation.method.upper()} {served.document.base_path}{operation.path}"
    return {"operation": operation.id, "place": place, "summary": operation.summary, "exchanges": exchanges}


def _calls(served: MountedVendor, operation: Operation) -> Iterator[ExampleRequest]:
    """Yield the calls that succeed, and those that the vendor's own rules refuse."""
    for each in example_requests(served.document, operation, MEBIBYTE):
        is_shown = each.status < 300 or has_request_example(served.document, operation, each.name)
        if is_shown and len(each.body) < MAX_BODY:
            yield each


def _exchange(understudy: Understudy, served: MountedVendor, sent: ExampleRequest) -> dict[str, Any]:
    world = understudy.worlds.get_or_create(f"{served.vendor.name}.{sent.operation.id}.{sent.name}"[:64])
    headers = dict(sent.headers)
    if served.vendor.sign_in and not sent.is_anonymous:
        headers |= served.vendor.sign_in(world.vendors[served.vendor.name], sent.role)
    method, target = sent.operation.method.upper(), served.document.base_path + sent.target
    answer = call(
        understudy.asgi, method, f"/@{world.name}{served.base_path}{sent.target}", headers=headers, body=sent.body
    )
    shown = {name: value for name, value in answer.headers.items() if not name.startswith(LEFT_OUT)}
    return {
        "request": _message({"method": method, "target": target, "headers": headers}, sent.body),
        "answer": _message({"status": answer.status, "headers": shown}, answer.body),
    }


def _message(head: dict[str, Any], body: bytes) -> dict[str, Any]:
    if not body:
        return head
    try:
        return head | {"body": orjson.loads(body)}
    except orjson.JSONDecodeError:
        return head | {"text": body.decode()}


def main() -> None:
    """Write the files, and remove those of operations that are gone."""
    made = make_samples()
    for path in FOLDER.rglob("*.json"):
        if path.relative_to(FOLDER) not in made:
            path.unlink()
    for path, content in made.items():
        target = FOLDER / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    print(f"{len(made)} samples in {FOLDER.relative_to(Path.cwd())}", file=sys.stderr)


if __name__ == "__main__":
    main()
