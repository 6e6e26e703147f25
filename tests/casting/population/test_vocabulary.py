"""The vocabularies are data: as drawn, small, and complete."""

import hashlib
from pathlib import Path

import pytest

from understudy.casting.population.vocabulary import known_locales, load_catalogue, load_locale
from understudy.casting.scenario import SHIPPED_LOCALES
from understudy.core.data_folder import data_folder
from understudy.core.misconfigured import Misconfigured

FOLDER = data_folder("fixtures") / "vocabulary"


def test_the_files_are_as_they_were_drawn() -> None:
    lines = (FOLDER / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    drawn = {name: digest for digest, name in (line.split("  ") for line in lines)}
    found = {
        path.relative_to(FOLDER).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in [*FOLDER.glob("*.json"), *FOLDER.glob("by_hand/*.yaml")]
    }
    assert found == drawn, "run `make vocabulary`, and look at what it changes for everyone's fixtures"


def test_they_are_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*.json")) < 300_000


def test_every_shipped_locale_is_there() -> None:
    assert known_locales(FOLDER) == sorted(SHIPPED_LOCALES)


@pytest.mark.parametrize("name", SHIPPED_LOCALES)
def test_a_locale_is_complete(name: str) -> None:
    locale = load_locale(FOLDER, name)
    assert locale.country == name[-2:]
    assert 20 <= len(locale.places) == len({place.city for place in locale.places}) <= 40
    assert all(place.zips and place.share > 0 for place in locale.places)
    assert set(locale.tax) == {"standard", "reduced"}
    for gender in "FM":
        assert len(locale.first_names[gender]) >= 50
        assert len(locale.last_names[gender]) >= 200
    assert len(locale.streets) >= 100


def test_categories_have_names_and_codes_of_their_own() -> None:
    categories = load_catalogue(FOLDER).categories
    assert len({category.code for category in categories}) == len({category.name for category in categories})


def test_an_unknown_locale_is_named_with_the_nearest() -> None:
    with pytest.raises(Misconfigured, match=r"it_IR\.json: no such locale; did you mean 'it_IT'\?"):
        load_locale(FOLDER, "it_IR")


def test_a_spoilt_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "it_IT.json").write_text("{", encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"it_IT\.json: cannot be read .*; run `make vocabulary`"):
        load_locale(tmp_path, "it_IT")
