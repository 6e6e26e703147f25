"""The shipped vendors' stand-ins, put in the vendors' place: nothing of them differs, and moved paths are found."""

import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.asgi import call as send
from understudy.app import Understudy, create_app
from understudy.contract.compiled_operations import Operation
from understudy.contract.example_requests import ExampleRequest, UnpairedExample, example_requests
from understudy.contract.remap import load_moves
from understudy.http.mounted_vendor import MountedVendor
from understudy.proxy.call_examiner import CallExaminer
from understudy.proxy.call_exchanges import ExchangeMaker
from understudy.proxy.inferred_paths import WRONG, write_remap
from understudy.proxy.passed_call import PassedCall
from understudy.proxy.stand_in import StandIn
from understudy.proxy.upstream import Upstream
from understudy.settings import Settings

LIMIT = 1024 * 1024
WORLDS = count()
DEEP = [pytest.param(name, marks=pytest.mark.deep) for name in ("capillary", "contacthub", "crmcom", "twc")]


def examples(vendor: MountedVendor) -> Iterator[ExampleRequest]:
    for operation in vendor.operations:
        try:
            yield from example_requests(vendor.document, operation, LIMIT)
        except UnpairedExample:
            continue


def passed_calls(real: Understudy, name: str) -> Iterator[PassedCall]:
    """Send the document's example requests to a vendor's stand-in; yield the calls as a proxy before it passes them."""
    vendor = real.vendors[name]
    world = real.worlds.get_or_create(f"proxied-{next(WORLDS)}")
    for request in examples(vendor):
        headers = dict(request.headers)
        if request.operation.security and not request.is_anonymous and vendor.vendor.sign_in:
            headers |= vendor.vendor.sign_in(world.vendors[name], request.role)
        method, target = request.operation.method.upper(), f"{vendor.base_path}{request.target}"
        answer = send(real.asgi, method, f"/@{world.name}{target}", headers=headers, body=request.body)
        sent = target.removeprefix(f"/{name}").encode()
        raw = [(key.encode(), value.encode()) for key, value in headers.items()]
        answered = [(key.encode(), value.encode()) for key, value in answer.headers.items()]
        started, host = time.time(), (b"host", b"api.example.com")
        yield PassedCall(
            started, 0.0, method, sent, sent, [host, *raw], request.body, answer.status, answered, answer.body
        )


def examine(real: Understudy, name: str, *, has_stand_in: bool = True) -> CallExaminer:
    """Return the examiner of such calls."""
    beside = create_app(Settings(vendors=(name,), is_strict=False))
    vendor = beside.vendors[name]
    maker = ExchangeMaker(vendor.document, Upstream("https://api.example.com"), LIMIT)
    examiner = CallExaminer(vendor, maker, lambda _: None, StandIn(beside, vendor) if has_stand_in else None)
    for call in passed_calls(real, name):
        examiner.observe(call)
    examiner.close()
    return examiner


@pytest.mark.parametrize("name", ["ecdp", *DEEP])
def test_nothing_is_found_in_a_vendor_that_answers_as_its_stand_in(understudy: Understudy, name: str) -> None:
    examiner = examine(understudy, name)

    assert examiner.calls.total() > 50
    assert [each.message for each in examiner.drift if each.who.value != "client"] == []


def prefixed(operation: Operation) -> str:
    return f"/api{operation.path}"


def renamed(operation: Operation) -> str:
    """Return a path in which the last fixed word has another ending."""
    parts = operation.path.split("/")
    last = max(at for at, part in enumerate(parts) if part and not part.startswith("{"))
    return "/".join([*parts[:last], f"{parts[last].rstrip('s')}-list", *parts[last + 1 :]])


@pytest.mark.deep
@pytest.mark.parametrize("moved", [prefixed, renamed])
def test_all_inferred_paths_of_contacthub_are_found_where_the_vendor_has_them(
    understudy: Understudy, tmp_path: Path, moved: object
) -> None:
    assert callable(moved)
    inferred = [
        each for each in understudy.vendors["contacthub"].operations if each.provenance.get("path") == "inferred"
    ]
    places = {each.id: f"{each.method.upper()} {moved(each)}" for each in inferred}
    remap = tmp_path / "real.yaml"
    remap.write_text("".join(f"{name}: {place}\n" for name, place in places.items()))

    examiner = examine(create_app(Settings(vendors=("contacthub",), remap=remap)), "contacthub", has_stand_in=False)

    verdicts = examiner.inferred.verdicts()
    made = tmp_path / "made.yaml"
    made.write_text(write_remap(verdicts, "https://api.example.com"))
    found = {name: f"{move.method.upper()} {move.path}" for name, move in load_moves(made).items()}
    assert {name: place for name, place in found.items() if places[name] != place} == {}
    assert len(found) >= len(places) - 4, "four operations have no example that is answered with success"
    assert {each.operation.id for each in verdicts if each.verdict == WRONG} == set(found)
