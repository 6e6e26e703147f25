"""Records that are put are such as the vendor can show, or are refused: no later answer breaks the contract."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.control.conftest import Steering
from understudy.contract.example_requests import example_requests

VENDORS = ("capillary", "contacthub", "crmcom", "ecdp", "twc")
SHAPES: tuple[Any, ...] = (None, 5, "text", True, [], {}, [5], {"x": 5})
WORDS_OF_PYTHON = (
    "KeyError",
    "TypeError",
    "AttributeError",
    "object is not",
    "object has",
    "unhashable",
    "NoneType",
    "indices",
)


def changed(record: Any, shapes: tuple[Any, ...], depth: int) -> Iterator[tuple[str, Any]]:
    """Yield copies of a record, each without one member or with another value of it, and the place of the change."""
    for name, value in record.items():
        yield f"-{name}", {other: each for other, each in record.items() if other != name}
        for shape in shapes:
            yield f"{name}={shape}", {**record, name: shape}
        if isinstance(value, dict) and depth > 1:
            for place, inner in changed(value, shapes, depth - 1):
                yield f"{name}/{place}", {**record, name: inner}


def sweep(steering: Steering, vendor: str) -> Iterator[str]:
    """Send every example request of a vendor's reading operations; yield those that are answered with a breach."""
    served = steering.understudy.vendors[vendor]
    for operation in served.operations:
        if operation.method.lower() != "get":
            continue
        for example in example_requests(served.document, operation, 10**6):
            if example.status < 300 and steering.send(example).status == 500:
                yield operation.id


def put_odd_records(steering: Steering, vendor: str, shapes: tuple[Any, ...], depth: int, most: int) -> list[str]:
    """Put odd variants of the first record of each collection; return those after which an answer is a breach."""
    faults = []
    for each in steering.get("/worlds/{world}/collections"):
        path = f"/worlds/{{world}}/collections/{vendor}/{each['name']}"
        if each["vendor"] != vendor or not each["records"]:
            continue
        [record] = steering.get(f"{path}?limit=1")["records"]
        key = record[each["key"]]
        variants = [found for found in changed(record, shapes, depth) if found[1].get(each["key"]) == key]
        accepted = []
        for place, odd in variants[:: max(len(variants) // most, 1)]:
            answer = steering.ask("PUT", f"{path}/{quote(key, safe='')}", odd)
            assert answer.status in (200, 422), (each["name"], place, answer.body)
            title = answer.json.get("title", "") if answer.status == 422 else ""
            assert not any(word in title for word in WORDS_OF_PYTHON), (each["name"], place, title)
            if answer.status == 200:
                accepted.append(place)
                faults += [f"{each['name']} {place}: {found}" for found in sweep(steering, vendor)]
                steering.post("/worlds/{world}/reset")
    return faults


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_record_that_was_put_is_shown_or_was_refused(steering: Steering, vendor: str) -> None:
    assert put_odd_records(steering, vendor, (5, None), 2, 8) == []
