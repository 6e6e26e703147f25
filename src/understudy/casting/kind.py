"""Kind: a type of record that can be generated. Each vendor has a module or package in ``casting/kinds/``.

A record is a pure function of the cast and its number: it must not depend on the other records made in the same call.
A kind is opened once, for costly preparations, and then makes blocks of records, so that it can sample whole columns
(``ColumnSampler``). Callers may change the records: no two records may share an object.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from understudy.casting.breakable_rule import Rule
from understudy.casting.population.lazy_cast import LazyCast
from understudy.contract.document import Document
from understudy.core.json_types import Json
from understudy.core.misconfigured import Misconfigured

Record = Json
Make = Callable[[range], list[Record]]
"""Function that returns the records with the given numbers."""

Write = Callable[[range], bytes]
"""Function that returns the same records as JSON Lines."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Kind of record, such as ``contacthub.customers``.

    ``operation`` is the operation that takes a record as its body, if there is one, and ``arguments`` returns its other
    required parameters for a record, by their names in the spec. Without an operation, ``schema`` names the schema of
    the records. ``open`` returns the function that makes a cast's records, ``size`` the number of records that the cast
    has; records with higher numbers can be made too. ``rules`` are the business rules that records can break. For kinds
    that are made faster as text, ``write`` returns the function that does so, and ``open`` is ``parsed(write)``.
    If ``is_person``, record n is person n, and can be a near-duplicate. ``needs`` names records that have to be there
    already, as no operation of the vendor makes them; empty if there are none. ``ignores`` names the options of
    ``generate`` that would change nothing: ``people`` and ``locales``. A kind of a user's own document has the
    ``document`` and the ``record_schema`` in it.
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
    is_person: bool = False
    needs: str = ""
    ignores: tuple[str, ...] = ()
    document: Document | None = None
    record_schema: Any = None

    @property
    def vendor(self) -> str:
        """Name of the vendor; ``cast`` for records of no vendor."""
        return self.name.partition(".")[0]

    def open_stated(self, cast: LazyCast) -> Make:
        """Return what ``open`` does; raise ``Misconfigured`` with the place in the scenario that states the records."""
        try:
            return self.open(cast)
        except Misconfigured as error:
            place = cast.scenario.record_places.get(self.name)
            raise Misconfigured(f"{place}: {error}" if place else str(error)) from error


def parsed(write: Callable[[LazyCast], Write]) -> Callable[[LazyCast], Make]:
    """Return the ``open`` of a kind that is written as text: it parses the lines of ``write``."""

    def open_parsed(cast: LazyCast) -> Make:
        lines = write(cast)
        return lambda numbers: list(map(orjson.loads, lines(numbers).splitlines()))

    return open_parsed
