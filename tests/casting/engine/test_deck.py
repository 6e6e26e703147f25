"""A deck distributes items by exact shares."""

from collections import Counter

from understudy.casting.engine.deck import Deck
from understudy.casting.engine.random_stream import RandomStream


def test_a_deck_gives_every_item_exactly_its_share() -> None:
    deck = Deck(RandomStream(1, "person", "place"), [("Roma", 5), ("Siena", 1), ("Milano", 4)])
    dealt = [deck.deal(n) for n in range(1_000)]
    assert Counter(item for item, _ in dealt) == {"Roma": 500, "Siena": 100, "Milano": 400}


def test_a_deck_numbers_the_records_of_an_item() -> None:
    deck = Deck(RandomStream(1, "person", "place"), [("Roma", 5), ("Siena", 1), ("Milano", 4)])
    ranks = [rank for item, rank in (deck.deal(n) for n in range(1_000)) if item == "Roma"]
    assert sorted(ranks) == list(range(500))


def test_a_deck_deals_each_round_in_another_order() -> None:
    deck = Deck(RandomStream(1, "person", "locale"), [(name, 1) for name in "abcdef"])
    rounds = {"".join(deck.deal(n)[0] for n in range(start, start + 6)) for start in range(0, 120, 6)}
    assert len(rounds) > 10
