import json
from pathlib import Path
from typing import Any

import pytest
from connexion import AsyncApp, FlaskApp

from benchmarks.contenders import bare_app, connexion_app, spoil
from benchmarks.purchases import DIGITS, READ, SPOILT, VENDOR, Purchases
from tests.asgi import Answer, call
from understudy.app import create_app
from understudy.settings import Settings


@pytest.fixture(scope="module")
def contenders() -> dict[str, Any]:
    understudy = create_app(Settings(vendors=(VENDOR,)))
    spoil(understudy)
    return {"understudy": understudy.asgi, "flask": connexion_app(FlaskApp), "async": connexion_app(AsyncApp)}


@pytest.fixture(scope="module")
def purchases() -> Purchases:
    known = create_app(Settings(vendors=(VENDOR,))).credentials("http://127.0.0.1")[VENDOR]
    return Purchases.of(known)


@pytest.mark.parametrize("name", ["flask", "async"])
def test_contenders_read_the_same_purchase(contenders: dict[str, Any], purchases: Purchases, name: str) -> None:
    answers = [_read(contenders[each], purchases, READ) for each in ("understudy", name)]
    assert [answer.status for answer in answers] == [200, 200]
    assert answers[0].json == answers[1].json


@pytest.mark.parametrize("name", ["understudy", "flask", "async"])
def test_contenders_post_a_purchase_once(contenders: dict[str, Any], purchases: Purchases, name: str) -> None:
    body = purchases.body("TEST-ONCE")
    statuses = [
        call(contenders[name], "POST", purchases.path, headers=purchases.headers, body=body).status for _ in range(2)
    ]
    assert statuses == [200, 400]


@pytest.mark.parametrize("name", ["understudy", "flask", "async"])
def test_contenders_check_requests_and_replies(contenders: dict[str, Any], purchases: Purchases, name: str) -> None:
    app, wrong = contenders[name], purchases.body("TEST-WRONG").replace(b'"products"', b'"produce"')
    assert call(app, "POST", purchases.path, headers=purchases.headers, body=wrong).status == 400
    assert call(app, "GET", f"{purchases.path}/{READ}", headers={"api_key": "nobody"}).status == 401
    assert _read(app, purchases, SPOILT).status == 500


def test_the_bare_app_sends_what_it_was_given(tmp_path: Path) -> None:
    replies = tmp_path / "replies.json"
    replies.write_text(json.dumps({"GET": [[["content-type", "application/json"]], "{}"]}))
    answer = call(bare_app(replies), "GET", "/anything")
    assert (answer.status, answer.headers, answer.json) == (200, {"content-type": "application/json"}, {})


def test_each_posted_request_has_a_number_of_its_own(purchases: Purchases) -> None:
    first, second = (purchases.posting().numbered(number) for number in (1, 2))
    assert first != second
    assert len(first) == len(second)
    head, _, body = second.partition(b"\r\n\r\n")
    assert json.loads(body)["reference_number"].endswith("2".zfill(DIGITS))
    assert f"Content-Length: {len(body)}".encode() in head.split(b"\r\n")


def _read(app: Any, purchases: Purchases, number: str) -> Answer:
    return call(app, "GET", f"{purchases.path}/{number}", headers=purchases.headers)
