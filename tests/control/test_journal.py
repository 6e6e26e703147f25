import json
import shlex
from itertools import pairwise
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.acme import Company
from tests.asgi import call
from tests.control.conftest import Steering

TOKEN_PATH = "/auth/realms/understudy/protocol/openid-connect/token"
FORM = {"grant_type": "client_credentials", "client_id": "understudy-client", "client_secret": "understudy-secret"}


def customer(steering: Steering, email: str, **more: str) -> None:
    body = {"mode": "Add", "matchBy": "Email", "data": [{"email": email, **more}]}
    steering.call_vendor("ecdp", "POST", "/customers", body)


def sign_in(steering: Steering) -> str:
    target = f"/@{steering.world_name}/twc{TOKEN_PATH}"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = call(steering.understudy.asgi, "POST", target, headers=headers, body=urlencode(FORM).encode())
    return str(answer.json["access_token"])


def numbers(steering: Steering, **asked: Any) -> list[int]:
    query = urlencode({name: each if isinstance(each, str) else json.dumps(each) for name, each in asked.items()})
    return [each["number"] for each in steering.get(f"/worlds/{{world}}/journal?{query}")]


@pytest.fixture
def busy(steering: Steering) -> Steering:
    """Five exchanges: two customers, one refused by the contract, one refused for its credentials, one reading."""
    customer(steering, "one@example.com", firstName="Ada")
    customer(steering, "two@example.com", firstName="Bob")
    steering.call_vendor("ecdp", "POST", "/customers", {"mode": "No such mode"})
    steering.call_vendor("ecdp", "GET", "/customerattributes", **{"x-api-key": "unknown"})
    steering.call_vendor("ecdp", "GET", "/customerattributes")
    return steering


def test_an_exchange_is_shown_whole(steering: Steering) -> None:
    customer(steering, "one@example.com")

    [found] = steering.get("/worlds/{world}/journal")

    assert (found["number"], found["vendor"], found["operation"]) == (1, "ecdp", "save_customers")
    assert (found["outcome"], found["fidelity"]) == ("accepted", "behaviour")
    assert found["request"]["target"] == f"/@{steering.world_name}/ecdp/customers"
    assert found["request"]["body"]["data"] == [{"email": "one@example.com"}]
    assert found["response"]["status"] in (200, 201)
    assert found["milliseconds"] > 0
    assert found["now"] == steering.get("/worlds/{world}/clock")["now"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"vendor": "twc"}, []),
        ({"operation": "list_customer_attributes"}, [4, 5]),
        ({"status": "401"}, [4]),
        ({"status": "4xx"}, [3, 4]),
        ({"outcome": "contract"}, [3]),
        ({"outcome": "credentials"}, [4]),
        ({"after": 3}, [4, 5]),
        ({"limit": 2}, [4, 5]),
        ({"request": {"data": [{"firstName": "Ada"}]}}, [1]),
        ({"request": {"mode": "Add"}}, [1, 2]),
        ({"request": {"data": []}}, []),
        ({"request": {"mode": "Add"}, "status": "4xx"}, []),
        ({"since": "2999-01-01T00:00:00Z"}, []),
        ({"until": "2999-01-01T00:00:00Z"}, [1, 2, 3, 4, 5]),
    ],
)
def test_exchanges_are_found(busy: Steering, asked: dict[str, Any], expected: list[int]) -> None:
    assert numbers(busy, **asked) == expected


def test_exchanges_are_found_by_the_worlds_time(steering: Steering) -> None:
    steering.ask("PUT", "/worlds/{world}/clock", {"now": "2026-06-01T12:00:00Z", "rate": 0})
    customer(steering, "one@example.com")
    steering.post("/worlds/{world}/clock/move", {"days": 1})
    customer(steering, "two@example.com")

    assert numbers(steering, since="2026-06-02T00:00:00Z") == [2]
    assert numbers(steering, until="2026-06-02T00:00:00Z") == [1]


def test_a_body_to_search_for_has_to_be_json(busy: Steering) -> None:
    answer = busy.ask("GET", f"/worlds/{{world}}/journal?request={quote('{not json')}")

    assert (answer.status, answer.headers["understudy-refused-by"]) == (400, "rule")
    assert answer.json["title"].startswith("request is no JSON text")


def test_a_cleared_journal_continues_its_numbers(busy: Steering) -> None:
    assert busy.ask("DELETE", "/worlds/{world}/journal").status == 204
    customer(busy, "three@example.com")

    assert numbers(busy) == [6]


def test_credentials_are_redacted_everywhere(steering: Steering) -> None:
    token = sign_in(steering)
    path = "/services/eventcollector/api/v1/event-subscription"
    steering.call_vendor("twc", "GET", path, Authorization=f"Bearer {token}", **{"X-TWC-Tenant": "understudy"})
    steering.call_vendor("ecdp", "GET", "/customerattributes")
    secrets = (token, FORM["client_secret"], "understudy-ecdp-dev-key")

    for view in ("journal", "journal/har", "journal/curl"):
        hidden = steering.ask("GET", f"/worlds/{{world}}/{view}").body.decode()
        shown = steering.ask("GET", f"/worlds/{{world}}/{view}?reveal=true").body.decode()
        assert [secret for secret in secrets if secret in hidden] == [], view
        assert token in shown, view
        assert FORM["client_secret"] in shown, view
        assert FORM["client_id"] in hidden, view


def test_a_redacted_secret_cannot_be_searched_for(steering: Steering) -> None:
    sign_in(steering)

    assert numbers(steering, request={"client_secret": FORM["client_secret"]}) == []
    assert numbers(steering, request={"client_secret": FORM["client_secret"]}, reveal=True) == [1]


def test_a_body_that_may_hold_a_secret_is_redacted_whole(steering: Steering) -> None:
    target = f"/@{steering.world_name}/capillary/v3/oauth/token/generate"
    raw = b'{"key": "a", "secret": "tell-nobody"'
    call(steering.understudy.asgi, "POST", target, headers={"content-type": "application/json"}, body=raw)

    [found] = steering.get("/worlds/{world}/journal")
    assert found["request"]["body"] == "(hidden)"


def test_an_archive_is_one_that_other_tools_open(busy: Steering) -> None:
    log = busy.get("/worlds/{world}/journal/har?operation=save_customers")["log"]

    assert log["version"] == "1.2"
    assert len(log["entries"]) == 3
    entry = log["entries"][0]
    assert entry["request"]["method"] == "POST"
    assert entry["request"]["url"].startswith("http://127.0.0.1/@")
    assert json.loads(entry["request"]["postData"]["text"])["mode"] == "Add"
    assert {"send", "wait", "receive"} == entry["timings"].keys()
    assert entry["response"]["content"]["size"] >= 0


def test_a_command_sends_the_request_again(busy: Steering) -> None:
    commands = busy.ask("GET", "/worlds/{world}/journal/curl?reveal=true").body.decode().splitlines()

    assert commands[0] == f"# world {busy.world_name}"
    words = shlex.split(commands[1])
    assert words[:3] == ["curl", "-X", "POST"]
    raw = words[words.index("--data-raw") + 1].encode()
    named = [word.partition(": ") for flag, word in pairwise(words) if flag == "-H"]
    target = words[3].removeprefix("http://127.0.0.1")
    again = call(busy.understudy.asgi, "POST", target, headers={name: value for name, _, value in named}, body=raw)
    assert (again.status, "exists" in again.body.decode()) == (400, True)  # it is the same customer again


def test_the_journals_length_can_be_set(company: Company) -> None:
    company.write_spec("acme", {
        "openapi": "3.0.3", "info": {"title": "Acme", "version": "1"},
        "paths": {"/thing": {"get": {"operationId": "get_thing", "responses": {"204": {"description": "None."}}}}},
    })  # fmt: skip
    understudy = company.start(journal=2)
    for _ in range(5):
        call(understudy.asgi, "GET", "/@one/acme/thing")

    assert [number for number, _ in understudy.worlds.get_or_create("one").journal.numbered()] == [4, 5]


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/customer", 404), ("DELETE", "/customers", 405)])
def test_a_call_without_an_operation_is_in_the_journal_too(
    steering: Steering, method: str, path: str, status: int
) -> None:
    steering.call_vendor("ecdp", method, path, **{"x-api-key": "understudy-ecdp-dev-key"})

    [found] = steering.get("/worlds/{world}/journal?outcome=route")

    assert (found["vendor"], found["operation"], found["outcome"]) == ("ecdp", "", "route")
    assert found["request"]["target"] == f"/@{steering.world_name}/ecdp{path}"
    assert found["response"]["status"] == status
    assert {"name": "x-api-key", "value": "(hidden)"} in found["request"]["headers"]
