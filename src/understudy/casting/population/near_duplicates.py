"""Near-duplicates: people of a cast who are other people of it once more, written differently."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, NamedTuple, Protocol, TypeVar

from understudy.casting.engine.random_stream import RandomStream

WHOLE = 10_000
"""Share of all people, in the unit of shares of duplicates: hundredths of a percent."""

SHARED = (
    "first_name", "last_name", "gender", "email", "phone", "birth_ordinals", "street", "city", "province", "zip",
    "country", "locale", "home", "place",
)  # fmt: skip
"""Columns that a duplicate has from its original; number, id, card and registration are its own."""


class VariedColumns(Protocol):
    """Columns of people, of which those in ``SHARED`` can be replaced."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def mobile(self) -> list[str]:
        """Mobile numbers."""


P = TypeVar("P", bound=VariedColumns)


class Identity(NamedTuple):
    """Values by which a person is known, and of which a duplicate has some in another form."""

    first_name: str
    last_name: str
    email: str


def _with_other_case(known: Identity, _chosen: int, _n: int) -> Identity:
    """Write the e-mail address as people type it: ``Anna.Rossi7@example.com``."""
    local, _, domain = known.email.partition("@")
    return known._replace(email=f"{local.title()}@{domain}")


def _with_other_spelling(known: Identity, chosen: int, _n: int) -> Identity:
    """Take the accents from the surname; double or take a letter within it if it has none."""
    name = known.last_name
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    if plain != name:
        return known._replace(last_name=plain)
    at = 1 + (chosen >> 1) % max(1, len(name) - 1)
    is_shorter = chosen % 2 == 0 and len(name) > 3
    return known._replace(last_name=name[:at] + (name[at + 1 :] if is_shorter else name[at - 1].lower() + name[at:]))


def _with_swapped_names(known: Identity, chosen: int, n: int) -> Identity:
    if known.first_name == known.last_name:
        return _with_other_case(known, chosen, n)
    return known._replace(first_name=known.last_name, last_name=known.first_name)


def _with_initial(known: Identity, _chosen: int, _n: int) -> Identity:
    return known._replace(first_name=f"{known.first_name[0]}.")


def _with_other_email(known: Identity, _chosen: int, n: int) -> Identity:
    """Give another address at the same domain; name, birth date and telephone stay."""
    return known._replace(email=f"mail{n}@{known.email.partition('@')[2]}")


VARIATIONS: tuple[Callable[[Identity, int, int], Identity], ...] = (
    _with_other_case,
    _with_other_spelling,
    _with_swapped_names,
    _with_initial,
    _with_other_email,
)


@dataclass(frozen=True, slots=True)
class NearDuplicates:
    """Choice of the people who are duplicates, and of their originals; a pure function of the seed and a number."""

    share: int
    is_one: RandomStream
    original: RandomStream
    variation: RandomStream
    detail: RandomStream

    @classmethod
    def of(cls, seed: int, share: int) -> "NearDuplicates":
        """Return the choice for a seed, with a share in hundredths of a percent."""
        names = ("duplicate", "duplicate/of", "duplicate/variation", "duplicate/detail")
        return cls(share, *(RandomStream(seed, "person", name) for name in names))

    def original_of(self, n: int) -> int | None:
        """Return the number of person n's original, a lower one; None if n is not a duplicate."""
        if not self._is_duplicate(n):
            return None
        found = self.original.below(n, n)
        while self._is_duplicate(found):
            found -= 1
        return found

    def _is_duplicate(self, n: int) -> bool:
        return n > 0 and self.is_one.below(n, WHOLE) < self.share

    def overlay(self, people: P, numbers: Sequence[int], make: Callable[[Sequence[int]], P]) -> P:
        """Return columns of people in which the duplicates have the values of their originals, varied."""
        originals = {at: found for at, n in enumerate(numbers) if (found := self.original_of(n)) is not None}
        if not originals:
            return people
        others = make(list(originals.values()))
        columns = {name: _replaced(getattr(people, name), originals, getattr(others, name)) for name in SHARED}
        for at in originals:
            known = Identity(columns["first_name"][at], columns["last_name"][at], columns["email"][at])
            varied = self._vary(known, numbers[at])
            columns["first_name"][at], columns["last_name"][at], columns["email"][at] = varied
        return replace(people, **columns, make_mobiles=lambda: _replaced(people.mobile, originals, others.mobile))

    def _vary(self, known: Identity, n: int) -> Identity:
        return self.variation.pick(n, VARIATIONS)(known, self.detail.below(n, 1 << 16), n)


def _replaced(column: Sequence[Any], positions: Iterable[int], values: Iterable[Any]) -> list[Any]:
    found = list(column)
    for at, value in zip(positions, values, strict=True):
        found[at] = value
    return found
