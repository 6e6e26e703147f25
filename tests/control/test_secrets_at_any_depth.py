"""Credentials are redacted at any depth of a body, in every view of the journal."""

import json
from typing import Any

import pytest

from tests.acme import Company, Json, spec
from tests.asgi import call
from understudy.app import Understudy
from understudy.core.world_names import CONTROL_PATH

VIEWS = ("journal", "journal/har", "journal/curl")
SECRET = "hush-hush"
PASSWORD: Json = {"type": "string", "format": "password"}
USER: Json = {"type": "object", "properties": {"name": {"type": "string"}, "pass_phrase": PASSWORD}}


def listed(schema: Json) -> Json:
    return {"type": "array", "items": schema}


def boxed(schema: Json) -> Json:
    return {"type": "object", "properties": {"box": schema}}


def user(number: int) -> Json:
    return {"name": f"user-{number}", "pass_phrase": f"{SECRET}-{number}"}


SHAPES: dict[str, tuple[Json, Any]] = {
    "object": (USER, user(1)),
    "object in an object": (boxed(USER), {"box": user(1)}),
    "list": (listed(USER), [user(1), user(2)]),
    "list in an object": (boxed(listed(USER)), {"box": [user(1), user(2)]}),
    "list in a list": (listed(listed(USER)), [[user(1)], [user(2), user(3)]]),
    "object in a list in an object in a list": (listed(boxed(listed(boxed(USER)))), [{"box": [{"box": user(1)}]}]),
    "one of several": ({"oneOf": [listed(boxed(USER)), {"type": "string"}]}, [{"box": user(1)}]),
    "additional property": ({"type": "object", "additionalProperties": listed(USER)}, {"any": [user(1)]}),
}


@pytest.fixture(params=SHAPES, ids=lambda name: name.replace(" ", "-"))
def sent(request: pytest.FixtureRequest, company: Company) -> tuple[Understudy, Any]:
    """Server to which a body with secrets was sent, and which answered with it."""
    schema, body = SHAPES[request.param]
    content = {"application/json": {"schema": schema, "examples": {"shown": {"value": body}}}}
    operation = {
        "operationId": "save_users",
        "requestBody": {"required": True, "content": content},
        "responses": {"200": {"description": "Users.", "content": content}},
    }
    company.write_spec("acme", spec(paths={"/users": {"post": operation}}))
    understudy = company.start()
    headers = {"content-type": "application/json"}
    answer = call(understudy.asgi, "POST", "/@one/acme/users", headers=headers, body=json.dumps(body).encode())
    assert (answer.status, SECRET in answer.body.decode()) == (200, True)
    return understudy, body


@pytest.mark.parametrize("view", VIEWS)
def test_a_secret_is_in_no_view(sent: tuple[Understudy, Any], view: str) -> None:
    understudy, _ = sent

    text = call(understudy.asgi, "GET", f"{CONTROL_PATH}/worlds/one/{view}").body.decode()

    assert SECRET not in text
    assert "(hidden)" in text
    assert "user-1" in text


@pytest.mark.parametrize("view", VIEWS)
def test_reveal_shows_every_secret(sent: tuple[Understudy, Any], view: str) -> None:
    understudy, body = sent

    text = call(understudy.asgi, "GET", f"{CONTROL_PATH}/worlds/one/{view}?reveal=true").body.decode()

    for number in range(1, json.dumps(body).count(SECRET) + 1):
        assert f"{SECRET}-{number}" in text
    assert "(hidden)" not in text


def test_a_secret_is_in_no_finding_of_verify(sent: tuple[Understudy, Any]) -> None:
    understudy, body = sent
    expected = {"expect": [{"calls": {"request": {"no": "such"}, "response": {"no": "such"}}}]}
    headers = {"content-type": "application/json"}

    answer = call(
        understudy.asgi, "POST", f"{CONTROL_PATH}/worlds/one/verify", headers=headers,
        body=json.dumps(expected).encode(),
    )  # fmt: skip

    assert not answer.json["holds"]
    assert answer.json["findings"][0]["nearest"]
    assert SECRET not in answer.body.decode(), body
