import pytest

from understudy.state.journal import Exchange, Journal


def record(journal: Journal, exchange: Exchange) -> None:
    journal.record(exchange[:-2], exchange.request_body, exchange.response_body)


def exchange(number: int = 0, size: int = 0, breach: str = "") -> Exchange:
    body = b"x" * size
    return Exchange(float(number), "acme", "get_thing", "GET", b"", b"", 200, "behaviour", breach, request_body=body)


def test_exchanges_are_kept_oldest_first() -> None:
    journal = Journal()
    for number in range(3):
        record(journal, exchange(number))

    assert [each.at for each in journal] == [0, 1, 2]


def test_the_oldest_are_removed_when_there_are_too_many() -> None:
    journal = Journal(max_exchanges=3)
    for number in range(10):
        record(journal, exchange(number))

    assert [each.at for each in journal] == [7, 8, 9]


def test_an_exchange_keeps_its_number_when_older_ones_are_removed() -> None:
    journal = Journal(max_exchanges=2)
    for number in range(5):
        record(journal, exchange(number))

    assert [(number, each.at) for number, each in journal.numbered()] == [(4, 3), (5, 4)]


def test_the_oldest_are_removed_when_they_take_too_many_bytes() -> None:
    journal = Journal(max_bytes=10_000)
    for number in range(5):
        record(journal, exchange(number, size=4000))

    assert [each.at for each in journal] == [3, 4]


def test_the_last_exchange_stays_at_any_size() -> None:
    journal = Journal(max_bytes=10_000)
    record(journal, exchange(1, size=1000))
    record(journal, exchange(2, size=50_000))

    assert [each.at for each in journal] == [2]


def test_the_bytes_of_a_removed_exchange_are_free_again() -> None:
    journal = Journal(max_bytes=10_000)
    record(journal, exchange(1, size=50_000))
    for number in (2, 3):
        record(journal, exchange(number, size=4000))

    assert [each.at for each in journal] == [2, 3]


def test_breaches_are_returned_apart() -> None:
    journal = Journal()
    for number in range(4):
        record(journal, exchange(number, breach="broken" if number % 2 else ""))

    assert [each.at for each in journal.breaches()] == [1, 3]


def test_recording_while_reading_is_safe() -> None:
    journal = Journal(max_exchanges=2)
    for number in range(2):
        record(journal, exchange(number))
    for each in journal:
        record(journal, each)

    assert len(journal) == 2


def test_every_part_of_an_exchange_counts_towards_the_bytes() -> None:
    recorded = exchange(1)
    long = b"x" * 6000
    journal = Journal(max_bytes=10_000)
    for each in (
        recorded._replace(path=long),
        recorded._replace(query=long),
        recorded._replace(response_body=long),
        recorded._replace(request_headers=[(b"long", long)]),
        recorded._replace(response_headers=[(b"long", long)]),
    ):
        record(journal, each)
        assert list(journal) == [each]


def test_a_recorded_exchange_is_returned_unchanged() -> None:
    recorded = Exchange(
        1.5,
        "acme",
        "get_thing",
        "GET",
        b"/th\xffing",
        b"a=1",
        418,
        "sample",
        breach="bro\u00e9ken",
        outcome="contract",
        fault="fault-1",
        request_headers=[(b"host", b"localhost"), (b"x", b"\xff")],
        response_headers=[(b"content-length", b"8")],
        world_time=2.5,
        seconds=0.25,
        request_body=b"asked",
        response_body=b"answered",
    )
    journal = Journal()
    record(journal, recorded)

    assert list(journal) == [recorded]
    assert list(journal.numbered()) == [(1, recorded)]


@pytest.mark.parametrize(
    ("before", "numbers"), [(100, [5, 4, 3]), (6, [5, 4, 3]), (5, [4, 3]), (4, [3]), (3, []), (1, []), (0, [])]
)
def test_exchanges_are_gone_through_backwards(before: int, numbers: list[int]) -> None:
    journal = Journal(max_exchanges=3)
    for number in range(1, 6):
        record(journal, exchange(number))

    found = list(journal.backwards(before))
    assert [number for number, _ in found] == numbers
    assert [each.at for _, each in found] == numbers


@pytest.mark.parametrize(
    ("number", "is_there"), [(0, False), (2, False), (3, True), (5, True), (6, False), (-1, False)]
)
def test_an_exchange_is_found_by_its_number(number: int, *, is_there: bool) -> None:
    journal = Journal(max_exchanges=3)
    for each in range(1, 6):
        record(journal, exchange(each))

    found = journal.find(number)
    assert (found is not None) == is_there
    assert found is None or found.at == number
    assert journal.last_number == 5


def test_recording_meanwhile_changes_nothing_on_the_way_back() -> None:
    journal = Journal(max_exchanges=3)
    for number in range(1, 4):
        record(journal, exchange(number))
    found = journal.backwards(100)
    first = next(found)
    record(journal, exchange(4))

    assert [number for number, _ in (first, *found)] == [3, 2, 1]
