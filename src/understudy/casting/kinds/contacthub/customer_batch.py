"""Customers in the making: who they are, and what is drawn of them."""

from collections.abc import Callable, Iterator, Sequence

from understudy.casting.engine.date_text import times
from understudy.casting.engine.json_columns import JsonColumns, Members, leaf_name, sparse_member
from understudy.casting.population.people import PeopleColumns
from understudy.casting.population.vocabulary import Lifestyle, Locale

Write = Callable[["CustomerBatch"], list[str]]


class CustomerBatch:
    """The people who sit for their portraits as customers, a block of them."""

    def __init__(self, draw: JsonColumns, crowd: PeopleColumns, lives: Lifestyle, until: int) -> None:
        """Take what draws their columns, and the time in seconds since 1970 that nothing has happened after."""
        self.columns = draw
        self.people = crowd
        self.lives = lives
        self.until = until

    def among(self, wanted: Sequence[object]) -> "CustomerBatch":
        """Return those who are wanted."""
        return CustomerBatch(self.columns.among(wanted), self.people.among(wanted), self.lives, self.until)

    def some(self, path: str, percent: int, write: Write) -> Members:
        """Return members whose JSON values are written for so many of a hundred, and only for them."""
        has = self.columns.in_share(f"{path}/has", percent)
        return sparse_member(leaf_name(path), has, write(self.among(has)))

    def genders(self) -> Iterator[tuple[Locale, str]]:
        """Return where each is at home, and the gender."""
        return zip(self.people.home, self.people.gender, strict=True)

    def later(self, path: str) -> list[str]:
        """Return a time for each since then."""
        parts = zip(self.people.registered_seconds, self.columns.fractions(path), strict=True)
        return times([at + ((self.until - at) * part >> 32) for at, part in parts])
