"""Command ``check``: callbacks and webhooks with the operations after which they are sent, and what is never sent."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.own_document import TEXT, ref
from tests.resources.sending_document import post, shop
from understudy.cli import main

URL = "{$request.body#/callbackUrl}"


def report(folder: Path, raw: Any) -> dict[str, Any]:
    path = folder / "shop.json"
    path.write_text(json.dumps(raw))
    result = CliRunner().invoke(main, ["check", str(path), "--json"], env={"UNDERSTUDY_URL": None})
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)[0]
    return found


def test_what_is_sent_is_listed_with_the_operations(tmp_path: Path) -> None:
    webhooks = {
        "order.updated": post(ref("Order")),
        "pinged": {**post(None), "put": {}, "x-understudy": {"after": ["ping"]}},
        "unheard": post(None),
        "silent": {**post(None), "x-understudy": {"after": []}},
    }
    found = report(tmp_path, shop(callbacks={"made": {URL: post(None)}}, webhooks=webhooks))

    assert found["sends"] == [
        {"kind": "callback", "name": "made", "request": f"POST {URL}", "after": "createOrder"},
        {"kind": "webhook", "name": "order.updated", "request": "POST", "after": "changeOrder, cancelOrder"},
        {"kind": "webhook", "name": "pinged", "request": "PUT, POST", "after": "ping"},
        {"kind": "webhook", "name": "unheard", "request": "POST", "after": "never"},
        {"kind": "webhook", "name": "silent", "request": "POST", "after": "never"},
    ]
    reasons = {each["place"]: each["message"] for each in found["findings"] if each["kind"] == "webhook"}
    assert reasons.keys() == {"unheard", "silent"}
    assert "x-understudy: {after: [operationId]}" in reasons["unheard"]
    assert "empty list" in reasons["silent"]


CLOSED = {"content": {"application/json": {"schema": {"type": "object", "properties": {"callbackUrl": TEXT}}}}}
NEVER = [
    ("{$request.body#/url}", {"requestBody": CLOSED}, "the request's body declares no 'url'"),
    ("{$request.body#/callbackUrl/deep}", {"requestBody": CLOSED}, ""),
    ("{$request.body#/url}", {}, ""),
    ("{$request.path.id}", {}, "the path has no parameter 'id'"),
    ("{$request.query.url}{$request.header.X}", {}, ""),
    ("{$response.body#/url}", {"responses": {"204": {"description": ""}}}, "the answer has no body"),
    ("{$url}", {}, ""),
]


@pytest.mark.parametrize(("url", "operation", "reason"), NEVER)
def test_a_callback_whose_url_no_call_can_give_is_never_sent(
    tmp_path: Path, url: str, operation: dict[str, Any], reason: str
) -> None:
    found = report(tmp_path, shop(callbacks={"made": {url: post(None)}}, **operation))
    [row] = found["sends"]
    assert row["after"] == ("never" if reason else "createOrder")
    reasons = [each["message"] for each in found["findings"] if each["kind"] == "callback"]
    assert reasons == ([f"is never sent: {reason}"] if reason else [])


def test_a_body_that_nothing_fits_is_reported(tmp_path: Path) -> None:
    none = {"type": "integer", "minimum": 5, "maximum": 4}
    found = report(tmp_path, shop(callbacks={"made": {URL: post(none)}}, webhooks={"newOrder": post(none)}))
    reasons = [each["message"] for each in found["findings"] if each["kind"] in ("callback", "webhook")]
    assert reasons == ["is not sent: no value was found that the schema of its body allows"] * 2


def test_a_document_that_sends_nothing_has_an_empty_list(tmp_path: Path) -> None:
    assert report(tmp_path, shop())["sends"] == []
