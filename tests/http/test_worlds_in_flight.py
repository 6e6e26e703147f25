"""Requests whose world changes while they arrive, and requests past the limit of worlds."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.asgi import call
from understudy.app import Understudy, create_app
from understudy.core.world_names import CONTROL_PATH
from understudy.settings import Settings
from understudy.state.faults import Fault

JSON = {"content-type": "application/json"}
CONTACTHUB = "contacthub"
VENDORS = ("capillary", "contacthub", "crmcom", "ecdp", "twc")


@pytest.fixture
def served() -> Understudy:
    return create_app(Settings(vendors=(CONTACTHUB, "twc"), max_worlds=3))


def customers(served: Understudy, world: str) -> tuple[str, dict[str, str], bytes]:
    """Return path, headers and body of a request that creates a customer."""
    found = served.credentials("", world)[CONTACTHUB]
    body = {
        "nodeId": found["node"],
        "externalId": "in-flight",
        "base": {"contacts": {"email": "in-flight@example.com"}},
    }
    path = f"{found['base_url']}/workspaces/{found['workspace']}/customers"
    return path, {"authorization": f"Bearer {found['token']}", **JSON}, json.dumps(body).encode()


async def post_slowly(served: Understudy, target: str, headers: dict[str, str], body: bytes, meanwhile: Any) -> int:
    """Post a body in two halves, between which something else is done; return the status."""
    halves = [body[:10], body[10:]]
    status = 0

    async def receive() -> dict[str, Any]:
        half = halves.pop(0)
        if not halves:
            await meanwhile()
        return {"type": "http.request", "body": half, "more_body": bool(halves)}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)

    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": target, "raw_path": target.encode(), "query_string": b""}
    await served.asgi({**scope, "headers": [(b"host", b"127.0.0.1"), *sent]}, receive, send)
    return status


def replace(served: Understudy, world: str, how: str) -> Callable[[], Any]:
    """Return a coroutine function that resets, restores or deletes the world."""
    path = f"{CONTROL_PATH}/worlds/{world}"
    document = call(served.asgi, "GET", f"{path}/snapshot").body

    async def do() -> None:
        loop = asyncio.get_running_loop()
        method, target, body = {
            "reset": ("POST", f"{path}/reset", b""),
            "restore": ("POST", f"{path}/restore", document),
            "delete": ("DELETE", path, b""),
        }[how]
        answer = await loop.run_in_executor(
            None, lambda: call(served.asgi, method, target, headers=JSON if body else {}, body=body)
        )
        assert answer.status < 300, answer.body

    return do


@pytest.mark.parametrize("how", ["reset", "restore", "delete"])
def test_a_write_that_was_accepted_is_in_the_world_that_replaced_the_old_one(served: Understudy, how: str) -> None:
    served.worlds.get_or_create("w")
    path, headers, body = customers(served, "w")

    status = asyncio.run(post_slowly(served, path, headers, body, replace(served, "w", how)))

    assert status == 201
    found = served.worlds.get_or_create("w").vendors[CONTACTHUB].collection("customers")
    assert [each["externalId"] for each in found if each["externalId"] == "in-flight"] == ["in-flight"]


def test_a_write_whose_credentials_a_restore_removed_is_refused(served: Understudy) -> None:
    served.worlds.get_or_create("w")
    path, headers, body = customers(served, "w")
    token = headers["authorization"].removeprefix("Bearer ")

    async def revoke() -> None:
        served.worlds.reset("w").vendors[CONTACTHUB].collection("tokens").delete(token)

    assert asyncio.run(post_slowly(served, path, headers, body, revoke)) == 401


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_call_past_the_limit_of_worlds_is_refused_in_the_vendors_shape(vendor: str) -> None:
    served = create_app(Settings(vendors=(vendor,), max_worlds=2))
    operation = served.vendors[vendor].operations[0]
    target = f"{served.vendors[vendor].base_path}{operation.path.replace('{', '').replace('}', '')}"
    ask = [call(served.asgi, operation.method.upper(), f"/@w{number}{target}") for number in range(3)]

    assert 507 not in (ask[0].status, ask[1].status)
    assert (ask[2].status, ask[2].headers["understudy-refused-by"]) == (507, "limit")
    assert "2 worlds, which is its limit" in ask[2].body.decode()
    assert served.worlds.names() == ["w0", "w1"]


def test_the_control_api_refuses_a_world_past_the_limit(served: Understudy) -> None:
    for name in ("a", "b", "c"):
        served.worlds.get_or_create(name)

    for path, body in (("/worlds", b'{"name": "d"}'), ("/worlds/a/fork", b'{"name": "d"}')):
        answer = call(served.asgi, "POST", CONTROL_PATH + path, headers=JSON, body=body)
        assert (answer.status, "3 worlds, which is its limit" in answer.json["title"]) == (409, True)


@pytest.mark.parametrize("how", ["reset", "restore", "delete"])
@pytest.mark.parametrize("more", [{}, {"kind": "slow", "delay": 0, "when": "after"}])
def test_a_write_whose_answer_is_late_is_made_again_in_the_world_that_replaced_the_old_one(
    served: Understudy, how: str, more: dict[str, Any]
) -> None:
    world = served.worlds.get_or_create("w")
    path, headers, body = customers(served, "w")
    world.faults.add(Fault("latency", when="after", delay=0.3), 0)
    if more:
        world.faults.add(Fault(**more), 0)
    replaced = replace(served, "w", how)

    async def both() -> int:
        status, _ = await asyncio.gather(post_slowly(served, path, headers, body, _nothing), _later(replaced))
        return status

    assert asyncio.run(both()) == 201
    found = served.worlds.get_or_create("w")
    assert found is not world
    assert [each["externalId"] for each in found.vendors[CONTACTHUB].collection("customers")].count("in-flight") == 1
    assert found.journal.breaches() == []
    assert [each.status for each in found.journal] == [201]


def test_a_write_whose_answer_is_late_is_made_once_in_a_world_that_stays(served: Understudy) -> None:
    world = served.worlds.get_or_create("w")
    path, headers, body = customers(served, "w")
    world.faults.add(Fault("latency", when="after", delay=0.05), 0)
    updates = world.vendors[CONTACTHUB].collection("updates")
    before = len(updates)

    assert asyncio.run(post_slowly(served, path, headers, body, _nothing)) == 201
    assert len(updates) == before + 1


def test_a_late_answer_of_a_restored_world_without_its_credentials_is_a_refusal(served: Understudy) -> None:
    world = served.worlds.get_or_create("w")
    path, headers, body = customers(served, "w")
    token = headers["authorization"].removeprefix("Bearer ")
    world.faults.add(Fault("latency", when="after", delay=0.3), 0)

    async def revoke() -> None:
        served.worlds.reset("w").vendors[CONTACTHUB].collection("tokens").delete(token)

    async def both() -> int:
        status, _ = await asyncio.gather(post_slowly(served, path, headers, body, _nothing), _later(revoke))
        return status

    assert asyncio.run(both()) == 401
    assert [each.outcome for each in served.worlds.get_or_create("w").journal] == ["credentials"]


def test_a_file_whose_world_is_reset_before_the_answer_is_taken_whole(served: Understudy) -> None:
    world = served.worlds.get_or_create("w")
    world.clock.set(rate=0)
    found = served.credentials("", "w")[CONTACTHUB]
    operation = served.vendors[CONTACTHUB].by_id["create_bulk_job"]
    path = operation.path.replace("{workspaceId}", found["workspace"]).replace("{nodeId}", found["node"])
    disposition = "Content-Disposition: form-data; name="
    form = (
        f'--BOUNDARY\r\n{disposition}"operation"\r\n\r\nUPSERT\r\n'
        f'--BOUNDARY\r\n{disposition}"file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
        "base.contacts.email\na@example.com\nb@example.com\n\r\n--BOUNDARY--\r\n"
    ).encode()
    headers = {"authorization": f"Bearer {found['token']}", "content-type": "multipart/form-data; boundary=BOUNDARY"}
    world.faults.add(Fault("latency", when="after", delay=0.3), 0)
    replaced = replace(served, "w", "reset")

    async def both() -> int:
        status, _ = await asyncio.gather(
            post_slowly(served, found["base_url"] + path, headers, form, _nothing),
            _later(replaced),
        )
        return status

    assert asyncio.run(both()) < 300
    jobs = served.worlds.get_or_create("w").vendors[CONTACTHUB].collection("bulkJobs")
    [loaded] = [each["data"] for each in jobs if each["data"]["filename"] == "a.csv"]
    assert loaded["totalEntities"] == 2


async def _nothing() -> None:
    pass


async def _later(do: Callable[[], Any]) -> None:
    await asyncio.sleep(0.1)
    await do()
