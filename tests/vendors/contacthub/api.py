"""Client that sends whole requests to Contacthub: credentials, contract and handler in one."""

from dataclasses import dataclass
from typing import Any

import orjson

from tests.asgi import Answer, call
from tests.vendors.contacthub.calls import WORKSPACE
from understudy.app import Understudy
from understudy.state.world import World
from understudy.vendors.contacthub.security import sign_in


@dataclass(frozen=True)
class Api:
    """Client of a workspace in a world, with the development token unless a role or a token is given."""

    understudy: Understudy
    world: World

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        role: str = "",
        token: str = "",
        workspace: str = WORKSPACE,
        client: str = "127.0.0.1",
        **headers: str,
    ) -> Answer:
        given = sign_in(self.world.vendors["contacthub"], role)
        if token:
            given = {"Authorization": f"Bearer {token}"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = b""
        if body is not None:
            content = orjson.dumps(body)
            given["Content-Type"] = "application/json"
        target = f"/@{self.world.name}/contacthub/hub/v1/workspaces/{workspace}{path}"
        return call(self.understudy.asgi, method, target, headers=given, body=content, client=client)

    def read(self, path: str, **options: str) -> Any:
        """Return the body of a GET that succeeds."""
        answer = self.send("GET", path, **options)
        assert answer.status == 200, answer.body
        return answer.json

    def places(self, method: str, path: str, body: Any, **options: str) -> list[str]:
        """Return the paths in the errors of a request that is refused with 400."""
        answer = self.send(method, path, body, **options)
        assert answer.status == 400, answer.body
        assert "alternatives" not in answer.body.decode()
        return [error["path"] for error in answer.json["errors"]]
