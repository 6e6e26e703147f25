"""Numbers of the calls of the last minutes, and stretches of the list of worlds."""

import time

import pytest

from tests.control.conftest import Steering
from understudy.control.recent_calls import RecentCalls
from understudy.core.steps import run_to_end
from understudy.state.journal import NO_REFUSAL, ExchangeMeta, Journal

NOW = 1_000_000.0


def meta(at: float, outcome: str = "accepted", breach: str = "") -> ExchangeMeta:
    return (
        at,
        "ecdp",
        "x",
        "GET",
        b"/",
        b"",
        200,
        "sample",
        breach,
        outcome,
        "",
        (),
        (),
        at,
        0.0,
        "http",
        "",
        NO_REFUSAL,
    )


def counted(journal: Journal, seconds: int = 10, spans: int = 3) -> tuple[list[tuple[int, int]], bool]:
    found = RecentCalls(NOW, seconds, spans)
    run_to_end(found.add(journal))
    shown = found.to_json()
    return [(each["calls"], each["refused"]) for each in shown["spans"]], shown["is_complete"]


def test_calls_are_counted_in_the_span_in_which_they_were_made() -> None:
    journal = Journal()
    for back, outcome in (
        (30.1, "rule"),
        (30, "accepted"),
        (20, "rule"),
        (10.1, "accepted"),
        (10, "fault"),
        (0, "accepted"),
    ):
        journal.record(meta(NOW - back, outcome), b"", b"")
    journal.record(meta(NOW, breach="no such status"), b"", b"")

    assert counted(journal) == ([(1, 0), (2, 1), (3, 2)], True)


@pytest.mark.parametrize(("back", "is_complete"), [(29.0, False), (31.0, True)])
def test_a_journal_that_has_dropped_calls_of_the_time_is_incomplete(back: float, *, is_complete: bool) -> None:
    journal = Journal(max_exchanges=2)
    for at in (NOW - back - 1, NOW - back, NOW):
        journal.record(meta(at), b"", b"")

    assert counted(journal)[1] is is_complete


def test_more_calls_than_are_counted_are_incomplete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("understudy.control.recent_calls.MAX_COUNTED", 2)
    journal = Journal()
    for _ in range(2):
        journal.record(meta(NOW), b"", b"")
    assert counted(journal) == ([(0, 0), (0, 0), (2, 0)], True)
    journal.record(meta(NOW), b"", b"")
    assert counted(journal) == ([(0, 0), (0, 0), (2, 0)], False)


def test_recent_calls_are_those_of_a_world_or_of_all(steering: Steering) -> None:
    steering.ask("GET", "/worlds/{world}")
    steering.call_vendor("ecdp", "GET", "/customerattributes")
    steering.call_vendor("ecdp", "GET", "/no-such-path")

    own = steering.get("/calls/recent?world={world}&seconds=60&spans=2")
    everywhere = steering.get("/calls/recent?seconds=3600&spans=1")

    assert [sum(each[name] for each in own["spans"]) for name in ("calls", "refused")] == [2, 1]
    assert len(own["spans"]) == 2
    assert everywhere["spans"][0]["calls"] >= 2
    assert own["until"] <= time.strftime("%Y-%m-%dT%H:%M:%S.999999Z", time.gmtime())


@pytest.mark.parametrize("query", ["seconds=0", "seconds=3601", "spans=0", "spans=601", "seconds=x"])
def test_a_span_out_of_bounds_is_refused(steering: Steering, query: str) -> None:
    assert steering.ask("GET", f"/calls/recent?{query}").status == 400


def test_worlds_are_listed_by_name_and_in_stretches(steering: Steering) -> None:
    worlds = steering.understudy.worlds
    for number in range(3):
        if worlds.get(f"zebra-{number}") is None:
            worlds.get_or_create(f"zebra-{number}")

    answer = steering.ask("GET", "/worlds?name=ZEBRA-&offset=1&limit=1")

    assert [each["name"] for each in answer.json] == ["zebra-1"]
    assert answer.headers["understudy-total"] == "3"
    assert steering.get("/worlds?name=no-such-name") == []
    assert steering.get("/worlds?name=zebra-&offset=3") == []
    assert len(steering.get("/worlds")) == len(worlds.names())


@pytest.mark.parametrize("query", ["limit=0", "limit=10001", "offset=-1", f"name={'x' * 65}"])
def test_a_stretch_of_worlds_out_of_bounds_is_refused(steering: Steering, query: str) -> None:
    assert steering.ask("GET", f"/worlds?{query}").status == 400


def test_the_sum_over_journals_is_that_of_their_counts() -> None:
    journals = [Journal(), Journal()]
    for number, journal in enumerate(journals):
        journal.record(meta(NOW), b"", b"")
        journal.clear()
        for outcome in ("accepted", "rule", "rule")[number:]:
            journal.record(meta(NOW, outcome), b"", b"")

    found: dict[tuple[str, str, int, str], int] = {}
    for journal in journals:
        journal.add_counts(found)

    assert found == dict(journals[0].all_counts() + journals[1].all_counts())
    assert found["ecdp", "x", 200, "rule"] == 4
