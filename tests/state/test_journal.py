from understudy.state.journal import Exchange, Journal


def exchange(number: int = 0, size: int = 0, breach: str = "") -> Exchange:
    return Exchange(float(number), "acme", "get_thing", "GET", b"", b"", b"x" * size, 200, b"", "behaviour", breach)


def test_exchanges_are_kept_oldest_first() -> None:
    journal = Journal()
    for number in range(3):
        journal.record(exchange(number))

    assert [each.at for each in journal] == [0, 1, 2]


def test_the_oldest_go_when_there_are_too_many() -> None:
    journal = Journal(most=3)
    for number in range(10):
        journal.record(exchange(number))

    assert [each.at for each in journal] == [7, 8, 9]


def test_the_oldest_go_when_they_weigh_too_much() -> None:
    journal = Journal(most_bytes=100)
    for number in range(5):
        journal.record(exchange(number, size=40))

    assert [each.at for each in journal] == [3, 4]


def test_the_last_exchange_stays_whatever_it_weighs() -> None:
    journal = Journal(most_bytes=100)
    journal.record(exchange(1, size=10))
    journal.record(exchange(2, size=500))

    assert [each.at for each in journal] == [2]


def test_room_that_was_taken_is_given_back() -> None:
    journal = Journal(most_bytes=100)
    journal.record(exchange(1, size=500))
    for number in (2, 3):
        journal.record(exchange(number, size=50))

    assert [each.at for each in journal] == [2, 3]


def test_breaches_are_found_among_the_rest() -> None:
    journal = Journal()
    for number in range(4):
        journal.record(exchange(number, breach="broken" if number % 2 else ""))

    assert [each.at for each in journal.breaches()] == [1, 3]


def test_recording_while_reading_is_safe() -> None:
    journal = Journal(most=2)
    for number in range(2):
        journal.record(exchange(number))
    for each in journal:
        journal.record(each)

    assert len(journal) == 2


def test_an_exchange_weighs_what_was_said_both_ways() -> None:
    assert Exchange(0, "a", "b", "GET", b"/path", b"", b"12", 200, b"345", "sample").size == 10
