"""Generator of the vocabulary files in ``fixtures/vocabulary/``: ``make vocabulary``.

A locale's JSON file joins the file written by hand (``by_hand/xx_XX.yaml``) with names drawn by Faker; a new locale
needs those two files only. ``SHA256SUMS`` has the digests of all files. Only the JSON files are read at run time, so
that a new Faker release changes nothing until this script runs.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from faker import Faker

from understudy.casting.population.vocabulary import Locale

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "vocabulary"
BY_HAND = FOLDER / "by_hand"
DRAWS = 20_000
FIRST_NAMES = 150
LAST_NAMES = 450
STREETS = 250
MAX_LENGTH = 40
FROM_FAKER = {"name", "first_names", "last_names", "streets"}
"""Fields of a locale that are not written by hand."""


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
    wanted = (key for key in (*Locale._fields, "street_patterns") if key not in FROM_FAKER)
    missing = [key for key in wanted if words.get(key) is None]
    if missing:
        raise SystemExit(f"{path}: no key {missing[0]!r}; every locale needs it")


def _locale(name: str, words: dict[str, Any]) -> dict[str, Any]:
    fake = Faker(name)
    fake.seed_instance(0)
    patterns = words.pop("street_patterns")
    words["first_names"] = {
        "F": _most_frequent(fake.first_name_female, FIRST_NAMES),
        "M": _most_frequent(fake.first_name_male, FIRST_NAMES),
    }
    words["last_names"] = {
        "F": _most_frequent(fake.last_name_female, LAST_NAMES),
        "M": _most_frequent(fake.last_name_male, LAST_NAMES),
    }
    names = _most_frequent(fake.last_name if patterns else fake.street_name, STREETS)
    words["streets"] = sorted(
        {(patterns[at % len(patterns)] if patterns else "{}").format(name) for at, name in enumerate(names)}
    )
    regions, timezones = words.pop("regions", {}), words.pop("timezones", {})
    words["places"] = [_place(line) for line in words["places"]]
    for place in words["places"]:
        province = place["province"]
        place |= {"region": regions.get(province, province), "timezone": timezones.get(province, words["timezone"])}
    return words


def _most_frequent(draw: Callable[[], str], count: int) -> list[str]:
    """Return the ``count`` most frequent words of ``DRAWS`` draws, in alphabetical order."""
    counts = Counter(word for word in (draw().strip() for _ in range(DRAWS)) if len(word) <= MAX_LENGTH)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return sorted(ranked[:count])


def _place(line: str) -> dict[str, Any]:
    """Parse ``city | province | area | share | zips | latitude longitude``; an underscore in a zip is a space."""
    city, province, area, share, zips, position = (part.strip() for part in line.split("|"))
    latitude, longitude = map(float, position.split())
    return {
        "city": city,
        "province": province,
        "area": area,
        "share": int(share),
        "zips": [code.replace("_", " ") for code in zips.split()],
        "latitude": latitude,
        "longitude": longitude,
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
