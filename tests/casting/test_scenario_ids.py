"""A scenario's credentials of Contacthub do what they say: workspace and node of the world have these ids."""

from pathlib import Path

import httpx
import orjson
import pytest

from tests.acme import serving
from understudy.app import create_app
from understudy.core.misconfigured import Misconfigured
from understudy.settings import Settings
from understudy.vendors.contacthub.start_data.fixed_ids import ENTRY_NODE, WORKSPACE

OWN_WORKSPACE, OWN_NODE = (f"9d8c7b6a-0000-4000-8000-00000000000{n}" for n in (1, 2))
TEXT = f"""
people: 12
merchants: 1
shops: 1
products: 3
records: {{contacthub.customers: 3, contacthub.sessions: 3, contacthub.events: 5, contacthub.consents: 2}}
credentials: {{contacthub: {{token: my-token, workspace: {OWN_WORKSPACE}, node: {OWN_NODE}}}}}
"""


def write(folder: Path, text: str) -> Settings:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return Settings(scenario=path, vendors=("contacthub",))


def test_workspace_and_node_have_the_scenario_s_ids(tmp_path: Path) -> None:
    understudy = create_app(write(tmp_path, TEXT))
    credentials = understudy.credentials("http://x")["contacthub"]
    assert {name: credentials[name] for name in ("token", "workspace", "node")} == {
        "token": "my-token", "workspace": OWN_WORKSPACE, "node": OWN_NODE,
    }  # fmt: skip

    with serving(understudy) as root, httpx.Client(trust_env=False) as client:
        base, headers = f"{root}/contacthub/hub/v1/workspaces/{OWN_WORKSPACE}", {"Authorization": "Bearer my-token"}
        customers = client.get(f"{base}/customers", params={"nodeId": OWN_NODE}, headers=headers)
        assert customers.status_code == 200
        found = customers.json()["elements"]
        assert {each["nodeId"] for each in found} == {OWN_NODE}
        body = {"nodeId": OWN_NODE, "base": {"contacts": {"email": found[0]["base"]["contacts"]["email"]}}}
        assert client.post(f"{base}/customers", json=body, headers=headers).json()["id"] == found[0]["id"]
        assert client.get(base.replace(OWN_WORKSPACE, WORKSPACE), headers=headers).status_code in {403, 404}


def test_no_record_has_the_ids_that_were_replaced(tmp_path: Path) -> None:
    state = create_app(write(tmp_path, TEXT)).worlds.get_or_create().vendors["contacthub"]

    for name, rows in state.collections.items():
        for row in rows:
            text = orjson.dumps(row)
            assert WORKSPACE.encode() not in text, name
            assert ENTRY_NODE.encode() not in text, name


@pytest.mark.parametrize(("text", "expected"), [("workspace", (OWN_NODE, ENTRY_NODE)), ("node", (WORKSPACE, OWN_NODE))])
def test_one_of_the_two_may_be_left_out(tmp_path: Path, text: str, expected: tuple[str, str]) -> None:
    settings = write(tmp_path, f"credentials: {{contacthub: {{{text}: {OWN_NODE}}}}}\n")

    found = create_app(settings).credentials("http://x")["contacthub"]

    assert (found["workspace"], found["node"]) == expected


def test_workspace_and_node_differ(tmp_path: Path) -> None:
    understudy = create_app(
        write(tmp_path, f"credentials: {{contacthub: {{workspace: {OWN_NODE}, node: {OWN_NODE}}}}}\n")
    )

    with pytest.raises(Misconfigured, match="workspace and node are both '9d8c7b6a-"):
        understudy.worlds.get_or_create()
