"""Mistakes of those who use ``understudy.client``: refused in one line, and a client that threads share."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import StandIn
from understudy.client import Control, RemoteVendor, RemoteWorld
from understudy.core.misconfigured import Misconfigured


@pytest.fixture
def world(stand_in: StandIn) -> Iterator[RemoteWorld]:
    stand_in.world  # noqa: B018 - is in use from now on
    with Control(stand_in.root) as control:
        yield RemoteWorld(control, stand_in.world_name)


def refusal(call: Callable[[], Any]) -> str:
    """Return the text with which a call is refused; it is one line."""
    with pytest.raises(Misconfigured) as caught:
        call()
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("timeout", ["5", None, 0, -1, float("nan"), float("inf"), True, 10**9])
def test_a_timeout_that_is_no_number_of_seconds_is_refused(timeout: Any) -> None:
    assert "no number of seconds" in refusal(lambda: Control("http://127.0.0.1:1", timeout=timeout))


def test_a_short_timeout_is_taken(stand_in: StandIn) -> None:
    with Control(stand_in.root, timeout=30) as control:
        assert control.get("health")["status"] == "ready"


@pytest.mark.parametrize("token", [5, None, b"token"])
def test_a_token_that_is_no_text_is_refused(token: Any) -> None:
    assert "token is no text" in refusal(lambda: Control("http://127.0.0.1:1", token=token))


@pytest.mark.parametrize("method", [None, "", "get", "GET\r\nX", 5])
def test_a_method_that_is_none_is_refused(world: RemoteWorld, method: Any) -> None:
    assert "no method" in refusal(lambda: world.control.call(method, "health"))


@pytest.mark.parametrize("name", [None, 5, "", "\ud800", b"a"])
def test_a_world_without_a_name_that_can_be_sent_is_refused(world: RemoteWorld, name: Any) -> None:
    assert "is a text" in refusal(lambda: RemoteWorld(world.control, name).show())


@pytest.mark.parametrize("name", [None, 5, "ecpd"])
def test_a_vendor_that_is_not_served_is_refused(world: RemoteWorld, name: Any) -> None:
    assert "serves no vendor" in refusal(lambda: RemoteVendor(world, name))


def test_a_clock_is_moved_by_a_timedelta_or_by_names_and_not_by_both(world: RemoteWorld) -> None:
    world.clock.freeze("2026-01-01T00:00:00Z")
    assert "not both" in refusal(lambda: world.clock.move(timedelta(days=1), seconds=1))
    assert world.clock.move(timedelta(days=1, seconds=1))["now"].startswith("2026-01-02T00:00:01")
    assert world.clock.move(days=1, seconds=1)["now"].startswith("2026-01-03T00:00:02")


def test_a_vendors_faults_are_its_own(world: RemoteWorld) -> None:
    faults = RemoteVendor(world, "ecdp").faults
    assert "faults of ecdp" in refusal(lambda: faults.add("status", status=503, vendor="crmcom"))
    assert world.faults.all() == []
    assert faults.add("status", status=503, vendor="ecdp")["vendor"] == "ecdp"
    assert world.faults.add("status", status=503, vendor="crmcom")["vendor"] == "crmcom"


def test_threads_share_a_client(world: RemoteWorld) -> None:
    found: list[Any] = []

    def ask(key: str) -> None:
        for _ in range(10):
            try:
                found.append(world.control.get("worlds", key)["name"] == key)
            except Misconfigured as error:
                found.append(error)

    names = [f"{world.name[-20:]}-{number}" for number in range(8)]
    for name in names:
        RemoteWorld(world.control, name).create()
    threads = [threading.Thread(target=ask, args=[name]) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 80
