"""Client of the control API in this process, with a world of the test."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.asgi import Answer, call
from tests.conftest import world_name
from understudy.app import Understudy
from understudy.contract.example_requests import ExampleRequest
from understudy.core.world_names import CONTROL_PATH
from understudy.state.world import World


@dataclass(frozen=True, slots=True)
class Steering:
    """Client of the control API, and of vendors, in one world."""

    understudy: Understudy
    world_name: str

    @property
    def world(self) -> World:
        return self.understudy.worlds.get_or_create(self.world_name)

    def ask(self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None) -> Answer:
        """Call the control API; ``{world}`` in the path becomes the test's world."""
        given = {"content-type": "application/json", **(headers or {})}
        raw = b"" if body is None else json.dumps(body).encode()
        target = CONTROL_PATH + path.replace("{world}", self.world_name)
        return call(self.understudy.asgi, method, target, headers=given, body=raw)

    def get(self, path: str) -> Any:
        """Return the body of a GET; its status has to be 200."""
        answer = self.ask("GET", path)
        assert answer.status == 200, answer.body
        return answer.json

    def post(self, path: str, body: Any = None, *, status: int = 200) -> Any:
        """Return the body of a POST's response; its status has to be ``status``."""
        answer = self.ask("POST", path, body)
        assert answer.status == status, answer.body
        return answer.json

    def call_vendor(self, vendor: str, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Call a vendor with credentials."""
        served = self.understudy.vendors[vendor]
        assert served.vendor.sign_in
        signed = served.vendor.sign_in(self.world.vendors[vendor])
        given = {"content-type": "application/json", **signed, **headers}
        raw = b"" if body is None else json.dumps(body).encode()
        return call(
            self.understudy.asgi, method, f"/@{self.world_name}{served.base_path}{path}", headers=given, body=raw
        )

    def send(self, example: ExampleRequest) -> Answer:
        """Send an example request to its vendor, with credentials."""
        served = self.understudy.vendors[example.operation.vendor]
        assert served.vendor.sign_in
        signed = served.vendor.sign_in(self.world.vendors[served.vendor.name], example.role)
        target = f"/@{self.world_name}{served.base_path}{example.target}"
        method = example.operation.method.upper()
        return call(self.understudy.asgi, method, target, headers={**example.headers, **signed}, body=example.body)


@pytest.fixture
def steering(understudy: Understudy, request: pytest.FixtureRequest) -> Steering:
    made = Steering(understudy, world_name(request.node.nodeid))
    made.world.clock.set(rate=0)
    return made
