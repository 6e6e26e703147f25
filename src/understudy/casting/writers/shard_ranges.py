"""Which records to make: a range of numbers, and the part of it that one shard makes."""

import re
from typing import NamedTuple

from understudy.core.misconfigured import Misconfigured

_SHARD = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,8})")


class Shard(NamedTuple):
    """One of so many parts, counted from 1."""

    number: int = 1
    of: int = 1


def read_shard(text: str) -> Shard:
    """Read ``I/N``; raise ``Misconfigured`` for anything else."""
    found = _SHARD.fullmatch(text)
    if not found or int(found[1]) > int(found[2]):
        raise Misconfigured(f"a shard is I/N, such as 2/8: the second of eight parts; not {text!r}")
    return Shard(int(found[1]), int(found[2]))


def shard_numbers(numbers: range, shard: Shard) -> range:
    """Return a shard's part: one run of the numbers, so that the parts in order are the whole.

    No two parts differ by more than one record in length.
    """
    count = len(numbers)
    return numbers[count * (shard.number - 1) // shard.of : count * shard.number // shard.of]
