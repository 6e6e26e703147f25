"""Every kind that the registry finds: pure, complete, valid, and accepted by the stand-in."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from tests.casting.record_poster import OF_VENDORS, START, post, validator_of
from understudy.app import Understudy, create_app
from understudy.casting.kind import Kind
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.record_request import RecordRequest
from understudy.casting.scenario import Scenario
from understudy.casting.scenario_file import load_scenario
from understudy.core.misconfigured import Misconfigured
from understudy.settings import Settings

SAMPLE = 160


@cache
def cast() -> LazyCast:
    return LazyCast(load_scenario(START))


@pytest.fixture(params=OF_VENDORS, ids=lambda kind: str(kind.name))
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


def test_a_record_does_not_depend_on_the_others(kind: Kind) -> None:
    make = kind.open(cast())
    whole = make(range(200))

    alone = [kind.open(cast())(range(n, n + 1))[0] for n in (0, 1, 17, 33, 199)]

    assert alone == [whole[n] for n in (0, 1, 17, 33, 199)]
    assert make(range(90, 130)) == whole[90:130]


def test_no_two_records_share_an_object(kind: Kind) -> None:
    seen: set[int] = set()
    records = kind.open(cast())(range(40))

    parts = [id(part) for record in records for part in containers(record)]

    assert len(parts) == len(seen.union(parts))


def test_another_seed_makes_other_records(kind: Kind) -> None:
    other = LazyCast(replace(load_scenario(START), seed=2))

    assert kind.open(other)(range(20)) != kind.open(cast())(range(20))


def test_every_record_fits_the_spec(kind: Kind, understudy: Understudy) -> None:
    validator = validator_of(understudy, kind)

    wrong = {
        n: found for n, record in enumerate(kind.open(cast())(range(2000))) if (found := validator.violations(record))
    }

    assert wrong == {}


def test_every_record_is_accepted_by_the_stand_in(kind: Kind) -> None:
    understudy = fresh()

    refused = [
        (answer.status, answer.body, record)
        for record in kind.open(cast())(range(min(SAMPLE, kind.size(cast()))))
        if kind.operation and (answer := post(understudy, kind, record)).status not in range(200, 300)
    ]

    assert refused == []


@cache
def fresh() -> Understudy:
    """Return a stand-in for these tests alone, with the cast of the start scenario."""
    return create_app(Settings())


def containers(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        yield value
        for part in value.values() if isinstance(value, dict) else value:
            yield from containers(part)


def test_shops_without_merchants_are_refused() -> None:
    with pytest.raises(Misconfigured, match=r"^cast\.shops: such records need merchants"):
        RecordRequest("cast.shops", Scenario(people=5)).open()
