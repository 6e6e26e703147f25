"""Samples of worlds: of the seed and the locale that their scenarios choose."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.asgi import call
from tests.resources.documents import FOLDER
from understudy.app import Understudy, create_app
from understudy.resources.document_check import check_document
from understudy.samples.places import COUNTRIES
from understudy.settings import Settings

SHOP = (("shop", f"{FOLDER / 'shop.yaml'}"),)


def app_of(tmp_path: Path, scenario: str, seed: int | None = None) -> Understudy:
    path = tmp_path / "own.yaml"
    path.write_text(scenario)
    return create_app(Settings(documents=SHOP, cache=None, scenario=path, seed=seed))


def pots(app: Understudy, world: str = "") -> Any:
    return call(app.asgi, "GET", f"{world}/shop/pots").json


@pytest.mark.parametrize("locale", COUNTRIES)
def test_the_scenario_s_locale_chooses_the_places(tmp_path: Path, locale: str) -> None:
    found = pots(app_of(tmp_path, f"locales: [{locale}]\n"))
    assert {each["city"] for each in found} <= {city.name for city in COUNTRIES[locale].cities}


def test_a_scenario_without_a_choice_has_the_usual_locale(tmp_path: Path) -> None:
    found = pots(app_of(tmp_path, "seed: 1\n"))
    assert {each["city"] for each in found} <= {city.name for city in COUNTRIES["en_US"].cities}


def test_another_seed_has_other_records_and_the_same_the_same(tmp_path: Path) -> None:
    one, other, again = (pots(app_of(tmp_path, "seed: 1\n", seed)) for seed in (1, 2, 1))
    assert one == again
    assert one != other


def test_a_world_keeps_its_seed_beside_others(tmp_path: Path) -> None:
    first, second = (pots(app_of(tmp_path, f"seed: {seed}\n")) for seed in (1, 2))
    app = app_of(tmp_path, "seed: 1\n")
    body = json.dumps({"name": "second", "from": {"scenario": "own"}, "seed": 2}).encode()
    made = call(app.asgi, "POST", "/_understudy/api/worlds", headers={"content-type": "application/json"}, body=body)
    assert made.status == 201
    assert pots(app, "/@second") == second
    assert pots(app) == first


def test_a_mistyped_method_of_faker_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text((FOLDER / "shop.yaml").read_text().replace("person.fullName", "person.fulName"))
    vendor = create_app(Settings(documents=(("shop", f"{path}"),), cache=None)).vendors["shop"]
    [found] = [each for each in check_document(vendor.document, vendor.operations) if each.kind == "x-faker"]
    assert "did you mean 'person.fullName'?" in found.message


def test_the_first_record_is_the_documented_one_and_the_others_are_others() -> None:
    app = create_app(Settings(documents=(("pets", f"{FOLDER / 'pets.yaml'}"),), cache=None))
    first, *others = call(app.asgi, "GET", "/pets/pets").json
    assert (first["name"], first["born"]) == ("doggie", "2019-05-01")
    assert "doggie" not in {each["name"] for each in others}
    assert len({each["id"] for each in (first, *others)}) == 3
