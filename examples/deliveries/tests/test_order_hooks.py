"""From a new order to the shop's receiver of webhooks: publish, consume, fail, retry, give up, replay."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from flask import Flask
from order_hooks import create_app
from werkzeug.serving import make_server

from understudy.client import RemoteDelivery, RemoteVendor

SECRET = "whsec_b3JkZXItZGVzaw=="  # noqa: S105 - of a test


@pytest.fixture
def hooks() -> Flask:
    return create_app(SECRET)


@pytest.fixture
def target(hooks: Flask) -> Iterator[str]:
    """Return the address of the receiver, which runs on a thread."""
    server = make_server("127.0.0.1", 0, hooks, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hooks/orders"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def orders(shop: RemoteVendor, target: str, hooks: Flask) -> dict[str, Any]:
    """Return the orders that the receiver has taken."""
    signing = {"scheme": "standard-webhooks", "secret": SECRET}
    retries = {"attempts": 3, "backoff": [30]}
    rule = {"destination": "order.*", "target": target, "signing": signing, "retries": retries}
    shop.world.set_delivery_rules([rule])
    taken: dict[str, Any] = hooks.config["ORDERS"]
    return taken


def order(shop: RemoteVendor, item: str) -> dict[str, Any]:
    made: dict[str, Any] = httpx.post(f"{shop.url}/orders", json={"item": item}).raise_for_status().json()
    return made


def after_attempts(shop: RemoteVendor, count: int) -> RemoteDelivery:
    """Wait until the only delivery was tried so often; return it."""
    end = time.monotonic() + 30
    while True:
        [found] = shop.deliveries(wait=30)
        if len(found["attempts"]) >= count:
            return found
        assert time.monotonic() < end, found
        time.sleep(0.01)


def test_a_new_order_is_received_with_a_right_signature(shop: RemoteVendor, orders: dict[str, Any]) -> None:
    made = order(shop, "cup")
    [delivery] = shop.deliveries(state="delivered", wait=30)

    assert [*orders.values()] == [made]
    assert (delivery["operation"], delivery["attempts"][0]["status"]) == ("createOrder", 204)
    assert delivery["body"]["created"].startswith("2026-01-01T09:00:00")


def test_a_receiver_that_is_down_gets_the_order_later(shop: RemoteVendor, orders: dict[str, Any], hooks: Flask) -> None:
    hooks.config["IS_DOWN"] = True
    order(shop, "cup")
    shop.deliveries(state="failed", wait=30)
    assert orders == {}

    hooks.config["IS_DOWN"] = False
    shop.clock.move(seconds=30)
    [delivery] = shop.deliveries(state="delivered", wait=30)
    assert [each["status"] for each in delivery["attempts"]] == [503, 204]
    assert len(orders) == 1


def test_an_order_is_given_up_and_replayed(shop: RemoteVendor, orders: dict[str, Any], hooks: Flask) -> None:
    hooks.config["IS_DOWN"] = True
    order(shop, "cup")
    for count in (1, 2):
        assert after_attempts(shop, count)["state"] == "failed"
        shop.clock.move(seconds=30)
    given_up = after_attempts(shop, 3)
    assert given_up["state"] == "given up"
    assert [each["status"] for each in given_up["attempts"]] == [503, 503, 503]

    hooks.config["IS_DOWN"] = False
    assert shop.world.replay(state="given up") == 1
    shop.deliveries(state="delivered", wait=30)
    assert len(orders) == 1


def test_an_order_that_comes_twice_is_taken_once(shop: RemoteVendor, orders: dict[str, Any]) -> None:
    order(shop, "cup")
    [delivery] = shop.deliveries(state="delivered", wait=30)
    delivery.resend()
    after_attempts(shop, 2)
    assert len(orders) == 1


def test_a_wrong_signature_is_refused_and_the_right_one_taken_later(shop: RemoteVendor, orders: dict[str, Any]) -> None:
    shop.world.faults.add("wrong_signature", times=1)
    order(shop, "cup")
    [failed] = shop.deliveries(state="failed", wait=30)
    assert (failed["attempts"][0]["status"], orders) == (401, {})

    shop.clock.move(seconds=30)
    shop.deliveries(state="delivered", wait=30)
    assert len(orders) == 1
