"""The vocabulary files are as the tool made them, small, and complete."""

import hashlib
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from understudy.casting.locale_files import shipped_locales
from understudy.casting.population.vocabulary import load_catalogue, load_locale
from understudy.core.data_folder import data_folder
from understudy.core.misconfigured import Misconfigured

FOLDER = data_folder("fixtures") / "vocabulary"


def test_the_files_are_as_the_tool_made_them() -> None:
    lines = (FOLDER / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    recorded = {name: digest for digest, name in (line.split("  ") for line in lines)}
    found = {
        path.relative_to(FOLDER).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in [*FOLDER.glob("*.json"), *FOLDER.glob("by_hand/*.yaml")]
    }
    assert found == recorded, "run `make vocabulary`, and look at what it changes for everyone's fixtures"


def test_the_files_are_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*.json")) < 900_000


def test_each_locale_has_a_file_by_hand_and_a_generated_one() -> None:
    assert {path.stem for path in FOLDER.glob("by_hand/??_??.yaml")} == set(shipped_locales())


def test_the_first_shipped_locale_is_italian() -> None:
    assert shipped_locales() == ("it_IT", *sorted(set(shipped_locales()) - {"it_IT"}))


@pytest.mark.parametrize("name", shipped_locales())
def test_a_locale_is_complete(name: str) -> None:
    locale = load_locale(FOLDER, name)
    assert locale.country == name[-2:]
    assert 300 <= len(locale.places) == len({place.city for place in locale.places}) <= 500
    assert all(place.zips and place.share > 0 for place in locale.places)
    assert set(locale.tax) == {"standard", "reduced"}
    for gender in "FM":
        assert len(set(locale.first_names[gender])) >= 100
        assert len(set(locale.last_names[gender])) >= 400
    assert len(set(locale.streets)) >= 1_000


@pytest.mark.parametrize("name", shipped_locales())
def test_the_time_zone_of_a_locale_is_the_one_written_by_hand(name: str) -> None:
    by_hand = yaml.safe_load((FOLDER / "by_hand" / f"{name}.yaml").read_text(encoding="utf-8"))
    locale = load_locale(FOLDER, name)
    assert locale.timezone == by_hand["timezone"] == str(ZoneInfo(locale.timezone))
    assert locale.timezone in {place.timezone for place in locale.places}


def test_a_locale_without_a_time_zone_is_refused(tmp_path: Path) -> None:
    words = json.loads((FOLDER / "it_IT.json").read_text(encoding="utf-8"))
    del words["timezone"]
    (tmp_path / "it_IT.json").write_text(json.dumps(words), encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"it_IT\.json: no key 'timezone'; add it to by_hand/it_IT\.yaml and run"):
        load_locale(tmp_path, "it_IT")


def test_a_place_without_a_time_zone_is_refused(tmp_path: Path) -> None:
    words = json.loads((FOLDER / "it_IT.json").read_text(encoding="utf-8"))
    del words["places"][3]["timezone"]
    (tmp_path / "it_IT.json").write_text(json.dumps(words), encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"it_IT\.json: no key 'timezone'"):
        load_locale(tmp_path, "it_IT")


def test_a_locale_with_an_empty_time_zone_is_refused(tmp_path: Path) -> None:
    words = json.loads((FOLDER / "it_IT.json").read_text(encoding="utf-8"))
    (tmp_path / "it_IT.json").write_text(json.dumps(words | {"timezone": None}), encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"it_IT\.json: no key 'timezone'"):
        load_locale(tmp_path, "it_IT")


def test_a_file_by_hand_without_a_time_zone_is_refused() -> None:
    tool = pytest.importorskip("tools.draw_vocabulary", reason="faker is not installed")
    words = yaml.safe_load((FOLDER / "by_hand" / "it_IT.yaml").read_text(encoding="utf-8"))
    tool.check_keys(Path("xx_XX.yaml"), words)
    del words["timezone"]
    with pytest.raises(SystemExit, match=r"xx_XX\.yaml: no key 'timezone'"):
        tool.check_keys(Path("xx_XX.yaml"), words)


def test_categories_have_names_and_codes_of_their_own() -> None:
    categories = load_catalogue(FOLDER).categories
    assert len({category.code for category in categories}) == len({category.name for category in categories})


def test_an_unknown_locale_is_named_with_the_nearest() -> None:
    with pytest.raises(Misconfigured, match=r"it_IR\.json: no such locale; did you mean 'it_IT'\?"):
        load_locale(FOLDER, "it_IR")


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "it_IT.json").write_text("{", encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"it_IT\.json: cannot be read .*; run `make vocabulary`"):
        load_locale(tmp_path, "it_IT")
