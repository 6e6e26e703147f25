"""Journey through a document of a user's own over real HTTP: worlds, forks, faults, clock, journal, state."""

import json
from collections.abc import Iterator

import httpx
import pytest

from tests.acme import serving
from tests.resources.acme_document import acme
from understudy.app import create_app
from understudy.client import Control, RemoteWorld
from understudy.settings import Settings

ADA = "cus_ada001"
SCENARIO = f"""
clock: "2026-03-02T09:00:00Z"
records: {{acme: {{customers: [{{id: {ADA}, name: Ada}}], cards: [{{id: visa, last4: "4242", customer_id: {ADA}}}]}}}}
settings: {{acme: {{records: 0, references: checked}}}}
"""


@pytest.fixture(scope="module")
def control(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Control]:
    folder = tmp_path_factory.mktemp("acme")
    (folder / "acme.json").write_text(json.dumps(acme()))
    (folder / "mine.yaml").write_text(SCENARIO)
    documents = (("acme", str(folder / "acme.json")),)
    app = create_app(Settings(documents=documents, scenario=folder / "mine.yaml", cache=None))
    with serving(app) as root, Control(root) as found:
        yield found


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as found:
        yield found


def make(control: Control, name: str) -> RemoteWorld:
    world = RemoteWorld(control, name)
    world.create()
    return world


def test_a_customer_is_created_read_changed_in_the_state_and_listed(control: Control, client: httpx.Client) -> None:
    api = make(control, "made").vendor("acme")

    made = client.post(f"{api.url}/customers", json={"name": "Bob", "age": 7}).json()
    assert api.state["customers"].get(made["id"])["name"] == "Bob"
    assert made["created_at"].startswith("2026-03-02T09:0")

    api.state["customers"].put(made["id"], {**api.state["customers"].get(made["id"]), "age": 8})
    assert client.get(f"{api.url}/customers/{made['id']}").json()["age"] == 8
    assert [each["id"] for each in client.get(f"{api.url}/customers").json()] == [ADA, made["id"]]
    assert len(api.state["customers"]) == 2


def test_a_fork_and_a_restored_snapshot_have_records_and_settings(control: Control, client: httpx.Client) -> None:
    world = make(control, "origin")
    api = world.vendor("acme")
    snapshot = world.snapshot()
    fork = world.fork("branch").vendor("acme")

    assert client.delete(f"{api.url}/customers/{ADA}").status_code == 204
    assert client.get(f"{fork.url}/customers/{ADA}/cards").json() == [{"id": "visa", "last4": "4242"}]
    assert client.post(f"{fork.url}/orders", json={"customer_id": "nobody"}).status_code == 422
    assert client.get(f"{api.url}/customers/{ADA}").status_code == 404

    world.restore(snapshot)
    assert client.get(f"{api.url}/customers/{ADA}").json()["name"] == "Ada"
    assert client.post(f"{api.url}/orders", json={"customer_id": "nobody"}).status_code == 422
    assert client.post(f"{api.url}/orders", json={"customer_id": ADA}).status_code == 201


def test_a_reset_world_has_the_stated_records_again(control: Control, client: httpx.Client) -> None:
    world = make(control, "again")
    api = world.vendor("acme")
    client.delete(f"{api.url}/customers/{ADA}")

    world.reset()

    assert client.get(f"{api.url}/customers/{ADA}").status_code == 200


def test_faults_clock_journal_and_verify_are_those_of_any_vendor(control: Control, client: httpx.Client) -> None:
    world = make(control, "steered")
    api = world.vendor("acme")

    api.faults.add("status", operation="getCustomer", status=404, times=1)
    assert client.get(f"{api.url}/customers/{ADA}").status_code == 404
    assert client.get(f"{api.url}/customers/{ADA}").status_code == 200

    world.clock.move(days=2)
    made = client.post(f"{api.url}/customers", json={"name": "Cleo"}).json()
    assert made["created_at"].startswith("2026-03-04T")

    assert [call["fidelity"] for call in api.calls("addCustomer")] == ["resource"]
    assert world.verify([{"calls": {"vendor": "acme", "operation": "addCustomer"}}])
    assert not world.verify([{"calls": {"vendor": "acme", "operation": "deleteCustomer"}}])
