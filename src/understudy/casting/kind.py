"""Kinds of records: what can be generated. Each vendor's are a module or package of its name under ``casting/kinds/``.

A kind is a pure function of the cast and a number: record n must not depend on which other numbers are made with it. It
is opened once, for what is costly, and then makes many records at a time, so that it may draw whole columns
(``Field.column`` and the like) where that is faster. What it hands out is the caller's own: no part of a record may be
part of another one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import orjson

from understudy.casting.breakable_rule import Rule
from understudy.casting.population.lazy_cast import LazyCast
from understudy.core.json_types import Json

Record = Json
Make = Callable[[range], list[Record]]
"""Makes the records with these numbers, each a pure function of the cast and its number."""

Write = Callable[[range], bytes]
"""Makes the same records as JSON Lines."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record, such as ``contacthub.customers``: what ``operation`` takes as its body, if it names one.

    ``open`` takes a cast and gives what makes its records. ``arguments`` gives the operation's other required
    parameters for a record, by the names that the spec gives them. ``size`` tells how many records a cast has of it;
    beyond that many, records can be made all the same. ``schema`` names the spec's schema that a record keeps which no
    request takes; ``rules`` are those that can be broken on purpose. ``write`` gives what makes the records as text,
    for kinds that are faster to write than to make; their ``open`` is that one ``parsed``.
    """

    name: str
    summary: str
    open: Callable[[LazyCast], Make]
    operation: str = ""
    arguments: Callable[[Record], Mapping[str, str]] = lambda _: {}
    size: Callable[[LazyCast], int] = lambda cast: len(cast.people)
    schema: str = ""
    rules: tuple[Rule, ...] = ()
    write: Callable[[LazyCast], Write] | None = None

    @property
    def vendor(self) -> str:
        """Whose kind of record it is; ``cast`` for nobody's."""
        return self.name.partition(".")[0]


def parsed(write: Callable[[LazyCast], Write]) -> Callable[[LazyCast], Make]:
    """Return what makes the records of a kind that is written as text."""

    def open_parsed(cast: LazyCast) -> Make:
        lines = write(cast)
        return lambda numbers: list(map(orjson.loads, lines(numbers).splitlines()))

    return open_parsed
