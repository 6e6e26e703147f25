"""Settings of a scenario that choose between two readings of Contacthub, over the whole pipeline of a request."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.asgi import Answer, call
from tests.vendors.contacthub.calls import CUSTOMER, NODE, WORKSPACE
from understudy.app import create_app
from understudy.settings import Settings

Ask = Callable[..., Answer]

BASE = f"/contacthub/hub/v1/workspaces/{WORKSPACE}"
TOKEN = "5f1d3c9b7a2e4860c1f5d7e9a3b80246c8e0f2a4b6d81357f9e1c3a5d7b90824"
NUMERIC = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000"
SAME_TIME = ("+0000", ".000+0000", "Z", ".0Z", "+00:00", ".000000+00:00")


def asks(tmp_path: Path, **settings: str) -> Ask:
    """Return a function that sends a request to a new app whose scenario has these settings."""
    scenario = tmp_path / f"own{len(settings)}.yaml"
    content = {"people": 10, "clock": "2026-01-31T12:00:00Z", "settings": {"contacthub": settings}}
    scenario.write_text(json.dumps(content), encoding="utf-8")
    app = create_app(Settings(vendors=("contacthub",), scenario=scenario)).asgi

    def ask(method: str, path: str, body: Any = None) -> Answer:
        headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
        return call(app, method, BASE + path, headers=headers, body=b"" if body is None else json.dumps(body).encode())

    return ask


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Requests to an app with the default settings."""
    return asks(tmp_path)


def times(value: Any) -> list[str]:
    """Return all texts in a JSON value that begin as a time does."""
    if isinstance(value, dict):
        return [text for part in value.values() for text in times(part)]
    if isinstance(value, list):
        return [text for part in value for text in times(part)]
    return [value] if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value) else []


EVERY_KIND_OF_ANSWER = (
    "/customers?nodeId=" + NODE,
    f"/customers/{CUSTOMER}",
    f"/events?nodeId={NODE}",
    "/updates",
    "/consent-logs",
    "/stats/customers/creation-date",
    f"/nodes/{NODE}/bulk-jobs",
    "/configuration/users",
)


@pytest.mark.parametrize("path", EVERY_KIND_OF_ANSWER)
def test_times_are_answered_in_the_form_that_every_public_library_parses(ask: Ask, path: str) -> None:
    answer = ask("GET", path)
    found = times(answer.json)
    assert answer.status == 200
    assert [text for text in found if not re.fullmatch(NUMERIC, text)] == []


@pytest.mark.parametrize("path", EVERY_KIND_OF_ANSWER)
def test_a_setting_answers_times_that_end_in_z(ask: Ask, tmp_path: Path, path: str) -> None:
    answer = asks(tmp_path, times="rfc3339")("GET", path)
    plain = ask("GET", path)
    assert len(times(answer.json)) == len(times(plain.json))
    assert [text for text in times(answer.json) if not re.fullmatch(NUMERIC[:-6] + "Z", text)] == []


def test_a_setting_leaves_what_a_client_sent_as_free_text(tmp_path: Path) -> None:
    ask = asks(tmp_path, times="rfc3339")
    note = "2026-01-02T03:04:05.678+0000"
    ask("PATCH", f"/customers/{CUSTOMER}", {"extra": note, "base": {"firstName": note}})
    customer = ask("GET", f"/customers/{CUSTOMER}").json
    assert (customer["extra"], customer["base"]["firstName"]) == (note, note)


@pytest.mark.parametrize("end", SAME_TIME)
def test_a_time_that_is_sent_is_read_in_every_form(ask: Ask, end: str) -> None:
    like = {"id": "l", "name": "tea", "category": "food", "createdTime": f"2017-03-09T11:31:31{end}"}
    changed = ask("PATCH", f"/customers/{CUSTOMER}", {"base": {"likes": [like]}}).json
    assert changed["base"]["likes"][0]["createdTime"] == "2017-03-09T11:31:31.000+0000"


@pytest.mark.parametrize("end", [*SAME_TIME, "+01:00", "-0130"])
@pytest.mark.parametrize("name", ["start", "end"])
def test_the_range_of_analytics_is_read_in_every_form(ask: Ask, name: str, end: str) -> None:
    asked = quote(f"{'2025' if name == 'start' else '2999'}-03-09T11:31:31{end}", safe="")
    answer = ask("GET", f"/stats/customers/creation-date?{name}={asked}")
    assert (answer.status, len(times(answer.json["parameters"]))) == (200, 2), answer.body


@pytest.mark.parametrize(
    "text", ["2025-03-09", "2025-03-09T11:31:31", "2025-03-09T11:31:31 0000", "2025-02-30T00:00:00Z"]
)
def test_the_range_of_analytics_refuses_other_texts(ask: Ask, text: str) -> None:
    answer = ask("GET", f"/stats/customers/creation-date?start={quote(text)}")
    assert (answer.status, answer.json["errors"][0]["path"]) == (400, "/start")


def test_a_put_clears_what_it_lacks_if_the_setting_asks_for_it(ask: Ask, tmp_path: Path) -> None:
    other = asks(tmp_path, customer_put="clear missing")
    body = {"nodeId": NODE, "base": {"contacts": ask("GET", f"/customers/{CUSTOMER}").json["base"]["contacts"]}}
    kept, cleared = (each("PUT", f"/customers/{CUSTOMER}", body).json for each in (ask, other))
    assert (kept["base"]["firstName"] is None, cleared["base"]["firstName"]) == (False, None)
