"""The Python API: records by number, edited by keyword, exported to tables; none is stored."""

import json
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet
import pytest

from understudy import casting
from understudy.casting import Cast, Scenario
from understudy.casting.kind_registry import find_kinds
from understudy.casting.locale_files import shipped_locales
from understudy.casting.scenario import MAX_PEOPLE
from understudy.core.misconfigured import Misconfigured

KIND = "contacthub.customers"


def test_a_kind_has_the_scenario_s_number_of_records() -> None:
    cast = Cast()
    assert (len(cast.people), len(cast[KIND]), len(cast["cast.shops"])) == (60, 60, 24)
    assert {name for name in find_kinds() if len(cast[name]) == 0} == set()


def test_arguments_replace_the_scenario_s_values() -> None:
    clock = datetime(2025, 5, 1, tzinfo=UTC)
    cast = Cast("start", seed=9, people=3, merchants=1, shops=2, products=4, locales=["pl_PL"], clock=clock)
    assert [len(each) for each in (cast.people, cast.merchants, cast.shops, cast.products)] == [3, 1, 2, 4]
    assert {person.country for person in cast.people} == {"PL"}
    assert all(person.registered_at < clock for person in cast.people)
    assert cast.people[2] == Cast(Scenario(seed=9, people=9, locales=("pl_PL",), clock=clock)).people[2]


def test_a_record_is_made_when_it_is_read() -> None:
    customers = Cast(people=MAX_PEOPLE)[KIND]
    last = customers[MAX_PEOPLE - 1]
    assert last == customers[-1] == customers[-3:][2]
    assert list(customers[10:20:5]) == [customers[10], customers[15]]
    assert [one["externalId"] for one in islice(customers, 2)] == [customers[n]["externalId"] for n in (0, 1)]
    assert list(customers.numbered(range(5, 7))) == [customers[5], customers[6]]
    with pytest.raises(IndexError):
        customers[MAX_PEOPLE]


def test_a_caller_may_change_a_record() -> None:
    customers = Cast()[KIND]
    customers[3]["base"]["contacts"]["email"] = "changed"
    assert customers[3]["base"]["contacts"]["email"] != "changed"


def test_values_are_set_by_keyword_and_functions_are_called() -> None:
    customers = Cast()[KIND]
    changed = customers.but(base__firstName="Ada", base__contacts__email=lambda one: f"{one['externalId']}@example.com")
    assert changed[7]["base"]["firstName"] == "Ada"
    assert changed[7]["base"]["contacts"]["email"] == f"{customers[7]['externalId']}@example.com"
    assert changed[7]["base"]["lastName"] == customers[7]["base"]["lastName"]
    assert changed.but(base__firstName="Eva")[0]["base"]["firstName"] == "Eva"
    assert customers[7]["base"]["firstName"] != "Ada"


def test_a_path_through_a_text_is_refused() -> None:
    with pytest.raises(Misconfigured, match=r"'base\.firstName\.x' cannot be set: 'firstName' is no object"):
        Cast()[KIND].but(base__firstName__x=1)[0]


def test_only_selects_fields() -> None:
    customers = Cast()[KIND].only("base.contacts.email", "base.contacts", "nodeId")
    assert set(customers[0]) == {"nodeId", "base"}
    assert set(customers[0]["base"]) == {"contacts"}
    with pytest.raises(Misconfigured, match=r"has the field 'base\.emial'; did you mean"):
        customers.only("base.emial")


def test_the_nearest_kind_is_named_for_an_unknown_one() -> None:
    with pytest.raises(Misconfigured, match=r"'contacthub.customer'; did you mean 'contacthub.customers'\?"):
        Cast()["contacthub.customer"]


@pytest.mark.parametrize("added", shipped_locales()[:3])
def test_another_locale_changes_no_customer_of_another_one(added: str) -> None:
    before = [name for name in shipped_locales() if name != added]
    were, now = (Cast(people=300, locales=names)[KIND] for names in (before, [*before, added]))
    stayed = [pair for pair in zip(were, now, strict=True) if pair[1]["base"]["locale"] != added]
    assert len(stayed) > 200
    assert all(one == other for one, other in stayed)


def test_pandas_has_dotted_columns() -> None:
    customers = Cast()[KIND]
    frame = customers[20:50].to_pandas()
    assert list(frame.index) == list(range(20, 50))
    assert frame.loc[20, "base.contacts.email"] == customers[20]["base"]["contacts"]["email"]


def test_arrow_has_the_same_records() -> None:
    customers = Cast()[KIND]
    table = customers.to_arrow()
    assert [lean(row) for row in table.to_pylist()] == [lean(record) for record in customers]


def test_a_field_without_a_column_is_refused() -> None:
    def odd(record: dict[str, Any]) -> Any:
        return {"odd": 1} if record["number"] >= 4096 else None

    people = Cast(people=5000)["cast.people"].but(extra=odd)
    with pytest.raises(Misconfigured, match="do not fit"):
        people[4090:4100].to_arrow()


def test_a_file_s_name_chooses_its_format(tmp_path: Path) -> None:
    people = Cast()["cast.people"].only("email", "city")
    for name in ("x.json", "x.jsonl", "x.csv", "x.parquet"):
        people.save(tmp_path / name)
    assert json.loads((tmp_path / "x.json").read_text()) == list(people)
    assert [orjson.loads(line) for line in (tmp_path / "x.jsonl").read_bytes().splitlines()] == list(people)
    assert (tmp_path / "x.csv").read_text().splitlines()[1] == f"{people[0]['email']},{people[0]['city']}"
    assert pyarrow.parquet.read_table(tmp_path / "x.parquet").to_pylist() == list(people)


def test_the_package_exports_three_classes() -> None:
    assert sorted(casting.__all__) == ["Cast", "Records", "Scenario"]
    with pytest.raises(AttributeError, match="no attribute 'Caste'"):
        casting.Caste  # noqa: B018 - looking is the claim


def lean(value: Any) -> Any:
    """Return a value without nulls and empty objects: Arrow stores a null for each missing field."""
    if isinstance(value, dict):
        kept = {name: lean(inner) for name, inner in value.items() if inner is not None}
        return {name: inner for name, inner in kept.items() if inner != {}} or None
    return [lean(item) for item in value] if isinstance(value, list) else value
