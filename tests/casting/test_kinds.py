"""Every kind of record that there is, found and not listed: pure, whole, valid, and taken by the stand-in."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import orjson
import pytest

from tests.asgi import Answer, call
from understudy.app import Understudy, create_app
from understudy.casting.cast import Cast
from understudy.casting.kind import Kind, find_kinds
from understudy.casting.scenario import load_scenario
from understudy.contract.calls import JSON, write_call
from understudy.contract.schemas import Schemas
from understudy.contract.validators import Validator
from understudy.core.resources import data_folder
from understudy.settings import Settings

SAMPLE = 160
START = data_folder("fixtures") / "scenarios" / "start.yaml"
OF_VENDORS = [kind for kind in find_kinds().values() if kind.vendor != "cast"]


@cache
def cast() -> Cast:
    return Cast(load_scenario(START))


@pytest.fixture(params=OF_VENDORS, ids=lambda kind: str(kind.name))
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


def test_a_record_does_not_depend_on_those_made_with_it(kind: Kind) -> None:
    make = kind.open(cast())
    whole = make(range(200))

    alone = [kind.open(cast())(range(n, n + 1))[0] for n in (0, 1, 17, 33, 199)]

    assert alone == [whole[n] for n in (0, 1, 17, 33, 199)]
    assert make(range(90, 130)) == whole[90:130]


def test_no_part_of_a_record_is_part_of_another(kind: Kind) -> None:
    seen: set[int] = set()
    records = kind.open(cast())(range(40))

    parts = [id(part) for record in records for part in containers(record)]

    assert len(parts) == len(seen.union(parts))


def test_another_seed_makes_other_records(kind: Kind) -> None:
    other = Cast(replace(load_scenario(START), seed=2))

    assert kind.open(other)(range(20)) != kind.open(cast())(range(20))


def test_every_record_keeps_the_spec(kind: Kind, understudy: Understudy) -> None:
    validator = validator_of(understudy, kind)

    wrong = {
        n: found for n, record in enumerate(kind.open(cast())(range(2000))) if (found := validator.violations(record))
    }

    assert wrong == {}


def test_every_record_is_taken_by_the_stand_in(kind: Kind) -> None:
    understudy = fresh()

    refused = [
        (answer.status, answer.body, record)
        for record in kind.open(cast())(range(SAMPLE))
        if kind.operation and (answer := post(understudy, kind, record)).status not in range(200, 300)
    ]

    assert refused == []


@cache
def fresh() -> Understudy:
    """A stand-in of these tests' own, with the cast of the start scenario and all that the kinds tell of it."""
    return create_app(Settings())


def post(understudy: Understudy, kind: Kind, record: dict[str, Any]) -> Answer:
    served = understudy.served[kind.vendor]
    [operation] = [each for each in served.operations if each.id == kind.operation]
    sent = write_call(operation, kind.arguments(record), orjson.dumps(record), JSON)
    world = understudy.worlds.open().worlds[kind.vendor]
    assert served.vendor.sign_in is not None
    headers = {**served.vendor.sign_in(world), **sent.headers}
    return call(
        understudy.asgi, operation.method.upper(), served.base_path + sent.target, headers=headers, body=sent.body
    )


def validator_of(understudy: Understudy, kind: Kind) -> Validator:
    served = understudy.served[kind.vendor]
    if kind.schema:
        return Schemas(served.document).validator({"$ref": f"#/components/schemas/{kind.schema}"}, "response")
    [operation] = [each for each in served.operations if each.id == kind.operation]
    assert operation.body is not None
    return operation.body.media[JSON]


def containers(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        yield value
        for part in value.values() if isinstance(value, dict) else value:
            yield from containers(part)
