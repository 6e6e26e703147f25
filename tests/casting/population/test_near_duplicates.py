"""Near-duplicates: the same person in another form, with the truth beside it."""

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from understudy.casting import Cast
from understudy.casting.engine.column_sampler import FEW
from understudy.casting.kind_registry import find_kinds
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.population.near_duplicates import SHARED
from understudy.casting.record_request import DUPLICATE_OF, RecordRequest
from understudy.casting.scenario import Scenario
from understudy.cli import main
from understudy.core.misconfigured import Misconfigured

THREE_PERCENT = Scenario(seed=6, people=4_000, duplicates=300)
NONE = Scenario(seed=6, people=4_000)
KINDS = [name for name, kind in find_kinds().items() if kind.is_person]
KNOWN_BY = ("first_name", "last_name", "email")


def test_the_share_is_as_asked_for() -> None:
    cast = LazyCast(THREE_PERCENT)
    share = sum(bool(cast.original_id(n)) for n in range(20_000)) / 20_000
    assert 0.027 < share < 0.033


def test_a_duplicate_is_its_original_in_another_form() -> None:
    cast = LazyCast(THREE_PERCENT)
    people = list(cast.people)
    by_id = {person.id: person for person in people}
    duplicates = [person for person in people if cast.original_id(person.number)]
    assert len({person.id for person in people}) == len({person.card_number for person in people}) == len(people)
    for person in duplicates:
        original = by_id[cast.original_id(person.number)]
        assert original.number < person.number
        assert not cast.original_id(original.number)
        for name in ("gender", "phone", "birth_date", "street", "city", "zip", "locale"):
            assert getattr(person, name) == getattr(original, name)
        assert any(getattr(person, name) != getattr(original, name) for name in KNOWN_BY)


def test_another_address_of_a_duplicate_is_no_one_elses() -> None:
    cast = LazyCast(THREE_PERCENT)
    others = [person.email for person in cast.people if person.email.startswith("mail")]
    assert len(others) == len(set(others)) > 10


def test_every_kind_of_variation_is_there() -> None:
    cast = LazyCast(THREE_PERCENT)
    by_id = {person.id: person for person in cast.people}
    found = set()
    for person in cast.people:
        if original := by_id.get(cast.original_id(person.number)):
            swapped = (person.first_name, person.last_name) == (original.last_name, original.first_name)
            case = person.email != original.email and person.email.lower() == original.email
            changed = tuple(name for name in KNOWN_BY if getattr(person, name) != getattr(original, name))
            found.add("swapped" if swapped else "case" if case else changed[0])
    assert found == {"swapped", "case", "first_name", "last_name", "email"}


def test_others_are_as_they_are_without_duplicates() -> None:
    cast = LazyCast(THREE_PERCENT)
    for with_duplicates, plain in zip(cast.people, LazyCast(NONE).people, strict=True):
        assert cast.original_id(plain.number) or with_duplicates == plain


def test_mobile_numbers_follow_the_original() -> None:
    cast, plain = LazyCast(THREE_PERCENT), LazyCast(NONE).people_columns(range(2_000))
    people = cast.people_columns(range(2_000))
    assert len(SHARED) == 14
    for n, mobile in enumerate(people.mobile):
        original = cast.original_id(n)
        assert mobile == plain.mobile[plain.id.index(original) if original else n]


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_alone_is_the_record_in_the_whole(kind: str) -> None:
    request = RecordRequest(kind, THREE_PERCENT)
    whole = request.open()(range(FEW + 60))
    assert any(record[DUPLICATE_OF] for record in whole)
    for n in (0, 1, 33, 64, FEW, FEW + 59):
        assert request.open()(range(n, n + 1)) == [whole[n]]
    assert request.write()(range(40)) == b"".join(orjson.dumps(record) + b"\n" for record in whole[:40])


@pytest.mark.parametrize("kind", ["crmcom.purchases", "contacthub.events", "cast.shops"])
def test_records_that_are_no_people_have_no_duplicates(kind: str) -> None:
    with pytest.raises(Misconfigured, match=r"only records that are people have duplicates: cast\.people"):
        RecordRequest(kind, THREE_PERCENT).open()


def test_python_takes_a_percentage_too() -> None:
    cast = Cast(people=500, duplicates=3, seed=6)
    assert sum(bool(record[DUPLICATE_OF]) for record in cast["contacthub.customers"]) in range(5, 30)


@pytest.mark.parametrize("percent", [-1, 90.01, 200])
def test_python_refuses_what_is_no_percentage_of_duplicates(percent: float) -> None:
    with pytest.raises(ValueError, match="duplicates must be from 0 to 90 percent"):
        Cast(people=5, duplicates=percent)


def test_invalid_duplicates_are_refused() -> None:
    with pytest.raises(Misconfigured, match="ask for one or the other"):
        RecordRequest("contacthub.customers", THREE_PERCENT, is_invalid=True).check()


@pytest.mark.parametrize("share", ["0", "0.01%", "3", "90%"])
def test_a_percentage_is_taken_with_and_without_its_sign(share: str, tmp_path: Path) -> None:
    out = str(tmp_path / "people.jsonl")
    result = CliRunner().invoke(main, ["generate", "cast.people", "--count", "2", "--duplicates", share, "--out", out])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("share", ["x", "-1%", "90.01%", "3%%", "0.001%", "nan", "inf", ""])
def test_what_is_no_percentage_is_refused(share: str) -> None:
    result = CliRunner().invoke(main, ["generate", "cast.people", "--count", "0", "--duplicates", share])
    assert result.exit_code == 2
    assert "--duplicates takes a percentage from 0 to 90" in result.output
