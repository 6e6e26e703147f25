"""Journal that has dropped calls: what was counted is certain, what was dropped is not, and both are named."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import world_name
from tests.control.conftest import Steering
from understudy.state.faults import Fault
from understudy.state.journal import Journal

SAVES = {"vendor": "ecdp", "operation": "save_customers"}
READS = {"vendor": "ecdp", "operation": "list_customer_attributes"}
MARK = "calls that the journal has dropped"


def customer(steering: Steering, name: str, **more: Any) -> None:
    body = {"mode": "Add", "matchBy": "Email", "data": [{"email": f"{name}@example.com", "firstName": name}]}
    steering.call_vendor("ecdp", "POST", "/customers", body | more)


def read(steering: Steering, times: int = 1, **headers: str) -> None:
    for _ in range(times):
        steering.call_vendor("ecdp", "GET", "/customerattributes", **headers)


def named(name: str) -> dict[str, Any]:
    return {**SAVES, "request": {"data": [{"firstName": name}]}}


def finding(steering: Steering, expectation: dict[str, Any]) -> Any:
    verdict = steering.post("/worlds/{world}/verify", {"expect": [expectation]})
    [found] = verdict["findings"]
    assert verdict["holds"] == found["holds"]
    return found


@pytest.fixture
def small(steering: Steering) -> Steering:
    """World whose journal holds three exchanges: 1 and 2 save, 3 is refused, all three dropped; 4 to 6 are readings."""
    steering.world.journal = Journal(max_exchanges=3)
    customer(steering, "ada")
    customer(steering, "bob")
    customer(steering, "cyd", mode="No such mode")
    read(steering, 3)
    return steering


def test_a_call_that_was_dropped_is_not_one_that_was_not_made(small: Steering) -> None:
    found = finding(small, {"calls": SAVES, "exactly": 0})

    assert (found["holds"], found["found"], found["dropped"]) == (False, 3, 0)
    assert found["says"] == "3 calls fit, expected exactly 0"


def test_a_thousand_later_calls_change_nothing(steering: Steering) -> None:
    customer(steering, "ada")
    for expectation in ({"calls": SAVES, "exactly": 0}, {"calls": named("ada"), "exactly": 0}):
        assert not finding(steering, expectation)["holds"]
    read(steering, 1000)

    assert len(steering.world.journal) == 1000
    for expectation in ({"calls": SAVES, "exactly": 0}, {"calls": named("ada"), "exactly": 0}):
        assert not finding(steering, expectation)["holds"]
    assert finding(steering, {"calls": SAVES, "exactly": 1})["holds"]


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ({}, 6),
        ({"vendor": "ecdp"}, 6),
        ({"vendor": "twc"}, 0),
        (SAVES, 3),
        (READS, 3),
        ({**SAVES, "status": "2xx"}, 2),
        ({**SAVES, "status": "201"}, 2),
        ({**SAVES, "status": "400"}, 1),
        ({"status": "4xx"}, 1),
        ({"outcome": "contract"}, 1),
        ({"outcome": "accepted"}, 5),
        ({"after": 0}, 6),
        ({"after": 3}, 3),
        ({"after": 5}, 1),
        ({"since": "2000-01-01T00:00:00Z"}, 6),
        ({"until": "2999-01-01T00:00:00Z"}, 6),
        ({"since": "2998-01-01T00:00:00Z"}, 0),
        ({"until": "2000-01-01T00:00:00Z"}, 0),
    ],
)
def test_a_count_is_decided_for_ever(small: Steering, pattern: dict[str, Any], count: int) -> None:
    for number in (count - 1, count, count + 1):
        if number >= 0:
            assert finding(small, {"calls": pattern, "exactly": number})["holds"] == (number == count), number


@pytest.mark.parametrize(
    ("expectation", "holds", "could"),
    [
        ({"calls": named("ada"), "exactly": 0}, False, 3),
        ({"calls": named("ada"), "exactly": 1}, False, 3),
        ({"calls": named("ada")}, False, 3),
        ({"calls": named("ada"), "at_most": 2}, False, 3),
        ({"calls": named("ada"), "at_most": 3}, True, 3),
        ({"calls": named("ada"), "at_least": 4}, False, 3),
        ({"calls": {**named("ada"), "status": "2xx"}, "at_most": 2}, True, 2),
        ({"calls": {**named("ada"), "status": "2xx"}, "at_most": 1}, False, 2),
        ({"calls": {**named("ada"), "after": 3}, "exactly": 0}, True, 0),
        ({"calls": {**named("ada"), "after": 2}, "exactly": 0}, False, 1),
        ({"calls": {**READS, "response": {"no": "such"}, "outcome": "fault"}, "exactly": 0}, True, 0),
        ({"calls": {"after": 1}, "exactly": 5}, False, 2),
    ],
)
def test_an_expectation_that_a_dropped_call_could_change_does_not_hold(
    small: Steering,
    expectation: dict[str, Any],
    holds: bool,  # noqa: FBT001
    could: int,
) -> None:
    found = finding(small, expectation)

    assert (found["holds"], found["dropped"]) == (holds, could)


def test_an_unsure_finding_gives_its_reason(small: Steering) -> None:
    found = finding(small, {"calls": named("ada"), "exactly": 0})

    assert found["says"] == (
        f"0 calls fit, expected exactly 0, but 3 more could be among the {MARK}: "
        "verify or clear it sooner, or serve with a larger --journal"
    )
    assert "could" not in finding(small, {"calls": named("ada"), "at_least": 4})["says"], "it fails for certain"


def test_a_window_of_time_divides_the_dropped_calls(steering: Steering) -> None:
    steering.world.journal = Journal(max_exchanges=1)
    for day in (1, 2, 3):
        steering.ask("PUT", "/worlds/{world}/clock", {"now": f"2026-06-0{day}T12:00:00Z", "rate": 0})
        read(steering)

    for since, least, most in (("01", 3, 3), ("02", 1, 3), ("03", 1, 1)):
        pattern = {**READS, "since": f"2026-06-{since}T12:00:00Z"}
        assert finding(steering, {"calls": pattern, "at_least": least, "at_most": most})["holds"], since
        assert finding(steering, {"calls": pattern, "exactly": least})["holds"] == (least == most), since
    assert finding(steering, {"calls": {"until": "2026-06-01T12:00:00Z"}, "exactly": 0})["holds"]
    assert not finding(steering, {"calls": {"until": "2026-06-01T12:00:01Z"}, "exactly": 0})["holds"]


def ordered(steering: Steering, *patterns: dict[str, Any]) -> Any:
    expect = [{"calls": pattern} for pattern in patterns]
    return steering.post("/worlds/{world}/verify", {"expect": expect, "in_order": True})


def test_a_dropped_call_came_before_those_that_are_held(small: Steering) -> None:
    assert ordered(small, SAVES, READS)["holds"]
    assert ordered(small, SAVES, READS, READS, READS)["holds"]
    assert not ordered(small, SAVES, READS, READS, READS, READS)["holds"]
    backwards = ordered(small, READS, SAVES)
    assert not backwards["holds"]
    assert backwards["findings"][1]["says"] == "3 calls fit, but none after call 4"


def test_the_order_of_dropped_calls_is_not_known(small: Steering) -> None:
    found = ordered(small, SAVES, {"status": "400"})["findings"][1]

    assert (found["holds"], found["says"]) == (
        False,
        f"1 call fits, but their order is not known: some are among the {MARK}",
    )


def test_a_cleared_journal_counts_anew(small: Steering) -> None:
    assert small.ask("DELETE", "/worlds/{world}/journal").status == 204

    assert finding(small, {"calls": {}, "exactly": 0})["holds"]
    assert finding(small, {"calls": named("ada"), "exactly": 0})["holds"]
    read(small)
    assert finding(small, {"calls": {}, "exactly": 1})["holds"]
    assert small.get("/worlds/{world}")["dropped"] == 0


def test_a_reset_keeps_the_counts_unless_asked(small: Steering) -> None:
    small.post("/worlds/{world}/reset")
    assert finding(small, {"calls": SAVES, "exactly": 3})["holds"]

    small.post("/worlds/{world}/reset?clear_journal=true")
    assert finding(small, {"calls": SAVES, "exactly": 0})["holds"]


def test_a_world_shows_how_many_calls_were_dropped(small: Steering) -> None:
    shown = small.get("/worlds/{world}")

    assert (shown["exchanges"], shown["dropped"]) == (3, 3)


Read = Callable[[Steering, str], tuple[str | None, str | None]]


def missing(steering: Steering, path: str) -> tuple[str | None, str | None]:
    """Return the numbers of missing calls that a view of the journal has in its headers."""
    answer = steering.ask("GET", f"/worlds/{{world}}/{path}")
    assert answer.status == 200
    return answer.headers.get("understudy-dropped"), answer.headers.get("understudy-over-limit")


@pytest.mark.parametrize("view", ["journal", "journal/har", "journal/curl"])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ("3", None)),
        ("operation=save_customers", ("3", None)),
        ("operation=save_customers&status=2xx", ("2", None)),
        ("operation=list_customer_attributes", (None, None)),
        ("operation=list_customer_attributes&limit=3", (None, None)),
        ("operation=list_customer_attributes&limit=2", (None, "1")),
        ("limit=1", ("3", "2")),
        ("after=3", (None, None)),
        ("after=2", ("1", None)),
        ('operation=save_customers&request={"mode":"Add"}', ("3", None)),
    ],
)
def test_a_view_of_the_journal_names_the_missing_calls(
    small: Steering, view: str, query: str, expected: tuple[str | None, str | None]
) -> None:
    assert missing(small, f"{view}?{query}") == expected


def test_an_archive_has_a_comment_on_missing_calls(small: Steering) -> None:
    log = small.get("/worlds/{world}/journal/har?limit=1")["log"]
    certain = small.get("/worlds/{world}/journal/har?operation=save_customers&response={}")["log"]

    assert log["comment"] == (
        "missing: 3 earlier calls that fit, which the journal has dropped; "
        "missing: 2 earlier calls that fit, over the limit of 1"
    )
    assert certain["comment"] == "missing: 3 earlier calls that could fit, which the journal has dropped"
    assert "comment" not in small.get("/worlds/{world}/journal/har?after=3")["log"]


def test_commands_have_a_comment_on_missing_calls(small: Steering) -> None:
    lines = small.ask("GET", "/worlds/{world}/journal/curl?limit=2").body.decode().splitlines()

    assert lines[:3] == [
        f"# world {small.world_name}",
        "# missing: 3 earlier calls that fit, which the journal has dropped",
        "# missing: 1 earlier calls that fit, over the limit of 2",
    ]
    assert len(lines) == 5


def test_worlds_count_apart(small: Steering) -> None:
    small.post("/worlds/{world}/fork", {"name": f"{world_name(small.world_name)[:40]}-twin"}, status=201)
    twin = Steering(small.understudy, f"{world_name(small.world_name)[:40]}-twin")

    assert twin.get("/worlds/{world}")["dropped"] == 0
    assert finding(twin, {"calls": {}, "exactly": 0})["holds"]


def test_a_near_miss_that_a_fault_struck_names_it(steering: Steering) -> None:
    steering.world.faults.add(Fault("status", "ecdp", status=503, times=1), 0.0)
    read(steering, 2)

    found = finding(steering, {"calls": {**READS, "status": "404"}})

    assert [(near["number"], near.get("fault")) for near in found["nearest"]] == [(2, None), (1, "fault-1")]
