"""Absolute URLs in answers: they are those by which the client of the request reaches the server."""

from pathlib import Path

import pytest

from understudy.app import Understudy, create_app
from understudy.http.own_urls import url_builder
from understudy.http.vendor_mount import Scope
from understudy.settings import Settings

ID = "5f0d2c7a91be4e6c8d3a7b1420c9e8f6"


@pytest.fixture(scope="module")
def understudy() -> Understudy:
    return create_app(Settings(vendors=("capillary",)))


def url(understudy: Understudy, raw_path: str, host: str, scheme: str = "http", server: object = ("::1", 81)) -> str:
    scope: Scope = {"scheme": scheme, "raw_path": raw_path.encode(), "server": server}
    path = raw_path.removeprefix("/@a-world")
    path = path if path.startswith("/capillary") else f"/capillary{path}"
    document = understudy.vendors["capillary"].document
    return url_builder(document, path, scope, {b"host": host.encode()})("push_occurrence", webhookId=ID)


@pytest.mark.parametrize(
    ("raw_path", "host", "scheme", "start"),
    [
        ("/capillary/v2/events/webhooks", "127.0.0.1:8080", "http", "http://127.0.0.1:8080/capillary"),
        ("/@a-world/capillary/v2/events/webhooks", "localhost:1", "https", "https://localhost:1/@a-world/capillary"),
        ("/v2/events/webhooks", "eu.api.capillarytech.com", "https", "https://eu.api.capillarytech.com"),
        ("/@a-world/v2/events/webhook", "eu.api.capillarytech.com", "http", "http://eu.api.capillarytech.com/@a-world"),
        ("/capillary/v2/events/webhooks", "[::1]:8080", "http", "http://[::1]:8080/capillary"),
    ],
)
def test_a_url_has_the_scheme_host_world_and_mount_of_the_request(
    understudy: Understudy, raw_path: str, host: str, scheme: str, start: str
) -> None:
    assert url(understudy, raw_path, host, scheme) == f"{start}/v2/events/webhook/{ID}/push"


@pytest.mark.parametrize("host", ["", "a b", "a@b", "a/b", "host:port", "host:99999", "<x>", "[::1", "ü"])
def test_a_host_that_cannot_be_in_a_url_is_replaced_by_the_servers(understudy: Understudy, host: str) -> None:
    assert url(understudy, "/capillary/v2/events/webhooks", host).startswith("http://[::1]:81/capillary/")


@pytest.mark.parametrize(("server", "host"), [(None, "localhost"), (("127.0.0.1", None), "127.0.0.1")])
def test_a_server_without_a_port_is_named_without(understudy: Understudy, server: object, host: str) -> None:
    assert url(understudy, "/capillary/v2/events/webhooks", "", server=server).startswith(f"http://{host}/capillary/")


def test_a_url_follows_an_operation_that_was_moved(tmp_path: Path) -> None:
    moves = tmp_path / "remap.yaml"
    moves.write_text("push_occurrence: POST /eucrm/webhooks/{webhookId}\n")
    moved = create_app(Settings(vendors=("capillary",), remap=moves))

    assert url(moved, "/capillary/v2/events/webhooks", "h") == f"http://h/capillary/eucrm/webhooks/{ID}"
