"""Columns sampled with numpy equal those of the sampler in Python."""

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

patient = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Settings without a deadline: a busy machine must not fail the tests."""

streams = st.builds(RandomStream, st.integers(0, 2**63 - 1), st.sampled_from(["person", "shop"]), st.text(max_size=5))
numbers = st.builds(
    lambda start, count, step: range(start, start + count * step, step),
    st.integers(0, 2**40),
    st.integers(1, 50),
    st.integers(1, 5),
)


def both(numbers: range) -> tuple[ColumnSampler, ColumnSampler]:
    return ColumnSampler(numbers), NumpySampler(numbers)


@patient
@given(streams, numbers, st.integers(1, 2**32))
def test_numbers_are_the_same(stream: RandomStream, numbers: range, limit: int) -> None:
    plain, fast = both(numbers)
    assert plain.highs(stream) == fast.highs(stream)
    assert plain.belows(stream, limit) == fast.belows(stream, limit)
    assert plain.uuids(stream) == fast.uuids(stream)
    assert plain.shares(stream, 40) == fast.shares(stream, 40)


@patient
@given(streams, numbers, st.text(min_size=1))
def test_picks_are_the_same_and_those_of_the_stream(stream: RandomStream, numbers: range, items: str) -> None:
    plain, fast = both(numbers)
    alone = [stream.pick(n, items) for n in numbers]
    assert alone == plain.picks(stream, items) == fast.picks(stream, items)
    assert alone == plain.picks_from(stream, [items] * len(numbers)) == fast.picks_from(stream, [items] * len(numbers))


@patient
@given(streams, numbers, st.data())
def test_shuffled_positions_are_the_same(stream: RandomStream, numbers: range, data: st.DataObject) -> None:
    plain, fast = both(numbers)
    sizes = data.draw(st.lists(st.integers(1, 10**17), min_size=len(numbers), max_size=len(numbers)))
    positions = [n % size for n, size in zip(numbers, sizes, strict=True)]
    repeated = [stream] * len(numbers)
    assert plain.shuffles(repeated, positions, sizes) == fast.shuffles(repeated, positions, sizes)
    assert plain.reshuffles(stream, sizes) == fast.reshuffles(stream, sizes)


@patient
@given(streams, numbers)
def test_dealt_cards_are_the_same_and_those_of_the_deck(stream: RandomStream, numbers: range) -> None:
    plain, fast = both(numbers)
    decks = [Deck(stream, [("Roma", 5), ("Siena", 1)]), Deck(stream, [("London", 3)])]
    dealt = [decks[n % 2] for n in numbers]
    items, ranks = plain.deals(stream, dealt)
    assert (items, ranks) == fast.deals(stream, dealt)
    assert list(zip(items, ranks, strict=True)) == [deck.deal(n) for deck, n in zip(dealt, numbers, strict=True)]


@patient
@given(numbers, st.integers(0, 100))
def test_stable_choices_are_the_same(numbers: range, seed: int) -> None:
    plain, fast = both(numbers)
    choice = StableChoice(lambda name: RandomStream(seed, "person", name), [(name, name) for name in "abcdef"])
    assert choice.choose(plain) == choice.choose(fast)


@patient
@given(numbers, st.permutations("abcdef"))
def test_the_order_of_the_items_does_not_change_a_choice(numbers: range, order: list[str]) -> None:
    def chosen(names: list[str]) -> list[str]:
        choice = StableChoice(lambda name: RandomStream(1, "person", name), [(name, name) for name in names])
        return choice.choose(ColumnSampler(numbers))

    assert chosen(order) == chosen(sorted(order))


def test_a_number_outside_its_size_is_not_shuffled() -> None:
    with pytest.raises(ValueError, match="not below its size"):
        NumpySampler(range(2)).shuffles([RandomStream(1, "a", "b")] * 2, [1, 10], [10, 10])


def test_few_records_are_sampled_without_numpy() -> None:
    assert type(choose_sampler(range(FEW))) is ColumnSampler
    assert type(choose_sampler(range(FEW + 1))) is NumpySampler
    script = "import sys, understudy.cli; sys.exit('numpy' in sys.modules or 'pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
