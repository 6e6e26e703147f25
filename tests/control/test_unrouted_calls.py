"""Calls that no world's journal has: listed by the control API, each with the world that its path names."""

import socket
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.asgi import call
from tests.conftest import StandIn
from tests.control.conftest import Steering
from understudy.client import Control
from understudy.core.steps import Steps
from understudy.core.world_names import CONTROL_PATH
from understudy.state.unrouted_calls import MAX_CALLS, UnroutedCalls, world_in
from understudy.state.world import World
from understudy.state.world_handover import migrate_worlds
from understudy.state.worlds import Worlds


def last_number(steering: Steering) -> int:
    return max((each["number"] for each in steering.get("/unrouted-calls")), default=0)


def since(steering: Steering, number: int) -> list[Any]:
    return [
        (each.get("world"), each["method"], each["target"], each["status"])
        for each in steering.get(f"/unrouted-calls?after={number}")
    ]


@pytest.mark.parametrize(
    ("path", "world"),
    [
        ("/nowhere/v1?q=1", None),
        ("/@shop-1/ecpd/customers", "shop-1"),
        ("/%40shop-1/ecdp/customerattributes", "shop-1"),
        ("/%2540shop-1/ecdp/customerattributes", "shop-1"),
        ("//@shop-1/ecdp/customerattributes", "shop-1"),
        ("/ecdp/@shop-1/customerattributes", "shop-1"),
        ("/@no-such-world/ecdp/nowhere", "no-such-world"),
        ("/@shop-1/_udnerstudy/api/health", "shop-1"),
        ("/@-/ecdp/customerattributes", None),
    ],
)
def test_a_call_that_reaches_no_world_is_listed(steering: Steering, path: str, world: str | None) -> None:
    before = last_number(steering)
    status = call(steering.understudy.asgi, "GET", path).status
    assert status == 404
    assert since(steering, before) == [(world, "GET", path, 404)]


def test_a_call_that_a_world_or_the_control_api_takes_is_not_listed(steering: Steering) -> None:
    steering.world  # noqa: B018 - is in use from now on
    before = last_number(steering)
    for path in ("/", "/_understudy/api/helath", "/@a/_understudy/api/helath", f"/@{steering.world_name}/ecdp/nowhere"):
        call(steering.understudy.asgi, "GET", path)
    assert since(steering, before) == []
    call(steering.understudy.asgi, "POST", "/")
    assert since(steering, before) == [(None, "POST", "/", 405)]


def test_the_list_is_narrowed_to_a_world_in_use_and_cleared_with_its_journal(steering: Steering) -> None:
    name = steering.world.name
    for path in (f"/%40{name}/ecdp/customers", "/nowhere", f"/@{name}/ecpd/customers"):
        call(steering.understudy.asgi, "GET", path)
    assert [each["target"].split("/")[-2] for each in steering.get(f"/unrouted-calls?world={name}")] == ["ecdp", "ecpd"]
    assert steering.ask("GET", "/unrouted-calls?world=no-such-world").status == 404
    assert steering.ask("DELETE", "/worlds/{world}/journal").status == 204
    assert steering.get(f"/unrouted-calls?world={name}") == []


def test_credentials_in_an_unrouted_call_are_hidden(steering: Steering) -> None:
    before = last_number(steering)
    call(steering.understudy.asgi, "GET", "/nowhere?api_key=s3cret-value")
    assert since(steering, before) == [(None, "GET", "/nowhere?api_key=(hidden)", 404)]


def test_the_list_is_bounded_and_its_numbers_go_on() -> None:
    calls, next_app = UnroutedCalls(), UnroutedCalls()
    for _ in range(MAX_CALLS + 1):
        calls.add("GET", b"/nowhere", b"", 404)
    assert [call.number for call in calls] == [*range(2, MAX_CALLS + 2)]
    next_app.take_over(calls)
    next_app.add("GET", b"/nowhere", b"", 404)
    assert next(reversed([*next_app])).number == MAX_CALLS + 2


@pytest.mark.parametrize(
    ("path", "world"),
    [
        (b"/@a/x", "a"),
        (b"/%40a.b/x", "a.b"),
        (b"/x/ada@example.com", ""),
        (b"/@", ""),
        (b"G@T /@a-1/ecdp HTTP/1.1", "a-1"),
    ],
)
def test_a_world_is_read_from_a_path_in_whichever_form(path: bytes, world: str) -> None:
    assert world_in(path) == world


@pytest.mark.parametrize(
    ("request_line", "path"),
    [
        (b"GET /@%b/ecdp/a b HTTP/1.1\r\n", "ecdp/a"),
        (b"GET /@%b/ecdp/x HTTP/9.9\r\n", "ecdp/x"),
        (b"GET /@%b/ecdp/x HTTP/1.1\r\nbad header\r\n", "ecdp/x"),
        (b"G@T /@%b/ecdp/x HTTP/1.1\r\n", "ecdp/x"),
        (b"POST /@%b/ecdp/customers HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnone", "ecdp/customers"),
    ],
)
def test_a_malformed_call_is_listed_with_its_world(stand_in: StandIn, request_line: bytes, path: str) -> None:
    control, name = Control(stand_in.root), stand_in.world_name
    stand_in.world  # noqa: B018 - is in use from now on
    before = max((each["number"] for each in control.unrouted_calls()), default=0)
    address = urlsplit(stand_in.root)
    with socket.create_connection((str(address.hostname), int(address.port or 0)), 5) as connection:
        good = b"GET " + CONTROL_PATH.encode() + b"/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
        connection.sendall(good)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        connection.sendall(request_line % name.encode() + b"\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 400")
    [found] = control.unrouted_calls(before)
    assert (found["world"], found["method"], found["status"]) == (name, "", 400)
    assert path in found["target"]
    assert "health" not in found["target"]
    control.close()


@pytest.mark.parametrize(("query", "count"), [("", 1), ("?clear_journal=false", 1), ("?clear_journal=true", 0)])
def test_a_reset_removes_the_calls_only_with_the_journal(steering: Steering, query: str, count: int) -> None:
    name = steering.world.name
    call(steering.understudy.asgi, "GET", f"/%40{name}/ecdp/customers")
    steering.post(f"/worlds/{{world}}/reset{query}")
    assert len(steering.get(f"/unrouted-calls?world={name}")) == count


def test_the_list_begins_behind_a_number(steering: Steering) -> None:
    call(steering.understudy.asgi, "GET", "/nowhere/0")
    first = last_number(steering)
    call(steering.understudy.asgi, "GET", "/nowhere/1")
    assert [target for _, _, target, _ in since(steering, first - 1)] == ["/nowhere/0", "/nowhere/1"]
    assert [target for _, _, target, _ in since(steering, first)] == ["/nowhere/1"]
    assert since(steering, first + 1) == []


def test_the_list_outlives_a_reload() -> None:
    old, new = Worlds(build_nothing), Worlds(build_nothing)
    old.unrouted.add("GET", b"/nowhere/before", b"", 404)
    migrate_worlds(old, new)
    old.unrouted.add_malformed(b"/nowhere/after", 400)  # by a connection that was opened before
    assert [(each.number, each.path) for each in new.unrouted] == [(1, b"/nowhere/before"), (2, b"/nowhere/after")]


def build_nothing(name: str, _seed: int | None, _start: datetime | None) -> Steps[World]:
    raise AssertionError(name)
