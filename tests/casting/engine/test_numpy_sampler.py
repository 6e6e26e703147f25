"""Whole columns hold what is drawn one by one."""

import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from understudy.casting.engine.column_sampler import FEW, ColumnSampler
from understudy.casting.engine.deck import Deck
from understudy.casting.engine.numpy_sampler import NumpySampler
from understudy.casting.engine.random_stream import RandomStream
from understudy.casting.engine.sampler_choice import choose_sampler
from understudy.casting.engine.stable_choice import StableChoice

calmly = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no reason to fail."""

fields = st.builds(RandomStream, st.integers(0, 2**63 - 1), st.sampled_from(["person", "shop"]), st.text(max_size=5))
numbers = st.builds(
    lambda start, count, step: range(start, start + count * step, step),
    st.integers(0, 2**40),
    st.integers(1, 50),
    st.integers(1, 5),
)


def both(numbers: range) -> tuple[ColumnSampler, ColumnSampler]:
    return ColumnSampler(numbers), NumpySampler(numbers)


@calmly
@given(fields, numbers, st.integers(1, 2**32))
def test_numbers_are_the_same(field: RandomStream, numbers: range, limit: int) -> None:
    plain, fast = both(numbers)
    assert plain.highs(field) == fast.highs(field)
    assert plain.belows(field, limit) == fast.belows(field, limit)
    assert plain.uuids(field) == fast.uuids(field)
    assert plain.shares(field, 40) == fast.shares(field, 40)


@calmly
@given(fields, numbers, st.text(min_size=1))
def test_picks_are_the_same_and_those_of_the_field(field: RandomStream, numbers: range, items: str) -> None:
    plain, fast = both(numbers)
    alone = [field.pick(n, items) for n in numbers]
    assert alone == plain.picks(field, items) == fast.picks(field, items)
    assert alone == plain.picks_from(field, [items] * len(numbers)) == fast.picks_from(field, [items] * len(numbers))


@calmly
@given(fields, numbers, st.data())
def test_shuffled_places_are_the_same(field: RandomStream, numbers: range, data: st.DataObject) -> None:
    plain, fast = both(numbers)
    sizes = data.draw(st.lists(st.integers(1, 10**17), min_size=len(numbers), max_size=len(numbers)))
    seats = [n % size for n, size in zip(numbers, sizes, strict=True)]
    streams = [field] * len(numbers)
    assert plain.shuffles(streams, seats, sizes) == fast.shuffles(streams, seats, sizes)
    assert plain.reshuffles(field, sizes) == fast.reshuffles(field, sizes)


@calmly
@given(fields, numbers)
def test_dealt_cards_are_the_same_and_those_of_the_deck(field: RandomStream, numbers: range) -> None:
    plain, fast = both(numbers)
    decks = [Deck(field, [("Roma", 5), ("Siena", 1)]), Deck(field, [("London", 3)])]
    dealt = [decks[n % 2] for n in numbers]
    items, ranks = plain.deals(field, dealt)
    assert (items, ranks) == fast.deals(field, dealt)
    assert list(zip(items, ranks, strict=True)) == [deck.deal(n) for deck, n in zip(dealt, numbers, strict=True)]


@calmly
@given(numbers, st.integers(0, 100))
def test_who_meets_whom_is_the_same(numbers: range, seed: int) -> None:
    plain, fast = both(numbers)
    meeting = StableChoice(lambda name: RandomStream(seed, "person", name), [(name, name) for name in "abcdef"])
    assert meeting.choose(plain) == meeting.choose(fast)


@calmly
@given(numbers, st.permutations("abcdef"))
def test_the_order_of_those_who_meet_does_not_matter(numbers: range, order: list[str]) -> None:
    def met(names: list[str]) -> list[str]:
        meeting = StableChoice(lambda name: RandomStream(1, "person", name), [(name, name) for name in names])
        return meeting.choose(ColumnSampler(numbers))

    assert met(order) == met(sorted(order))


def test_a_number_outside_its_size_is_not_shuffled() -> None:
    with pytest.raises(ValueError, match="not below its size"):
        NumpySampler(range(2)).shuffles([RandomStream(1, "a", "b")] * 2, [1, 10], [10, 10])


def test_few_records_are_drawn_without_numpy() -> None:
    assert type(choose_sampler(range(FEW))) is ColumnSampler
    assert type(choose_sampler(range(FEW + 1))) is NumpySampler
    said = "import sys, understudy.cli; sys.exit('numpy' in sys.modules or 'pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", said], check=False).returncode == 0
