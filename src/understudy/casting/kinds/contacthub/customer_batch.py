"""Batch of people being made into customer records, column by column."""

from collections.abc import Callable, Iterator, Sequence

from understudy.casting.engine.date_text import times
from understudy.casting.engine.json_columns import JsonColumns, Members, leaf_name, sparse_member
from understudy.casting.population.people import PeopleColumns
from understudy.casting.population.vocabulary import Lifestyle, Locale

Write = Callable[["CustomerBatch"], list[str]]


class CustomerBatch:
    """Block of people with the sampler of their columns, the lifestyle word lists and the time of the scenario."""

    def __init__(self, columns: JsonColumns, people: PeopleColumns, lifestyle: Lifestyle, until: int) -> None:
        """Store the four parts; ``until`` is the latest possible time, in seconds since 1970."""
        self.columns = columns
        self.people = people
        self.lifestyle = lifestyle
        self.until = until

    def among(self, wanted: Sequence[object]) -> "CustomerBatch":
        """Return the batch of the people with a true value in ``wanted``."""
        return CustomerBatch(self.columns.among(wanted), self.people.among(wanted), self.lifestyle, self.until)

    def some(self, path: str, percent: int, write: Write) -> Members:
        """Return a JSON member for ``percent`` percent of the people; ``write`` makes the values for these alone."""
        has = self.columns.in_share(f"{path}/has", percent)
        return sparse_member(leaf_name(path), has, write(self.among(has)))

    def genders(self) -> Iterator[tuple[Locale, str]]:
        """Return the locale and gender of each person."""
        return zip(self.people.home, self.people.gender, strict=True)

    def later(self, path: str) -> list[str]:
        """Return a time for each person between the registration and ``until``, as text."""
        parts = zip(self.people.registered_seconds, self.columns.fractions(path), strict=True)
        return times([at + ((self.until - at) * part >> 32) for at, part in parts])
