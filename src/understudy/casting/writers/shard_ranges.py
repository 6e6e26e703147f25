"""Ranges of record numbers for shards."""

import re
from typing import NamedTuple

from understudy.core.misconfigured import Misconfigured

_SHARD = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,8})")


class Shard(NamedTuple):
    """Shard ``number`` of ``of`` shards; numbers start at 1."""

    number: int = 1
    of: int = 1


def read_shard(text: str) -> Shard:
    """Return the shard that ``I/N`` names; raise ``Misconfigured`` for any other text."""
    found = _SHARD.fullmatch(text)
    if not found or int(found[1]) > int(found[2]):
        raise Misconfigured(f"a shard is I/N, such as 2/8: the second of eight parts; not {text!r}")
    return Shard(int(found[1]), int(found[2]))


def shard_numbers(numbers: range, shard: Shard) -> range:
    """Return the consecutive numbers of a shard; all shards in order have all numbers.

    The lengths of two shards differ by at most one.
    """
    count = len(numbers)
    return numbers[count * (shard.number - 1) // shard.of : count * shard.number // shard.of]
