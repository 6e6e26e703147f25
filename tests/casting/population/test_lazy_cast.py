"""The cast is the same every time, in any part and any order."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from understudy.casting.locale_files import shipped_locales
from understudy.casting.population import people
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.scenario import Scenario
from understudy.casting.scenario_file import load_scenario
from understudy.core import cast as core
from understudy.core.data_folder import data_folder

START = data_folder("fixtures") / "scenarios" / "start.yaml"
SMALL = Scenario(seed=9, people=100, merchants=3, shops=20, products=80)
KINDS = ("people", "merchants", "shops", "products")
DIGEST = """
import hashlib, sys
from understudy.casting.population.lazy_cast import LazyCast as Cast
from understudy.casting.scenario import Scenario
cast = Cast(Scenario(seed=9, people=100, merchants=3, shops=20, products=80))
whole = [list(cast.people), list(cast.merchants), list(cast.shops), list(cast.products)]
assert "faker" not in sys.modules
print(hashlib.sha256(repr(whole).encode()).hexdigest())
"""


def rows(cast: core.Cast, kind: str) -> Sequence[Any]:
    found: Sequence[Any] = getattr(cast, kind)
    return found


def digest(cast: core.Cast) -> str:
    return hashlib.sha256(repr([list(rows(cast, kind)) for kind in KINDS]).encode()).hexdigest()


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_alone_is_the_record_in_the_whole(kind: str) -> None:
    whole = list(rows(LazyCast(SMALL), kind))
    for n in reversed(range(len(whole))):
        assert rows(LazyCast(SMALL), kind)[n] == whole[n]
        assert whole[n].number == n


@pytest.mark.parametrize("kind", KINDS)
def test_more_records_leave_the_first_ones_as_they_are(kind: str) -> None:
    more = replace(SMALL, people=150, shops=30, products=200)
    whole = list(rows(LazyCast(SMALL), kind))
    assert list(rows(LazyCast(more), kind)[: len(whole)]) == whole


@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_the_same_seed_gives_the_same_bytes_in_a_new_process_without_faker(hash_seed: str) -> None:
    env = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run([sys.executable, "-c", DIGEST], env=env, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == digest(LazyCast(SMALL))


def test_the_start_cast_is_the_one_that_fixtures_were_made_from() -> None:
    assert digest(LazyCast(load_scenario(START))) == "20b36f81a889fd136cce63d91a6f9ff8bc4760b708b9525e6aa0ae23514760a0"


def test_another_seed_gives_other_people() -> None:
    ids = {person.id for person in LazyCast(SMALL).people}
    assert ids.isdisjoint(person.id for person in LazyCast(replace(SMALL, seed=10)).people)


def test_a_new_field_changes_no_person(monkeypatch: pytest.MonkeyPatch) -> None:
    before = list(LazyCast(SMALL).people)
    monkeypatch.setattr(people, "FIELDS", ("nickname", *people.FIELDS))
    assert list(LazyCast(SMALL).people) == before


def test_another_choice_of_locales_keeps_each_person_s_id_and_dates() -> None:
    def kept(scenario: Scenario) -> list[tuple[Any, ...]]:
        return [
            (person.id, person.gender, person.birth_date, person.card_number, person.registered_at)
            for person in LazyCast(scenario).people
        ]

    assert kept(replace(SMALL, locales=("pl_PL", "it_IT"))) == kept(SMALL)


@pytest.mark.parametrize("added", shipped_locales())
def test_another_locale_takes_some_shops_and_changes_no_other(added: str) -> None:
    before = tuple(name for name in shipped_locales() if name != added)
    were, shops = (
        LazyCast(replace(SMALL, locales=before)).shops,
        LazyCast(replace(SMALL, locales=(added, *before))).shops,
    )
    stayed = [pair for pair in zip(were, shops, strict=True) if pair[1].country != added[-2:]]
    assert stayed
    assert all(was == now for was, now in stayed)


def test_people_are_a_sequence() -> None:
    cast: core.Cast = LazyCast(SMALL)
    found = cast.people
    assert len(found) == 100
    assert found[-1] == found[99]
    assert [person.number for person in found[10:40:10]] == [10, 20, 30]
    assert len(found[95:200]) == 5
    assert found[3] in found
    with pytest.raises(IndexError):
        found[100]


def test_an_empty_scenario_has_an_empty_cast() -> None:
    cast = LazyCast(Scenario())
    assert [len(rows(cast, kind)) for kind in KINDS] == [0, 0, 0, 0]
