import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from connexion import AsyncApp, FlaskApp

from benchmarks.contenders import bare_app, connexion_app
from benchmarks.pairs import INVALID, PAIRS, Client, create_with_invalid
from benchmarks.templates import DIGITS
from tests.asgi import Answer, call
from understudy.settings import Settings


@dataclass(frozen=True, slots=True)
class Field:
    apps: Mapping[str, Any]
    client: Client

    def read(self, name: str, key: str) -> Answer:
        return call(self.apps[name], "GET", f"{self.client.path}/{key}", headers=self.client.headers)

    def post(self, name: str, body: bytes) -> Answer:
        return call(self.apps[name], "POST", self.client.path, headers=self.client.headers, body=body)


@pytest.fixture(scope="module", params=list(PAIRS.values()), ids=list(PAIRS))
def field(request: pytest.FixtureRequest) -> Field:
    pair = request.param
    understudy = create_with_invalid(pair, Settings(vendors=(pair.vendor,)))
    apps = {
        "understudy": understudy.asgi,
        "flask": connexion_app(FlaskApp, pair),
        "async": connexion_app(AsyncApp, pair),
    }
    return Field(apps, Client.of(pair, understudy))


@pytest.mark.parametrize("name", ["flask", "async"])
def test_contenders_read_the_same(field: Field, name: str) -> None:
    answers = [field.read(each, field.client.pair.existing) for each in ("understudy", name)]
    assert [answer.status for answer in answers] == [200, 200]
    assert answers[0].json == answers[1].json


@pytest.mark.parametrize("name", ["understudy", "flask", "async"])
def test_contenders_post_a_number_once(field: Field, name: str) -> None:
    body = field.client.body("0" * DIGITS)
    assert [field.post(name, body).status for _ in range(2)] == [field.client.pair.posted_status, 400]
    address = field.client.address()
    assert call(field.apps[name], "GET", address, headers=field.client.headers).status == 200


@pytest.mark.parametrize("name", ["understudy", "flask", "async"])
def test_contenders_check_requests_and_replies(field: Field, name: str) -> None:
    assert field.post(name, field.client.broken_body()).status == 400
    assert call(field.apps[name], "GET", field.client.address(), headers=field.client.unknown_headers).status == 401
    assert field.read(name, INVALID).status == 500


def test_the_bare_app_sends_what_it_was_given(tmp_path: Path) -> None:
    replies = tmp_path / "replies.json"
    replies.write_text(json.dumps({"GET": [201, [["content-type", "application/json"]], "{}"]}))
    answer = call(bare_app(replies), "GET", "/anything")
    assert (answer.status, answer.headers, answer.json) == (201, {"content-type": "application/json"}, {})


def test_each_posted_request_has_a_number_of_its_own(field: Field) -> None:
    first, second = (field.client.posting().numbered(number) for number in (1, 2))
    assert first != second
    assert len(first) == len(second)
    head, _, body = second.partition(b"\r\n\r\n")
    assert json.loads(body)[field.client.pair.key].endswith("2".zfill(DIGITS))
    assert f"Content-Length: {len(body)}".encode() in head.split(b"\r\n")


def test_reading_goes_round(field: Field) -> None:
    reading, reads = field.client.reading(), field.client.pair.reads
    addresses = {reading.numbered(number).split()[1].decode() for number in range(3 * reads + 1)}
    assert len(addresses) == max(reads, 1)
    assert field.client.address() in addresses
