"""Make fixtures/samples: for each operation, what a client sends and what the stand-in answers.

The calls are those that the specs' examples amount to, each to a new world at one fixed moment, so that the same
sources give the same files.
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
from understudy.http.vendor_mount import MountedVendor
from understudy.settings import MEBIBYTE, Settings

FOLDER = data_folder("fixtures") / "samples"
MOMENT = 1_769_860_800.0  # 2026-01-31T12:00:00Z
STILL = SimpleNamespace(time=lambda: MOMENT, monotonic=lambda: 0.0)
LONGEST = 20_000
"""The longest request that is shown: those that are refused for their length say nothing more."""

OURS = ("understudy-", "content-length")
"""How headers begin that are the stand-in's own, or say what the body shows."""

STYLE = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


def make_samples() -> dict[Path, bytes]:
    """Return the files by their paths below the folder."""
    with patch.object(clock, "time", STILL):
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
        if is_shown and len(each.body) < LONGEST:
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
    shown = {name: value for name, value in answer.headers.items() if not name.startswith(OURS)}
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
