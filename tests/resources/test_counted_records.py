"""Numbers of start records in a scenario: a collection of a user's own document begins with as many."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.own_document import TEXT, OwnDocument, answer, sent
from tests.resources.acme_document import acme
from understudy.app import create_app
from understudy.core.misconfigured import Misconfigured
from understudy.settings import Settings


def made(folder: Path, scenario: str, raw: Any = None, **settings: object) -> OwnDocument:
    (folder / "acme.json").write_text(json.dumps(raw or acme()))
    (folder / "mine.yaml").write_text(scenario)
    given: dict[str, object] = {"cache": None, "scenario": folder / "mine.yaml", **settings}
    return OwnDocument(create_app(Settings(documents=(("acme", str(folder / "acme.json")),), **given)))  # type: ignore[arg-type]


def ids(api: OwnDocument, path: str) -> list[str]:
    return [each["id"] for each in api.call("get", path).json]


def number(api: OwnDocument, collection: str) -> int:
    api.call("get", f"/{collection}")
    return len(api.app.worlds.get_or_create().vendors["acme"].collection(collection))


def test_a_collection_begins_with_its_number_of_records(tmp_path: Path) -> None:
    api = made(tmp_path, "records: {acme: {customers: 12, orders: 50}}")

    assert (number(api, "customers"), number(api, "orders")) == (12, 50)
    customers = {*api.app.worlds.get_or_create().vendors["acme"].collection("customers").keys()}
    orders = [*api.app.worlds.get_or_create().vendors["acme"].collection("orders")]
    assert {each["customer_id"] for each in orders} == customers
    assert number(made(tmp_path, "records: {acme: {customers: 12}}"), "orders") == 3


def test_none_is_a_number_and_stated_records_are_beside_it(tmp_path: Path) -> None:
    api = made(tmp_path, "records:\n  acme: {customers: [{id: cus_ada001, name: Ada}], orders: 0}", records=2)

    assert number(api, "orders") == 0
    assert number(api, "customers") == 3
    assert len(ids(api, "/customers")) == 3


def test_records_below_others_are_counted_in_all(tmp_path: Path) -> None:
    api = made(tmp_path, "records: {acme: {customers: 2, cards: 6}}")

    assert [len(api.call("get", f"/customers/{each}/cards").json) for each in ids(api, "/customers")] == [3, 3]


def test_a_single_record_is_not_counted(tmp_path: Path) -> None:
    raw = acme()
    prefs = {"type": "object", "properties": {"theme": TEXT}}
    raw["paths"]["/prefs"] = {
        "get": {"responses": {"200": answer(prefs)}},
        "put": {"requestBody": sent(prefs), "responses": {"200": answer(prefs)}},
    }
    with pytest.raises(Misconfigured, match="acme: prefs is a single record"):
        made(tmp_path, "records: {acme: {prefs: 2}}", raw).app.worlds.get_or_create()


def test_many_are_made_and_worlds_have_them_each(tmp_path: Path) -> None:
    api = made(tmp_path, "records: {acme: {customers: 200}}")

    assert number(api, "customers") == 200
    for world in ("one", "two"):
        assert len(api.call("get", f"/@{world}/acme/customers").json) == len(api.call("get", "/customers").json)


@pytest.mark.parametrize(
    ("records", "why"),
    [
        ("customers: -1", "customers must be a whole number from 0 to 100000, not -1"),
        ("customers: 100001", "customers must be a whole number from 0 to 100000, not 100001"),
        ("custmers: 5", "have an unknown collection 'custmers'; did you mean 'customers'?"),
        ("customers: '5'", "customers must be a list"),
        ("customers: 1.5", "customers must be a list"),
        ("customers: many", "customers must be a list"),
    ],
)
def test_what_is_no_number_of_records_is_refused(tmp_path: Path, records: str, why: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        made(tmp_path, f"records: {{acme: {{{records}}}}}")

    assert str(caught.value).startswith(f"{tmp_path / 'mine.yaml'}:1: ")
    assert why in str(caught.value)
