"""Committed samples: they equal the responses of this version, and keep the specs."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from tools.make_samples import FOLDER, make_samples
from understudy.contract.compiled_operations import Operation
from understudy.http.mounted_vendor import MountedVendor

Sample = dict[str, Any]


@pytest.fixture(scope="module")
def made() -> dict[Path, bytes]:
    return make_samples()


def samples(vendor: MountedVendor) -> list[tuple[Operation, str, Sample]]:
    """Return every committed exchange of a vendor, with its operation and name."""
    return [
        (operation, name, exchange)
        for operation in vendor.operations
        for name, exchange in read(vendor, operation)["exchanges"].items()
    ]


def read(served: MountedVendor, operation: Operation) -> Sample:
    found: Sample = orjson.loads((FOLDER / served.vendor.name / f"{operation.id}.json").read_bytes())
    return found


def test_the_samples_equal_those_of_make_fixtures(made: dict[Path, bytes]) -> None:
    committed = {path.relative_to(FOLDER): path.read_bytes() for path in FOLDER.rglob("*.json")}

    stale = sorted(str(path) for path in made.keys() | committed.keys() if made.get(path) != committed.get(path))

    assert stale == [], "run `make fixtures`"


def test_the_samples_are_the_same_each_time(made: dict[Path, bytes]) -> None:
    assert make_samples() == made


def test_every_operation_has_a_success_among_its_samples(vendor: MountedVendor) -> None:
    lacking = [
        operation.id
        for operation in vendor.operations
        if not any(name.startswith("2") for name in read(vendor, operation)["exchanges"])
    ]

    assert lacking == []


def test_every_response_keeps_the_spec(vendor: MountedVendor) -> None:
    wrong: dict[tuple[str, str], object] = {}
    for operation, name, exchange in samples(vendor):
        answer = exchange["answer"]
        response = operation.response(answer["status"])
        assert response is not None, (operation.id, name)
        media = answer["headers"].get("content-type", "").partition(";")[0]
        if media:
            found = response.media[media].violations(answer.get("body", answer.get("text")))
            wrong |= {(operation.id, name): found} if found else {}

    assert wrong == {}


def test_every_request_with_a_json_body_that_succeeds_keeps_the_spec(vendor: MountedVendor) -> None:
    wrong: dict[tuple[str, str], object] = {}
    for operation, name, exchange in samples(vendor):
        request = exchange["request"]
        media = request["headers"].get("Content-Type", "")
        if operation.body and "body" in request and media in operation.body.media and name.startswith("2"):
            found = operation.body.media[media].violations(request["body"])
            wrong |= {(operation.id, name): found} if found else {}

    assert wrong == {}


def test_the_name_of_a_sample_starts_with_its_status(vendor: MountedVendor) -> None:
    assert [name for _, name, each in samples(vendor) if not name.startswith(f"{each['answer']['status']} ")] == []
