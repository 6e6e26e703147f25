"""Telephone numbers of people: those that regulators keep for fiction first, then valid ones of the person's area.

No two people have the same number: within an area, a number follows from the person's rank there, and mobile numbers
of whole countries follow from the person's number.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from understudy.casting.engine.column_sampler import ColumnSampler
from understudy.casting.engine.random_stream import RandomStream
from understudy.casting.population.vocabulary import City, Locale, NumberRules

AREA = "@"
DIGIT = "#"


class NumberBlock(NamedTuple):
    """Numbers in the order of a stream: ``unit`` of them from each of ``starts``, which are whole numbers as E.164.

    ``size`` is how many there are, ``first`` the position of the first one that is used.
    """

    stream: RandomStream
    starts: Sequence[int]
    unit: int
    size: int
    first: int = 0


class Numbering(NamedTuple):
    """Numbers of an area or a country: those of the first ``reserved_count`` ranks are reserved for fiction."""

    reserved: NumberBlock
    reserved_count: int
    others: NumberBlock


class PhoneNumbers:
    """Landline and mobile numbers of people, in E.164; those of an area are prepared at its first use."""

    def __init__(self, seed: int, locales: Sequence[Locale]) -> None:
        self._seed = seed
        self._landlines: dict[str, dict[str, Numbering]] = {locale.name: {} for locale in locales}
        self._mobiles: dict[str, dict[str, Numbering]] = {locale.name: {} for locale in locales}
        self._ranges: dict[str, dict[str, tuple[str, int]]] = {}

    def landlines(
        self, columns: ColumnSampler, homes: Sequence[Locale], places: Sequence[City], ranks: Sequence[int]
    ) -> list[str]:
        """Return a landline number for each person, from the place and the person's rank in its area."""
        found = [
            self._landlines[home.name].get(place.area) or self._landline(home, place.area)
            for home, place in zip(homes, places, strict=True)
        ]
        return _texts(columns, found, ranks)

    def mobiles(
        self, columns: ColumnSampler, homes: Sequence[Locale], places: Sequence[City], ranks: Sequence[int]
    ) -> list[str]:
        """Return a mobile number for each person."""
        found = [
            self._mobiles[home.name].get(place.area) or self._mobile(home, place.area)
            for home, place in zip(homes, places, strict=True)
        ]
        positions = [
            n if home.mobile.prefixes else rank for home, rank, n in zip(homes, ranks, columns.numbers, strict=True)
        ]
        return _texts(columns, found, positions)

    def _landline(self, locale: Locale, area: str) -> Numbering:
        """Prepare the landline numbers of an area."""
        reserved, count = self._reserved(locale, area)
        others = self._others(locale, locale.landline, "phone", area)
        made = self._landlines[locale.name][area] = Numbering(reserved or others, count, others)
        return made

    def _mobile(self, locale: Locale, area: str) -> Numbering:
        """Prepare the mobile numbers of an area: the country's, or else of the area's reserved range the other half."""
        rules = locale.mobile
        others = self._others(locale, rules, "mobile", area)
        reserved, count = None, 0
        if not rules.prefixes:
            reserved, count = self._reserved(locale, area)
            reserved = reserved and reserved._replace(first=count)
        elif rules.reserved:
            patterns = list(rules.reserved.values())  # all with the same number of free digits
            prefixes = [pattern.rstrip(DIGIT) for pattern in patterns]
            reserved = self._block(f"reserved/{locale.name}/mobile", locale, prefixes, len(patterns[0]))
            count = reserved.size
        made = self._mobiles[locale.name][area] = Numbering(reserved or others, count, others)
        return made

    def _reserved(self, locale: Locale, area: str) -> tuple[NumberBlock | None, int]:
        """Return an area's part of a reserved range, and its size.

        Areas with a range in common have equal parts of it; landlines and mobiles divide the range of one area.
        """
        if locale.name not in self._ranges:
            self._ranges[locale.name] = _ranges(locale)
        pattern, position = self._ranges[locale.name][area]
        if not pattern:
            return None, 0
        prefix = pattern.rstrip(DIGIT).replace(AREA, area)
        digits = len(prefix) + pattern.count(DIGIT)
        block = self._block(f"reserved/{locale.name}/{prefix}", locale, [prefix], digits)
        if AREA in pattern:
            return block, block.size // 2
        count = block.size // sum(shared == pattern for shared, _ in self._ranges[locale.name].values())
        return block._replace(first=position * count), count

    def _others(self, locale: Locale, rules: NumberRules, name: str, area: str) -> NumberBlock:
        if rules.prefixes:
            return self._block(f"{name}/{locale.name}", locale, rules.prefixes, rules.digits)
        leads = _longest(rules.leads, area)
        return self._block(f"{name}/{locale.name}/{area}", locale, [area + lead for lead in leads], rules.digits)

    def _block(self, name: str, locale: Locale, prefixes: Sequence[str], digits: int) -> NumberBlock:
        unit = 10 ** (digits - len(prefixes[0]))
        starts = [int(locale.calling_code + prefix) * unit for prefix in prefixes]
        return NumberBlock(RandomStream(self._seed, "person", f"phone/{name}"), starts, unit, len(starts) * unit)


def _ranges(locale: Locale) -> dict[str, tuple[str, int]]:
    """Return the reserved range that serves each area, and the area's position among those that it serves."""
    used = Counter[str]()
    found = {}
    for area in dict.fromkeys(place.area for place in locale.places):
        pattern = _longest(locale.landline.reserved, area)
        found[area] = pattern, used[pattern]
        used[pattern] += 1
    return found


def _texts(columns: ColumnSampler, numberings: Sequence[Numbering], ranks: Sequence[int]) -> list[str]:
    found = [
        (reserved, reserved.first + rank) if rank < count else (others, rank - count)
        for (reserved, count, others), rank in zip(numberings, ranks, strict=True)
    ]
    positions = columns.shuffles(
        [block.stream for block, _ in found], [place for _, place in found], [block.size for block, _ in found]
    )
    return [
        f"+{starts[position // unit] + position % unit}"
        for ((_, starts, unit, _, _), _), position in zip(found, positions, strict=True)
    ]


def _longest(by_prefix: Mapping[str, str], area: str) -> str:
    """Return the value of the longest prefix of an area code; empty if there is none."""
    starts = [prefix for prefix in by_prefix if area.startswith(prefix)]
    return by_prefix[max(starts, key=len)] if starts else ""
