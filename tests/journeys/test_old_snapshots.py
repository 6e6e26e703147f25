"""A snapshot written at commit 3ebd15f, before the code was renamed, is restored by the present code."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.asgi import call
from understudy.app import Understudy
from understudy.core.world_names import CONTROL_PATH

OLD = Path(__file__).parent.parent / "data" / "snapshot-3ebd15f.json.gz"
JSON = {"content-type": "application/json"}
WORKSPACE = "3c9f1c2e-7d54-4b1a-9f00-0a1b2c3d0001"
CUSTOMER = "e741f50c-57a5-433d-a114-5cc59c1d0a11"


@pytest.fixture(scope="module")
def document() -> Any:
    return json.loads(gzip.decompress(OLD.read_bytes()))


@pytest.fixture
def world(understudy: Understudy, document: Any) -> str:
    name = "from-3ebd15f"
    if understudy.worlds.get(name) is None:
        assert call(
            understudy.asgi, "POST", f"{CONTROL_PATH}/worlds", headers=JSON, body=b'{"name": "from-3ebd15f"}'
        ).json
    body = json.dumps(document).encode()
    restored = call(understudy.asgi, "POST", f"{CONTROL_PATH}/worlds/{name}/restore", headers=JSON, body=body)
    assert restored.status == 200, restored.body
    return name


def test_a_restored_world_has_every_record_and_its_clock(understudy: Understudy, document: Any, world: str) -> None:
    again = call(understudy.asgi, "GET", f"{CONTROL_PATH}/worlds/{world}/snapshot").json
    for vendor, old in document["vendors"].items():
        new = again["vendors"][vendor]
        assert new["chance"] == old["chance"]
        assert {name: stored for name, stored in new["collections"].items() if name in old["collections"]} == (
            old["collections"]
        )
        added = {name: stored for name, stored in new["collections"].items() if name not in old["collections"]}
        assert all(stored == {"records": []} for stored in added.values())
    assert again["clock"] == document["clock"] == {"now": "2026-06-01T12:00:00.000000+00:00", "rate": 0}


def test_a_customer_of_the_old_version_is_answered(understudy: Understudy, world: str) -> None:
    token = understudy.credentials("http://127.0.0.1", world)["contacthub"]["token"]
    target = f"/@{world}/contacthub/hub/v1/workspaces/{WORKSPACE}/customers/{CUSTOMER}"
    answer = call(understudy.asgi, "GET", target, headers={"authorization": f"Bearer {token}"})
    assert (answer.status, answer.json["externalId"]) == (200, "old-1")
    assert answer.json["base"]["contacts"]["email"] == "ada@example.com"
