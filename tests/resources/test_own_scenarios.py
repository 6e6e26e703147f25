"""Scenarios of users' own documents: stated records are found by clients, settings are obeyed, mistakes are named."""

import json
from pathlib import Path

import pytest

from tests.own_document import OwnDocument
from tests.resources.acme_document import acme
from understudy.app import create_app
from understudy.core.misconfigured import Misconfigured
from understudy.settings import Settings

ADA = "cus_ada001"


def made(folder: Path, scenario: str, **settings: object) -> OwnDocument:
    (folder / "acme.json").write_text(json.dumps(acme()))
    (folder / "mine.yaml").write_text(scenario)
    given: dict[str, object] = {"cache": None, "scenario": folder / "mine.yaml", **settings}
    return OwnDocument(create_app(Settings(documents=(("acme", str(folder / "acme.json")),), **given)))  # type: ignore[arg-type]


def refusal(folder: Path, scenario: str) -> str:
    with pytest.raises(Misconfigured) as caught:
        made(folder, scenario).app.worlds.get_or_create()
    message = str(caught.value)
    assert message.startswith(f"{folder / 'mine.yaml'}:")
    assert "\n" not in message
    return message.removeprefix(f"{folder / 'mine.yaml'}:")


def test_a_stated_record_is_found_with_what_it_states_and_what_its_schema_requires(tmp_path: Path) -> None:
    api = made(tmp_path, f"records: {{acme: {{customers: [{{id: {ADA}, name: Ada, address: {{city: Turin}}}}]}}}}")

    found = api.call("get", f"/customers/{ADA}")

    assert (found.status, found.headers["understudy-fidelity"]) == (200, "resource")
    assert found.json["name"] == "Ada"
    assert found.json["address"]["city"] == "Turin"
    assert "@" in found.json["email"]
    assert ADA in [each["id"] for each in api.call("get", "/customers").json]
    assert api.call("delete", f"/customers/{ADA}").status == 204
    assert api.call("get", f"/customers/{ADA}").status == 404


def test_a_stated_record_without_an_id_has_one_of_the_schemas_kind(tmp_path: Path) -> None:
    api = made(tmp_path, "records: {acme: {customers: [{name: Ada}]}}\nsettings: {acme: {records: 0}}")

    found = api.call("get", "/customers").json

    assert [each["name"] for each in found] == ["Ada"]
    assert found[0]["id"].startswith("cus_")


@pytest.mark.parametrize("name", ["customer_id"])
def test_a_stated_record_below_another_is_found_there_alone(tmp_path: Path, name: str) -> None:
    other = "cus_bob001"
    api = made(
        tmp_path,
        f"records:\n  acme:\n    customers: [{{id: {ADA}}}, {{id: {other}}}]\n"
        f"    cards: [{{id: visa, last4: '4242', {name}: {ADA}}}]\n",
    )

    assert api.call("get", f"/customers/{ADA}/cards").json == [{"id": "visa", "last4": "4242"}]
    assert api.call("get", f"/customers/{ADA}/cards/visa").json["last4"] == "4242"
    assert api.call("get", f"/customers/{other}/cards/visa").status == 404


def test_every_world_and_every_fork_has_the_stated_records(tmp_path: Path) -> None:
    api = made(tmp_path, f"records: {{acme: {{customers: [{{id: {ADA}, age: 36}}]}}}}")

    for world in ("one", "two"):
        path = f"/@{world}/acme/customers/{ADA}"
        assert api.call("get", path).json["age"] == 36
    assert api.call("delete", f"/@one/acme/customers/{ADA}").status == 204
    assert api.call("get", f"/@two/acme/customers/{ADA}").status == 200


def test_the_settings_of_a_scenario_replace_those_of_the_server(tmp_path: Path) -> None:
    api = made(tmp_path, "settings: {acme: {records: 5, references: checked}}", records=1)

    assert len(api.call("get", "/customers").json) == 5
    assert api.call("post", "/orders", {"customer_id": "nobody"}).status == 422


def test_without_settings_those_of_the_server_apply(tmp_path: Path) -> None:
    api = made(tmp_path, "settings: {acme: {}}", records=1)

    assert len(api.call("get", "/customers").json) == 1
    assert api.call("post", "/orders", {"customer_id": "nobody"}).status == 201


def test_a_document_may_be_among_the_vendors_of_a_scenario(tmp_path: Path) -> None:
    assert made(tmp_path, "vendors: [acme]").call("get", "/customers").status == 200


@pytest.mark.parametrize(
    ("scenario", "message"),
    [
        ("records: {acne: {customers: []}}", "1: records has an unknown vendor 'acne'; did you mean 'acme'?"),
        (
            "records: {acme: {custommers: []}}",
            "1: records of acme have an unknown collection 'custommers'; did you mean 'customers'?",
        ),
        (
            "records: {acme: {'@counters': []}}",
            "1: records of acme have an unknown collection '@counters'; did you mean 'customers'?",
        ),
        ("records: {acme: {customers: {id: x}}}", "1: records of acme: customers must be a list, each with `- `"),
        (
            "records: {acme: {customers: [{emial: a@b.example}]}}",
            "1: records of acme: customers: unknown property 'emial'; did you mean 'email'?",
        ),
        (
            "records: {acme: {customers: [{address: {town: Turin}}]}}",
            "1: records of acme: customers: unknown property 'address.town'; known are city, zip",
        ),
        ("records: {acme: {customers: [{age: -1}]}}", "1: records of acme: customers: /age: "),
        ("records: {acme: {customers: [{id: ada}]}}", "1: records of acme: customers: /id: "),
        ("records: {acme: {cards: [{id: visa}]}}", "1: records of acme: cards: customer_id is missing"),
        ("settings: {acme: {recods: 1}}", "1: settings of acme have an unknown key 'recods'; did you mean 'records'?"),
        ("settings: {acme: {records: -1}}", "1: settings of acme: records must be a whole number from 0 to 100000"),
        ("settings: {acme: {records: 100001}}", "1: settings of acme: records must be a whole number"),
        ("settings: {acme: {records: yes}}", "1: settings of acme: records must be a whole number"),
        ("settings: {acme: {references: check}}", "1: settings of acme: references must be one of 'free', 'checked'"),
        ("credentials: {acme: {token: x}}", "1: credentials of acme have an unknown key 'token'; it has none"),
        ("vendors: [acne]", "1: vendors has an unknown vendor 'acne'; did you mean 'acme'?"),
    ],
)
def test_a_mistake_is_named_with_the_nearest_right_name(tmp_path: Path, scenario: str, message: str) -> None:
    assert message in refusal(tmp_path, scenario)


def test_records_of_a_document_of_the_project_that_is_not_served_are_left_out(tmp_path: Path) -> None:
    scenario = "records: {books: {books: [{id: 1}]}}\nsettings: {books: {records: 1}}\nvendors: [acme, books]"

    assert made(tmp_path, scenario, unserved=("books",)).call("get", "/customers").status == 200
