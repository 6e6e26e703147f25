"""Declared quota headers: counted down in each world, and set back by its clock."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.own_document import TEXT, OwnDocument, answer, document, ref, serve

NUMBER = {"type": "integer"}
START = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
X_NAMES = {"X_RateLimit_Limit": NUMBER, "X_RateLimit_Remaining": NUMBER, "X_RateLimit_Reset": NUMBER}


def ping(headers: dict[str, Any], *, refuses: bool = True) -> dict[str, Any]:
    responses = {"200": answer({"type": "object"}, **headers)}
    if refuses:
        responses["429"] = answer(ref("Error"), Retry_After=NUMBER, **headers)
    return document({"/ping": {"get": {"responses": responses}}})


def at_noon(served: OwnDocument) -> OwnDocument:
    served.clock.set(START, rate=0)
    return served


def shown(served: OwnDocument, name: str, **headers: str) -> str:
    return served.call("get", "/ping", **headers).headers[name]


def test_each_call_leaves_one_less(tmp_path: Path) -> None:
    served = at_noon(serve(tmp_path, ping(X_NAMES), quota=5))

    assert [shown(served, "x-ratelimit-remaining") for _ in range(3)] == ["4", "3", "2"]
    assert shown(served, "x-ratelimit-limit") == "5"


def test_the_quota_is_of_one_world(tmp_path: Path) -> None:
    served = serve(tmp_path, ping(X_NAMES), quota=5)
    served.call("get", "/ping")

    assert shown(served, "x-ratelimit-remaining", world="other") == "4"


def test_the_quota_is_full_again_an_hour_later_by_the_worlds_clock(tmp_path: Path) -> None:
    served = at_noon(serve(tmp_path, ping(X_NAMES), quota=5))
    reset = int(shown(served, "x-ratelimit-reset"))
    assert reset == int((START + timedelta(hours=1)).timestamp())

    served.clock.move(timedelta(minutes=59, seconds=59))
    assert shown(served, "x-ratelimit-remaining") == "3"
    served.clock.move(timedelta(seconds=1))
    assert shown(served, "x-ratelimit-remaining") == "4"


def test_a_call_above_the_quota_is_refused_until_then(tmp_path: Path) -> None:
    served = at_noon(serve(tmp_path, ping(X_NAMES), quota=2))
    assert [served.call("get", "/ping").status for _ in range(2)] == [200, 200]

    refused = served.call("get", "/ping")

    assert (refused.status, refused.json["message"]) == (429, "the quota of 2 calls an hour is used up")
    assert (refused.headers["x-ratelimit-remaining"], refused.headers["retry-after"]) == ("0", "3600")
    served.clock.move(timedelta(hours=1))
    assert served.call("get", "/ping").status == 200


def test_no_call_is_refused_where_429_is_not_declared(tmp_path: Path) -> None:
    served = at_noon(serve(tmp_path, ping(X_NAMES, refuses=False), quota=1))

    assert [shown(served, "x-ratelimit-remaining") for _ in range(3)] == ["0", "0", "0"]


def test_no_test_uses_up_the_usual_quota(tmp_path: Path) -> None:
    assert int(shown(serve(tmp_path, ping(X_NAMES)), "x-ratelimit-remaining")) == 999_999


@pytest.mark.parametrize(
    ("name", "schema", "text"),
    [
        ("RateLimit-Limit", NUMBER, "5"),
        ("RateLimit-Remaining", NUMBER, "4"),
        ("RateLimit-Reset", NUMBER, "3600"),
        ("ratelimit-reset", {**NUMBER, "example": 1444931833}, "1772370000"),
        ("X-RateLimit-Reset", {"type": "string", "format": "date-time"}, "2026-03-01T13:00:00Z"),
        ("X-RateLimit-Reset", {**NUMBER, "example": 42}, "3600"),
        ("X-Rate-Limit", NUMBER, "5"),
        ("X-Rate-Limit-Remaining", NUMBER, "4"),
        ("X-RateLimit-Used", NUMBER, "1"),
        ("Shop-RateLimit-Remaining", NUMBER, "4"),
        ("RateLimit", TEXT, '"default";r=4;t=3600'),
        ("RateLimit", {**TEXT, "example": "limit=9, remaining=8, reset=7"}, "limit=5, remaining=4, reset=3600"),
        ("RateLimit-Policy", TEXT, '"default";q=5;w=3600'),
    ],
)
def test_each_header_has_the_form_of_its_name_and_schema(tmp_path: Path, name: str, schema: Any, text: str) -> None:
    served = at_noon(serve(tmp_path, ping({name: schema}), quota=5))

    assert shown(served, name.lower()) == text


@pytest.mark.parametrize("name", ["X-Limit", "X-Rate", "Remaining"])
def test_a_header_of_another_name_is_not_sent(tmp_path: Path, name: str) -> None:
    assert name.lower() not in serve(tmp_path, ping({name: NUMBER})).call("get", "/ping").headers
