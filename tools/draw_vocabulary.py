"""Generator of the vocabulary files in ``fixtures/vocabulary/``: ``make vocabulary``.

A locale's JSON file joins the file written by hand (``by_hand/xx_XX.yaml``) with names drawn by Faker; a new locale
needs those two files only. ``SHA256SUMS`` has the digests of all files. Only the JSON files are read at run time, so
that a new Faker release changes nothing until this script runs.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import yaml
from faker import Faker

from understudy.casting.population.vocabulary import Locale

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "vocabulary"
BY_HAND = FOLDER / "by_hand"
DRAWS = 40_000
FIRST_NAMES = 300
LAST_NAMES = 1000
STREETS = 1100
CARDS = 2000
"""Sum of the shares of a locale's places: as many people get their places by exact shares."""

MAX_LENGTH = 40
FROM_FAKER = {"name", "first_names", "last_names", "streets"}
"""Fields of a locale that are not written by hand."""

BY_TOOL = ("street_patterns", "frequent")
"""Keys of a file written by hand that this tool reads, and the program does not."""

FORENAME_CURVE, SURNAME_CURVE = (1.0, 8, 500), (0.75, 5, 180)
"""Exponent, offset and scale of the Zipf-Mandelbrot law by which a name's weight follows from its rank."""

PARTICLES = {"de", "di", "da", "du", "la", "le", "del", "della", "der", "dos", "van", "von", "zu"}
GENERATION = re.compile(r"(Jr|Sr|I{2,3}|IV|VI{0,3}|.*[.0-9,].*)")
"""Words that are no surname: generations (Koch II), and all with a stop, a comma or a digit (H.-Dieter)."""

SHARE_OF_ADJECTIVES = 50
"""Percent of adjectives (-ski, -cki) among the Polish surnames below the most frequent ones."""


def main() -> None:
    """Write all vocabulary files and their digests."""
    for path in sorted(BY_HAND.glob("??_??.yaml")):
        words = _read(path)
        check_keys(path, words)
        _write(FOLDER / f"{path.stem}.json", _locale(path.stem, words))
    _write(FOLDER / "catalogue.json", _catalogue(_read(BY_HAND / "catalogue.yaml")))
    _write(FOLDER / "lives.json", _read(BY_HAND / "lives.yaml"))
    files = sorted([*FOLDER.glob("*.json"), *BY_HAND.glob("*.yaml")])
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(FOLDER)}\n" for path in files]
    (FOLDER / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def check_keys(path: Path, words: dict[str, Any]) -> None:
    """Raise ``SystemExit`` with the file and the key if a locale written by hand lacks a key."""
    wanted = (key for key in (*Locale._fields, *BY_TOOL) if key not in FROM_FAKER)
    missing = [key for key in wanted if words.get(key) is None]
    if missing:
        raise SystemExit(f"{path}: no key {missing[0]!r}; every locale needs it")


def is_usual(name: str) -> bool:
    """Return whether a name is one word, perhaps after particles (van der Berg), without initials and generations."""
    *particles, word = name.split(" ")
    return (
        len(name) <= MAX_LENGTH
        and word[0].isupper()
        and not GENERATION.fullmatch(word)
        and all(part.lower() in PARTICLES for part in particles)
    )


def _locale(name: str, words: dict[str, Any]) -> dict[str, Any]:
    fake = Faker(name)
    fake.seed_instance(0)
    patterns, frequent, feminine = words.pop("street_patterns"), words.pop("frequent"), words.pop("feminine", {})
    draws = {"F": fake.first_name_female, "M": fake.first_name_male}
    words["first_names"] = {
        gender: _weighted(_ranked(frequent["first_names"][gender], draw)[:FIRST_NAMES], *FORENAME_CURVE)
        for gender, draw in draws.items()
    }
    surnames = _ranked(frequent["last_names"], fake.last_name_male)
    if feminine:
        surnames = _with_adjectives(surnames, tuple(feminine), len(frequent["last_names"].split()))
    men = _weighted(surnames[:LAST_NAMES], *SURNAME_CURVE)
    words["last_names"] = {"F": {_of_women(name, feminine): weight for name, weight in men.items()}, "M": men}
    streets = chain(_split(frequent["streets"]), _surname_streets(fake, patterns, surnames))
    words["streets"] = _weighted(list(dict.fromkeys(streets))[:STREETS], *SURNAME_CURVE)
    words["jobs"] = {industry: list(map(_job, titles)) for industry, titles in words["jobs"].items()}
    words["places"] = _places(words)
    return words


def _ranked(frequent: str, draw: Callable[[], str]) -> list[str]:
    """Return the frequent names, then those that Faker draws, in the order of their numbers in ``DRAWS`` draws."""
    counts = Counter(name for name in (draw().strip() for _ in range(DRAWS)) if is_usual(name))
    found = sorted(counts, key=lambda name: (-counts[name], name))
    return list(dict.fromkeys([*_split(frequent), *found]))


def _split(text: str) -> list[str]:
    """Return the words of a text; an underscore is a blank."""
    return [word.replace("_", " ") for word in text.split()]


def _weighted(ranked: Iterable[str], exponent: float, offset: int, scale: int) -> dict[str, int]:
    """Return names, the most frequent one first, with their weights by the Zipf-Mandelbrot law."""
    return {name: max(1, round(scale / (rank + offset) ** exponent)) for rank, name in enumerate(ranked)}


def _with_adjectives(surnames: list[str], endings: tuple[str, ...], first: int) -> list[str]:
    """Return surnames whose adjectives, after the first ones, have their share as long as there are some."""
    adjectives = iter([name for name in surnames[first:] if name.endswith(endings)])
    others = iter([name for name in surnames[first:] if not name.endswith(endings)])
    found = surnames[:first]
    for at in range(len(surnames) - first):
        is_adjective = (at + 1) * SHARE_OF_ADJECTIVES // 100 > at * SHARE_OF_ADJECTIVES // 100
        found.append((is_adjective and next(adjectives, "")) or next(others, "") or next(adjectives))
    return found


def _of_women(name: str, feminine: dict[str, str]) -> str:
    """Return the form of a surname that women have: Kowalska for Kowalski."""
    ending = next((ending for ending in feminine if name.endswith(ending)), "")
    return name.removesuffix(ending) + feminine[ending] if ending else name


def _surname_streets(fake: Faker, patterns: list[str], surnames: list[str]) -> Iterator[str]:
    """Yield streets named after people: each surname in one of the patterns, then in the next one.

    Without patterns they are Faker's, then the genitives of surnames: Nowaka, Kowalskiego.
    """
    if not patterns:
        yield from sorted({fake.street_name() for _ in range(DRAWS)})
        yield from (f"{name}ego" for name in surnames if name.endswith("ki"))
        yield from (f"{name.removesuffix('ek')}ka" for name in surnames if name.endswith("ek"))
        yield from (f"{name}a" for name in surnames if name.endswith(("ak", "yk", "ik", "uk", "icz")))
    for shift in range(len(patterns)):
        for at, name in enumerate(filter(str.isalpha, surnames)):
            yield patterns[(at + shift) % len(patterns)].format(name)


def _job(line: str) -> list[str]:
    """Parse ``title of women/title of men | subject``: the titles are one if there is no slash."""
    titles, _, subject = line.partition("|")
    womens, _, mens = titles.strip().partition("/")
    return [womens, mens or womens, subject.strip()]


def _places(words: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the places, with ``share`` from their populations, their regions and time zones."""
    regions, timezones = words.pop("regions", {}), words.pop("timezones", {})
    places = list(map(_place, words["places"]))
    thousands = sum(place["share"] for place in places)
    for place in places:
        province = place["province"]
        timezone = place["timezone"] or timezones.get(province, words["timezone"])
        share = max(1, round(place["share"] * CARDS / thousands))
        place |= {"region": regions.get(province, province), "timezone": timezone, "share": share}
    return places


def _place(line: str) -> dict[str, Any]:
    """Parse ``city | province | area | thousands | zips | latitude longitude | time zone``, the last one optional.

    An underscore in a zip is a space.
    """
    city, province, area, thousands, zips, position, timezone = (*map(str.strip, line.split("|")), "")[:7]
    latitude, longitude = map(float, position.split())
    return {
        "city": city,
        "province": province,
        "area": area,
        "share": int(thousands),
        "zips": [code.replace("_", " ") for code in zips.split()],
        "latitude": latitude,
        "longitude": longitude,
        "timezone": timezone,
    }


def _catalogue(words: dict[str, Any]) -> dict[str, Any]:
    for category in words["categories"]:
        category["lowest"] = category.pop("from")
    return words


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def _write(path: Path, words: dict[str, Any]) -> None:
    text = json.dumps(words, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
