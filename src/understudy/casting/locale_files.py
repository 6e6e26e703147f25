"""Names of the shipped locales, found from the files in ``fixtures/vocabulary/``."""

from functools import cache
from pathlib import Path

from understudy.core.data_folder import data_folder

FIRST_LOCALE = "it_IT"
"""First of the shipped locales: a scenario's first locale sets the currency and tax rates of its products."""


def vocabulary_folder() -> Path:
    """Return the folder with the vocabulary files."""
    return data_folder("fixtures") / "vocabulary"


def locales_in(folder: Path) -> list[str]:
    """Return the names of the locales that have a file in a vocabulary folder."""
    return sorted(path.stem for path in folder.glob("??_??.json"))


@cache
def shipped_locales() -> tuple[str, ...]:
    """Return the names of all shipped locales: ``FIRST_LOCALE``, then the others in alphabetical order."""
    return tuple(sorted(locales_in(vocabulary_folder()), key=lambda name: (name != FIRST_LOCALE, name)))
