"""Shards have consecutive, equal parts of the records."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.casting.writers.shard_ranges import Shard, shard_numbers


@settings(deadline=None)
@given(st.integers(0, 2**40), st.integers(0, 10**6), st.integers(1, 1000))
def test_shards_share_the_records_evenly(start: int, count: int, of: int) -> None:
    parts = [shard_numbers(range(start, start + count), Shard(number, of)) for number in range(1, of + 1)]

    assert sum(map(len, parts)) == count
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
    assert all(one.stop == other.start for one, other in pairwise(parts))
