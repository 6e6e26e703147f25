"""Mistakes in Python: `Cast` and the client name what is wrong, in no exception of Python's own."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from understudy.casting import Cast, Scenario
from understudy.client import Control, RemoteVendor, RemoteWorld
from understudy.client.control import Answer
from understudy.core.misconfigured import Misconfigured

KIND = "contacthub.customers"


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"people": "3"}, "people must be a whole number, 0 or more, not '3'"),
        ({"people": -1}, "people must be"),
        ({"people": 2.5}, "people must be"),
        ({"people": True}, "people must be"),
        ({"seed": "x"}, "seed must be"),
        ({"seed": 2**63}, "seed must be"),
        ({"locales": "it_IT"}, "locales must be one or more in a list"),
        ({"locales": []}, "locales must be"),
        ({"locales": 3}, "locales must be"),
        ({"locales": ["IT_it"]}, "did you mean 'it_IT'?"),
        ({"locales": [3]}, "unknown locale 3"),
        ({"clock": "2026-01-01"}, "clock must be a datetime with its zone"),
        ({"clock": datetime(2026, 1, 1)}, "clock must be"),  # noqa: DTZ001 - that is the mistake
        ({"merchants": 0}, "set merchants to 1 or more"),
        ({"scenario": "strat"}, "did you mean 'start'?"),
    ],
    ids=str,
)
def test_a_cast_of_wrong_values_is_refused(values: dict[str, Any], text: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        Cast(**values)

    assert text in str(refused.value)


def test_values_at_their_bounds_are_taken() -> None:
    cast = Cast(people=0, seed=2**63 - 1, locales=("it_IT",), clock=datetime(2026, 1, 1, tzinfo=UTC))

    assert list(cast.people) == []
    assert len(Cast(people=1).people) == 1


@pytest.mark.parametrize("values", [{"people": "3"}, {"records": 3}, {"shares": None}, {"locales": ()}], ids=str)
def test_a_scenario_of_wrong_values_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(Misconfigured, match=next(iter(values))):
        Scenario(**values)


@pytest.mark.parametrize(
    "misuse",
    [
        lambda cast: cast["contacthub.custmers"],
        lambda cast: cast[3],
        lambda cast: cast[None],
        lambda cast: cast[KIND].only("base.emial"),
        lambda cast: cast[KIND].only(3),
        lambda cast: cast[KIND].but(base__firstName__x=1)[0],
        lambda cast: cast[KIND].save(3),
        lambda cast: cast[KIND].save("/no/such/folder/x.csv"),
        lambda cast: cast[KIND][:3].save("x.jsonl", workers=0),
        lambda cast: cast[KIND][:3].save("x.jsonl", workers="2"),
        lambda cast: cast[KIND][:3].but(base__firstName=lambda _: "Ada").save("x.jsonl", workers=2),
        lambda cast: cast[KIND][:3].but(base__firstName=object()).save("x.jsonl"),
    ],
)
def test_a_misuse_of_records_is_refused(
    misuse: Callable[[Any], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(Misconfigured):
        misuse(Cast())
    assert list(tmp_path.iterdir()) == []


class Foreign(BaseHTTPRequestHandler):
    """Server that answers every request with the same body."""

    body = b"{}"

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        self.send_response(200)
        self.send_header("content-length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - names of the standard library's

    def log_message(self, *_: Any) -> None:
        """Write nothing."""


@pytest.fixture(scope="module")
def foreign() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Foreign) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


CALLS: dict[str, Callable[[RemoteWorld], Any]] = {
    "worlds": lambda world: world.control.rows("worlds"),
    "clock": lambda world: world.clock.now(),
    "vendor": lambda world: RemoteVendor(world, "ecdp"),
    "records": lambda world: world.collection("ecdp", "customers").read(),
    "number": lambda world: len(world.collection("ecdp", "customers")),
    "variables": lambda world: world.environment("ecdp"),
}


@pytest.mark.parametrize("body", [b"[1]", b"null", b"<html>", b"\xff", b'"x"', b"3"])
@pytest.mark.parametrize("name", CALLS)
def test_another_server_is_recognised(name: str, body: bytes, foreign: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Foreign, "body", body)

    with Control(foreign) as control, pytest.raises(Misconfigured, match="does not answer as Understudy"):
        CALLS[name](RemoteWorld(control))


@pytest.mark.parametrize("name", ["clock", "records", "number"])
def test_an_answer_without_a_member_is_reported_by_its_name(name: str, foreign: str) -> None:
    with Control(foreign) as control, pytest.raises(Misconfigured, match=f"the answer of {foreign} has no"):
        CALLS[name](RemoteWorld(control))


def test_an_answer_is_a_dictionary_that_names_the_nearest_member() -> None:
    answer = Answer({"status": 200, "method": "GET"}, "http://x")

    assert answer == {"status": 200, "method": "GET"}
    assert json.loads(json.dumps(answer)) == answer
    assert answer.get("statsu") is None
    assert "statsu" not in answer
    with pytest.raises(KeyError, match="did you mean 'status'"):
        answer["statsu"]
    with pytest.raises(Misconfigured, match="no 'statsu'"):
        answer["statsu"]


def test_a_missing_credential_is_reported_with_those_that_there_are() -> None:
    credentials = Answer({"bearer": "x", "user": "y"}, "http://x", "shop.credentials")

    assert credentials["bearer"] == "x"
    with pytest.raises(Misconfigured, match=r"shop\.credentials has no 'baerer'; did you mean 'bearer'\? \(there are"):
        credentials["baerer"]
    with pytest.raises(Misconfigured, match=r"shop\.credentials has no 'zzz' \(there are bearer, user\)"):
        credentials["zzz"]


@pytest.mark.parametrize(
    "misuse",
    [
        lambda world: world.collection("ecdp", "customers").put("1", {"at": datetime.now(UTC)}),
        lambda world: world.collection("ecdp", "customers").put(1, {}),
        lambda world: world.collection("ecdp", "customers").put("", {}),
        lambda world: world.faults.add("status", status=object()),
        lambda world: world.clock.move("3d"),
        lambda world: RemoteWorld(world.control, None).show(),  # type: ignore[arg-type]
    ],
)
def test_a_misuse_of_the_client_is_refused(misuse: Callable[[RemoteWorld], Any], foreign: str) -> None:
    with Control(foreign) as control, pytest.raises(Misconfigured):
        misuse(RemoteWorld(control))


@pytest.mark.parametrize(
    "url",
    [
        "http://x:99999",
        "http://x:abc",
        "http://[::1",
        "http://x y",
        "ftp://x",
        "x",
        "",
        None,
        3,
        f"http://{'a' * 70}.example",
        "http://127.0.0.1:1",
    ],
)
def test_a_url_of_no_server_is_refused(url: Any) -> None:
    with pytest.raises(Misconfigured), Control(url) as control:
        control.get("worlds")


@pytest.mark.parametrize("token", ["a\nb", "\u2603"])
def test_a_token_that_no_header_carries_is_refused(token: str, foreign: str) -> None:
    with pytest.raises(Misconfigured, match="header"):
        Control(foreign, token)
