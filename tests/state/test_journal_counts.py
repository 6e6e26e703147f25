from math import inf

from understudy.state.journal import BREACH, CallKey, DroppedCalls, Exchange, Journal


def record(journal: Journal, status: int = 200, *, at: float = 0.0, breach: str = "", size: int = 0) -> None:
    made = Exchange(
        0.0, "acme", "get_thing", "GET", b"", b"", status, "behaviour", breach, world_time=at, request_body=b"x" * size
    )
    journal.record(made[:-2], made.request_body, made.response_body)


def key(status: int = 200, outcome: str = "accepted") -> CallKey:
    return CallKey("acme", "get_thing", status, outcome)


def test_nothing_is_dropped_up_to_the_bound_and_one_beyond_it() -> None:
    journal = Journal(max_exchanges=3)
    for number in range(3):
        record(journal, at=number)
    assert journal.dropped() == DroppedCalls(0, 1, 0, inf, -inf)

    record(journal, at=3.0)
    assert journal.dropped() == DroppedCalls(1, 1, 1, 0.0, 0.0)


def test_dropped_calls_are_counted_on() -> None:
    journal = Journal(max_exchanges=1)
    for status in (200, 200, 404):
        record(journal, status)
    record(journal, breach="broken")

    assert journal.counts() == {key(): 2, key(404): 1, key(outcome=BREACH): 1}
    assert journal.dropped().total == 3


def test_calls_that_are_dropped_for_their_size_are_counted() -> None:
    journal = Journal(max_bytes=10_000)
    record(journal, size=9_000)
    record(journal, size=9_000)

    assert (len(journal), journal.dropped().total, journal.counts()) == (1, 1, {key(): 2})


def test_the_times_of_dropped_calls_are_bounded_whatever_their_order() -> None:
    journal = Journal(max_exchanges=1)
    for at in (5.0, 1.0, 9.0, 3.0):
        record(journal, at=at)

    dropped = journal.dropped()
    assert (dropped.earliest, dropped.latest) == (1.0, 9.0)
    assert (dropped.first_number, dropped.last_number) == (1, 3)


def test_a_cleared_journal_has_dropped_nothing() -> None:
    journal = Journal(max_exchanges=1)
    for at in range(3):
        record(journal, at=at)
    journal.clear()

    assert (journal.counts(), journal.dropped()) == ({}, DroppedCalls(0, 4, 3, inf, -inf))
    record(journal, at=7.0)
    record(journal, at=8.0)
    assert journal.dropped() == DroppedCalls(1, 4, 4, 7.0, 7.0)
    assert journal.counts() == {key(): 2}
