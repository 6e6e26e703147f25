"""Invalid records: the stand-in refuses each for the rule and with the status that come with it."""

import json
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.asgi import Answer
from tests.casting.record_poster import OF_VENDORS, START, post, validator_of
from understudy.app import Understudy, create_app
from understudy.casting.invalid_records import open_invalid
from understudy.casting.kind import Kind
from understudy.casting.kind_registry import find_kind
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.scenario_file import load_scenario
from understudy.commands.generate import generate
from understudy.core.misconfigured import Misconfigured
from understudy.settings import Settings

Record = dict[str, Any]
COUNT = 300
KINDS = [kind for kind in OF_VENDORS if kind.operation]
RULES = {kind.name: {rule.text for rule in kind.rules} for kind in KINDS}


@cache
def cast() -> LazyCast:
    return LazyCast(load_scenario(START))


@cache
def understudy() -> Understudy:
    return create_app(Settings())


@cache
def invalid_records(name: str) -> list[Record]:
    return open_invalid(find_kind(name), cast())(range(COUNT))


@cache
def responses(kind: Kind) -> list[tuple[Record, Answer]]:
    """Return an invalid record of each rule at each place, with the stand-in's response."""
    distinct = {(each["rule"], each["at"]): each for each in invalid_records(kind.name)}
    return [(each, post(understudy(), kind, each["record"])) for each in distinct.values()]


@pytest.fixture(params=KINDS, ids=lambda kind: str(kind.name))
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


def test_each_record_is_refused_with_its_status(kind: Kind) -> None:
    wrong = [
        (each, response.status, response.body)
        for each, response in responses(kind)
        if response.status != each["status"]
    ]

    assert wrong == []


def test_each_record_is_refused_for_its_rule(kind: Kind) -> None:
    for each, response in responses(kind):
        cause = "rule" if each["rule"] in RULES[kind.name] else "contract"

        assert response.headers["understudy-refused-by"] == cause, each


def test_each_record_breaks_its_rule_of_the_schema_and_no_other(kind: Kind) -> None:
    validator = validator_of(understudy(), kind)

    for each in invalid_records(kind.name):
        found = [(violation.rule, violation.path) for violation in validator.violations(each["record"])]
        assert found == ([] if each["rule"] in RULES[kind.name] else [(each["rule"], each["at"])])


def test_a_record_is_accepted_before_it_is_made_invalid(kind: Kind) -> None:
    valid = kind.open(cast())(range(COUNT))
    broken = [n for n, each in enumerate(invalid_records(kind.name)) if each["rule"] in RULES[kind.name]]

    refused = [response.body for n in broken[:20] if (response := post(understudy(), kind, valid[n])).status >= 300]

    assert refused == []


def test_every_rule_of_a_kind_is_broken(kind: Kind) -> None:
    broken = {each["rule"] for each in invalid_records(kind.name)}

    assert RULES[kind.name] - broken == set()


def test_the_rules_of_a_kind_are_in_the_spec(kind: Kind) -> None:
    served = understudy().vendors[kind.vendor]
    [operation] = [each for each in served.operations if each.id == kind.operation]

    assert RULES[kind.name] <= {rule["rule"] for rule in operation.rules}


def test_many_rules_are_broken_in_many_places() -> None:
    found = defaultdict(set)
    for each in invalid_records("crmcom.purchases"):
        found[each["rule"]].add(each["at"])

    assert {"type", "required", "maxLength", "minLength", "minItems", "oneOf", "maximum", "pattern"} <= found.keys()
    assert len(found["type"]) > 5


def test_an_invalid_record_does_not_depend_on_the_others(kind: Kind) -> None:
    assert open_invalid(kind, cast())(range(30, 34)) == invalid_records(kind.name)[30:34]


def test_a_kind_that_no_request_takes_has_no_invalid_records() -> None:
    with pytest.raises(Misconfigured, match="no request takes such records"):
        open_invalid(find_kind("crmcom.contacts"), cast())


def test_the_valid_record_is_not_changed(kind: Kind) -> None:
    make = kind.open(cast())
    before = json.dumps(make(range(50)))

    open_invalid(kind, cast())(range(50))

    assert json.dumps(make(range(50))) == before


def test_the_command_line_makes_invalid_records(tmp_path: Path) -> None:
    out = tmp_path / "jobs.jsonl"

    result = CliRunner().invoke(generate, ["twc.jobs", "--invalid", "--count", "3", "--out", str(out)])

    assert result.exit_code == 0
    made = [json.loads(line) for line in out.read_text().splitlines()]
    assert [sorted(each) for each in made] == [["at", "record", "rule", "status"]] * 3
