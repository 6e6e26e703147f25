"""Limits written in the source: each taken at the limit, and refused, cut or dropped one beyond it."""

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.control.conftest import Steering
from tests.control.conftest import steering as steering  # noqa: PLC0414 - a fixture of another folder
from understudy.casting.scenario import Scenario
from understudy.casting.scenario_file import load_scenario
from understudy.core.clock import Clock
from understudy.core.misconfigured import Misconfigured
from understudy.core.refused import Refused
from understudy.http.bodies import parse_json
from understudy.settings import Settings
from understudy.state.faults import Fault, Faults
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.epoch_millis import parse_millis
from understudy.vendors.contacthub.aggregates.merge import _json_number
from understudy.vendors.contacthub.bulk.csv_columns import _cell_value
from understudy.vendors.contacthub.configuration.extended_properties import _broken_rules
from understudy.vendors.contacthub.queries.query_compiler import compile_query
from understudy.vendors.contacthub.schemas.customer_limits import is_too_large, list_violations, tag_violations
from understudy.vendors.twc.schedules import is_cron

OpenState = Callable[[str], VendorState]
OCCURRENCES = "/v2/events/clickEventData"
SCENARIO = {
    "seed": 2**63 - 1,
    "people": 10_000_000,
    "merchants": 1_000_000,
    "shops": 1_000_000,
    "products": 1_000_000,
    "days": 36_500,
}


def refuses(act: Callable[[], object], *errors: type[Exception]) -> bool:
    try:
        act()
    except errors:
        return True
    return False


@pytest.mark.parametrize(("depth", "is_refused"), [(199, False), (200, False), (201, True)])
@pytest.mark.parametrize("pair", ["[]", '{"a":}'])
def test_json_is_nested_two_hundred_levels_deep_and_no_more(pair: str, depth: int, is_refused: bool) -> None:  # noqa: FBT001 - the claim
    start, end = pair[:-1], pair[-1]
    inner = "" if pair == "[]" else "1"
    raw = (start * depth + inner + end * depth).encode()

    assert refuses(lambda: parse_json(raw), Refused) is is_refused


def test_many_containers_side_by_side_are_not_deep() -> None:
    assert len(parse_json(b"[" + b"[],{}," * 300 + b"[]]")) == 601


@pytest.mark.parametrize(("depth", "is_refused"), [(99, False), (100, False), (101, True)])
def test_a_cell_is_nested_a_hundred_levels_deep_and_no_more(depth: int, is_refused: bool) -> None:  # noqa: FBT001 - the claim
    assert refuses(lambda: _cell_value("base.likes", "[" * depth + "]" * depth), Refused) is is_refused


@pytest.mark.parametrize(("depth", "is_refused"), [(48, False), (49, False), (50, True)])
def test_a_query_is_nested_fifty_parts_deep_and_no_more(depth: int, is_refused: bool) -> None:  # noqa: FBT001 - the claim
    condition = '{"type": "atomic", "attribute": "base.firstName", "operator": "IS_NOT_NULL"}'
    for _ in range(depth):  # the query itself is the first part
        condition = f'{{"type": "composite", "conjunction": "and", "conditions": [{condition}]}}'
    query = f'{{"name": "q", "query": {{"type": "simple", "are": {{"condition": {condition}}}}}}}'

    assert refuses(lambda: compile_query(query), Refused) is is_refused


@pytest.mark.parametrize(("digits", "is_number"), [(1, True), (14, True), (15, True), (16, False)])
def test_milliseconds_have_fifteen_digits_at_most(digits: int, is_number: bool) -> None:  # noqa: FBT001 - the claim
    assert (parse_millis("1" * digits) == int("1" * digits)) is is_number


@pytest.mark.parametrize(("digits", "status"), [(18, 200), (19, 200), (20, 400)])
def test_a_users_number_has_nineteen_digits_at_most(steering: Steering, digits: int, status: int) -> None:
    served = steering.understudy.vendors["capillary"]
    path = served.by_id["search_occurrences"].path
    query = f"?userIdentifierType=userId&userIdentifierValue={'1' * digits}"

    assert steering.call_vendor("capillary", "GET", path + query).status == status


@pytest.mark.parametrize(("size", "is_large"), [(65_535, False), (65_536, False), (65_537, True)])
def test_a_customer_has_64_kibibytes_at_most(size: int, is_large: bool) -> None:  # noqa: FBT001 - the claim
    assert is_too_large({"a": "x" * (size - len('{"a":""}'))}) is is_large


@pytest.mark.parametrize(("length", "count"), [(999, 0), (1000, 0), (1001, 1)])
@pytest.mark.parametrize("kind", ["auto", "manual"])
def test_tags_have_a_thousand_characters_at_most(kind: str, length: int, count: int) -> None:
    assert len([*tag_violations({kind: ["x" * (length - 1), "y"]})]) == count


@pytest.mark.parametrize(("length", "count"), [(999, 0), (1000, 0), (1001, 1)])
def test_a_list_has_a_thousand_characters_at_most_with_its_separators(length: int, count: int) -> None:
    definition = {"type": "array", "items": {"type": "string"}}

    assert len([*list_violations("/a", definition, ["x" * (length - 3), "y", ""])]) == count
    assert not [*list_violations("/a", definition, [])]


@pytest.mark.parametrize(("count", "places"), [(9, 0), (10, 0), (11, 1), (12, 2)])
def test_ten_properties_are_indexed_at_most(count: int, places: int) -> None:
    indexed = {"type": "string", "contactlabProperties": {"indexed": True}}
    names = [f"property{chr(97 + number)}" for number in range(count)]

    assert len([*_broken_rules(dict.fromkeys(names, indexed), {})]) == places


@pytest.mark.parametrize("sign", [1, -1])
def test_a_sum_of_whole_numbers_has_64_bits(sign: int) -> None:
    assert _json_number(sign * (2**63 - 1), is_whole=True) == sign * (2**63 - 1)
    assert _json_number(sign * 2**63, is_whole=True) is None
    assert isinstance(_json_number(sign * (2**63 - 1), is_whole=False), int)
    assert isinstance(_json_number(sign * 2**63, is_whole=False), float)


@pytest.mark.parametrize(
    ("schedule", "is_right"),
    [
        ("0 0 9 * * ? 1969", False), ("0 0 9 * * ? 1970", True), ("0 0 9 * * ? 2099", True), ("59 23 * * *", True),
        ("60 23 * * *", False), ("0 24 * * *", False), ("0 0 0 * *", False), ("0 0 31 12 *", True),
        ("0 0 32 12 *", False), ("0 0 1 13 *", False),
        ("0 9 * *", False), ("0 9 * * *", True), ("0 0 9 * * ?", True), ("0 0 9 ? * ?", False),
    ],
)  # fmt: skip
def test_a_schedule_is_right_up_to_the_ends_of_its_fields(schedule: str, is_right: bool) -> None:  # noqa: FBT001 - the claim
    assert is_cron(schedule) is is_right


@pytest.mark.parametrize(
    ("delay", "seconds"), [(3599.5, 3599.5), (3600, 3600), (3601, 3600), (-1, 0), (0, 0), (None, 0)]
)
def test_a_delay_is_an_hour_at_most_and_never_negative(delay: float | None, seconds: float) -> None:
    assert Fault("latency", delay=delay).draw_delay() == seconds


@pytest.mark.parametrize("distribution", ["normal", "long_tailed"])
def test_a_random_delay_stays_within_its_limits(distribution: str) -> None:
    fault = Faults().add(Fault("latency", delay=1800.0, spread=3600.0, distribution=distribution), 0)
    delays = [fault.draw_delay() for _ in range(200)]

    assert all(0 <= each <= 3600 for each in delays)
    assert max(delays) == pytest.approx(3600)


@pytest.mark.parametrize(
    ("now", "status"),
    [
        ("1970-01-01T00:00:00Z", 200), ("1969-12-31T23:59:59.999999Z", 422), ("1970-01-01T00:59:59+01:00", 422),
        ("2999-12-31T23:59:59.999999Z", 200), ("3000-01-01T00:00:00Z", 422), ("2999-12-31T23:59:59-01:00", 422),
    ],
)  # fmt: skip
def test_a_worlds_time_is_from_1970_to_2999(steering: Steering, now: str, status: int) -> None:
    assert steering.ask("PUT", "/worlds/{world}/clock", {"now": now, "rate": 0}).status == status


@pytest.mark.parametrize(("seconds", "status"), [(-1, 422), (0, 200), (1, 200)])
def test_a_clock_moves_up_to_the_ends_of_time(steering: Steering, seconds: int, status: int) -> None:
    steering.ask("PUT", "/worlds/{world}/clock", {"now": "1970-01-01T00:00:00Z", "rate": 0})
    assert steering.ask("POST", "/worlds/{world}/clock/move", {"seconds": seconds}).status == status

    steering.ask("PUT", "/worlds/{world}/clock", {"now": "2999-12-31T23:59:59Z"})
    back = {-1: 200, 0: 200, 1: 422}[seconds]
    assert steering.ask("POST", "/worlds/{world}/clock/move", {"seconds": seconds}).status == back


def test_a_running_clock_stops_before_the_year_10000() -> None:
    clock = Clock(datetime(9999, 12, 1, tzinfo=UTC) - timedelta(seconds=1), rate=0)
    assert clock.now() == datetime(9999, 11, 30, 23, 59, 59, tzinfo=UTC)
    clock.move(timedelta(seconds=1))
    assert clock.now() == datetime(9999, 12, 1, tzinfo=UTC)
    clock.move(timedelta(seconds=1))
    assert clock.now() == datetime(9999, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", SCENARIO)
def test_a_number_of_a_scenario_is_taken_from_nought_to_its_limit(tmp_path: Path, name: str) -> None:
    def load(value: int) -> Scenario:
        path = tmp_path / "mine.yaml"
        path.write_text(f"{name}: {value}\n" + ("merchants: 1\n" if name == "shops" else ""))
        return load_scenario(path)

    assert getattr(load(SCENARIO[name]), name) == SCENARIO[name]
    for beside in (SCENARIO[name] + 1, -1):
        with pytest.raises(Misconfigured, match=f":1.*{name}|{name}"):
            load(beside)


def test_every_whole_number_of_a_scenario_is_tried() -> None:
    numbers = {field.name for field in fields(Scenario) if field.type in (int, "int")}
    assert numbers - {"duplicates"} == SCENARIO.keys()  # of generated records: tests/casting has its bounds


@pytest.mark.parametrize(("share", "is_refused"), [(0, False), (100, False), (101, True), (-1, True)])
def test_a_share_is_from_nought_to_a_hundred_percent(tmp_path: Path, share: int, is_refused: bool) -> None:  # noqa: FBT001 - the claim
    path = tmp_path / "mine.yaml"
    path.write_text(f"shares: {{lacking: {share}}}\n")

    assert refuses(lambda: load_scenario(path), Misconfigured) is is_refused


def journal(steering: Steering, calls: int) -> list[int]:
    for _ in range(calls):
        steering.call_vendor("ecdp", "GET", "/nowhere")
    return [number for number, _ in steering.world.journal.numbered()]


def test_a_world_keeps_a_thousand_exchanges_by_default(steering: Steering) -> None:
    assert Settings().journal == 1000
    assert steering.world.journal.empty_copy()._max_exchanges == 1000  # noqa: SLF001 - the default of a world's


@pytest.mark.parametrize(("calls", "nearest"), [(0, 0), (1, 1), (2, 2), (3, 3), (4, 3)])
def test_an_expectation_that_fails_shows_three_calls_at_most(steering: Steering, calls: int, nearest: int) -> None:
    assert journal(steering, calls) == list(range(1, calls + 1))

    expected: dict[str, Any] = {"expect": [{"calls": {"status": "299"}}]}
    [finding] = steering.post("/worlds/{world}/verify", expected)["findings"]
    assert len(finding["nearest"]) == nearest
    if calls:
        assert finding["nearest"][0]["number"] == calls


@pytest.mark.parametrize(("length", "status"), [(1, 201), (63, 201), (64, 201), (65, 400)])
def test_a_worlds_name_has_64_characters_at_most(steering: Steering, length: int, status: int) -> None:
    name = ("n" + "0" * 80)[:length]

    assert steering.ask("POST", "/worlds", {"name": name}).status == status
    steering.ask("DELETE", f"/worlds/{name}")
