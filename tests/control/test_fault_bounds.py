"""Numeric bounds of faults: each at the bound, and one beside it."""

import time
from typing import Any

import pytest

from tests.asgi import call
from tests.contract.conftest import found
from tests.control.conftest import Steering

ATTRIBUTES = "/customerattributes"
ENDS_OF_STATUS = (400, 418, 419, 420, 451, 499, 500, 511, 512, 520, 530, 598, 599)
LIMITS: dict[str, tuple[str, float, float, float]] = {
    "nth": ("status", 1, 1_000_000, 1),
    "times": ("status", 1, 1_000_000, 1),
    "probability": ("status", 0, 1, 0.001),
    "lasting": ("status", 0.001, 1_000_000_000, 0.001),
    "seed": ("status", 0, 2**63 - 1, 1),
    "status": ("status", 400, 599, 1),
    "retry_after": ("throttle", 1, 86_400, 1),
    "delay": ("latency", 0, 3600, 0.001),
    "spread": ("latency", 0, 3600, 0.001),
    "bytes": ("truncate", 0, 1_000_000_000, 1),
}
"""Property: a kind of fault that has it, its least and greatest value, and the step to the value beside."""


def fault(kind: str, **properties: Any) -> dict[str, Any]:
    more: dict[str, Any] = {"delay": 1} if kind == "latency" else {}
    if properties.keys() == {"spread"}:
        more["distribution"] = "normal"
    return {"kind": kind, **more, **properties}


@pytest.mark.parametrize("name", LIMITS)
def test_a_property_is_taken_at_its_bounds_and_refused_beside_them(steering: Steering, name: str) -> None:
    kind, least, greatest, step = LIMITS[name]
    for value, status in ((least, 201), (greatest, 201), (least - step, 400), (greatest + step, 400)):
        answer = steering.ask("POST", "/worlds/{world}/faults", fault(kind, **{name: value}))
        assert answer.status == status, (name, value, answer.body)


@pytest.mark.parametrize("vendor", found())
def test_every_status_that_a_fault_may_have_is_answered(steering: Steering, vendor: str) -> None:
    served = steering.understudy.vendors[vendor]
    operation = next(each for each in served.operations if each.method == "get" and "{" not in each.path)
    for status in ENDS_OF_STATUS:
        wanted = {"kind": "status", "status": status, "vendor": vendor, "times": 1}
        steering.post("/worlds/{world}/faults", wanted, status=201)
        answer = call(steering.understudy.asgi, "GET", f"/@{steering.world_name}{served.base_path}{operation.path}")
        assert (answer.status, answer.headers["understudy-refused-by"]) == (status, "fault")
        assert answer.body
    assert steering.world.journal.breaches() == []
    assert steering.get("/worlds/{world}/faults") == []


@pytest.mark.parametrize(("times", "statuses"), [(1, [503, 200, 200]), (2, [503, 503, 200]), (3, [503, 503, 503])])
def test_the_last_of_its_times_is_the_last_call_that_a_fault_strikes(
    steering: Steering, times: int, statuses: list[int]
) -> None:
    steering.post("/worlds/{world}/faults", fault("status", times=times), status=201)

    assert [steering.call_vendor("ecdp", "GET", ATTRIBUTES).status for _ in statuses] == statuses


@pytest.mark.parametrize(("nth", "statuses"), [(1, [503, 200, 200]), (2, [200, 503, 200]), (3, [200, 200, 503])])
def test_a_fault_strikes_its_nth_call_and_none_beside_it(steering: Steering, nth: int, statuses: list[int]) -> None:
    steering.post("/worlds/{world}/faults", fault("status", nth=nth), status=201)

    assert [steering.call_vendor("ecdp", "GET", ATTRIBUTES).status for _ in statuses] == statuses


@pytest.mark.parametrize(("probability", "status"), [(0, 200), (1, 503)])
def test_a_probability_of_nought_strikes_no_call_and_of_one_each(
    steering: Steering, probability: float, status: int
) -> None:
    steering.post("/worlds/{world}/faults", fault("status", probability=probability), status=201)

    assert {steering.call_vendor("ecdp", "GET", ATTRIBUTES).status for _ in range(30)} == {status}


@pytest.mark.parametrize(("seconds", "status"), [(59.999, 503), (60, 200), (60.001, 200)])
def test_a_lasting_fault_is_over_at_its_last_instant(steering: Steering, seconds: float, status: int) -> None:
    steering.post("/worlds/{world}/faults", fault("status", lasting=60), status=201)

    steering.post("/worlds/{world}/clock/move", {"seconds": seconds})

    assert steering.call_vendor("ecdp", "GET", ATTRIBUTES).status == status


def test_a_fault_that_lasts_no_time_is_refused(steering: Steering) -> None:
    steering.post("/worlds/{world}/faults", fault("status", lasting=0), status=400)


@pytest.mark.parametrize(("distribution", "spread"), [("fixed", 0), ("normal", 0), ("long_tailed", 0)])
def test_a_delay_of_nought_delays_nothing(steering: Steering, distribution: str, spread: float) -> None:
    steering.post(
        "/worlds/{world}/faults", fault("latency", delay=0, distribution=distribution, spread=spread), status=201
    )
    started = time.perf_counter()

    assert steering.call_vendor("ecdp", "GET", ATTRIBUTES).status == 200
    assert time.perf_counter() - started < 1
