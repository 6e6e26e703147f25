"""Bounds that no integer of 64 bits keeps: a document with them starts, and its answers are JSON."""

from pathlib import Path
from typing import Any

import pytest

from tests.foreign.own_documents import findings, load, with_schema
from tests.own_document import answer, document, serve

BOUNDS = [
    (1e30, 1e35),
    (-1.7976931348623157e308, 1.7976931348623157e308),
    (1e-320, 1e-310),
    (1e300, 1e308),
    (123456789012345678901234567890, 123456789012345678901234567899),
    (2**63, 2**64),
]
MORE: list[dict[str, Any]] = [{}, {"multipleOf": 0.01}, {"multipleOf": 1e50}, {"exclusiveMinimum": True}]


@pytest.mark.parametrize(("low", "high"), BOUNDS)
def test_a_number_between_any_bounds_is_answered_or_refused(tmp_path: Path, low: float, high: float) -> None:
    bounded = [
        {"type": kind, "minimum": low, "maximum": high, **more} for kind in ("number", "integer") for more in MORE
    ]
    api = serve(
        tmp_path, document({f"/{n}": {"get": {"responses": {"200": answer(each)}}} for n, each in enumerate(bounded)})
    )
    answers = [api.call("get", f"/{number}") for number in range(len(bounded))]

    assert {each.status for each in answers} <= {200, 406}
    assert answers[0].status == 200
    assert float(low) <= answers[0].json <= float(high)


def test_bounds_that_are_no_numbers_of_json_are_listed(tmp_path: Path) -> None:
    schema = {"type": "integer", "minimum": -(10**400), "maximum": 10**400}
    found = findings(load(tmp_path, with_schema(schema)))

    assert {place.rsplit("/", 1)[-1] for kind, place in found if kind == "keyword"} == {"minimum", "maximum"}
