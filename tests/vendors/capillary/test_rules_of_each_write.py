"""Rules that several writes share: each of the writes refuses what breaks the rule, and takes it otherwise."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest

from tests.vendors.rule_cases import Case, Contract
from understudy.app import Understudy
from understudy.contract.example_requests import ExampleRequest
from understudy.state.world import World

CONTRACT = Contract("capillary")
PAIR = "The two attribution lookup headers come together (1061)."
CUSTOMER = "At least one field is of type customer."
UNIQUE = "A field that is part of the unique key is required (1802)."
SENSITIVE = "The customer field does not hold PSI data (1802)."


@pytest.fixture
def own_world(understudy: Understudy, world: World) -> Iterator[World]:
    understudy.worlds.import_world(world, understudy.worlds.initial_snapshot())
    yield world
    understudy.worlds.delete(world.name)


def codes(understudy: Understudy, world: World, request: ExampleRequest, **headers: str) -> list[int]:
    """Return the codes of the errors with which a request is refused."""
    answer = CONTRACT.send(understudy, world, request, **headers)
    assert answer.status == 400, answer.body
    return [each["code"] for each in answer.json["errors"]]


@pytest.mark.parametrize("case", CONTRACT.cases(PAIR), ids=str)
@pytest.mark.parametrize("name", ["X_CAP_API_ATTRIBUTION_LOOKUP_TYPE", "X_CAP_API_ATTRIBUTION_LOOKUP"])
def test_every_write_refuses_one_header_of_the_lookup_pair(
    understudy: Understudy, own_world: World, case: Case, name: str
) -> None:
    request = CONTRACT.accepted(case.operation)

    assert codes(understudy, own_world, request, **{name: "CODE"}) == [1061]
    both = {"X_CAP_API_ATTRIBUTION_LOOKUP_TYPE": "CODE", "X_CAP_API_ATTRIBUTION_LOOKUP": "till.understudy"}
    assert CONTRACT.send(understudy, own_world, request, **both).status == 200


def field(kind: str, **attributes: str) -> dict[str, Any]:
    return {"name": kind, "type": kind, "attributes": {name: {"value": value} for name, value in attributes.items()}}


WRONG = {
    CUSTOMER: [field("string")],
    UNIQUE: [field("customer"), field("string", isUniqueKeyField="true", isRequired="false")],
    SENSITIVE: [field("customer", isPsiData="true")],
}


@pytest.mark.parametrize("case", CONTRACT.cases(*WRONG), ids=str)
def test_every_definition_of_an_event_keeps_the_rules_of_its_fields(
    understudy: Understudy, own_world: World, case: Case
) -> None:
    request = CONTRACT.accepted(case.operation)

    def with_fields(fields: list[dict[str, Any]]) -> ExampleRequest:
        return replace(request, body=orjson.dumps({**orjson.loads(request.body), "fields": fields}))

    assert codes(understudy, own_world, with_fields(WRONG[case.rule])) == [400 if case.rule == CUSTOMER else 1802]
    assert CONTRACT.send(understudy, own_world, with_fields([field("customer")])).status == 200


def test_an_unknown_webhook_is_not_disabled(understudy: Understudy, own_world: World) -> None:
    request = CONTRACT.accepted(CONTRACT.operations["disable_webhook"])
    body = orjson.loads(request.body) if request.body else {}
    unknown = replace(request, body=orjson.dumps({**body, "webHookId": "nowhere"}))

    assert codes(understudy, own_world, unknown) == [400]
    assert CONTRACT.send(understudy, own_world, request).status == 200
