"""Deliveries through the control API: listed, narrowed, sent again, and given rules."""

from typing import Any

import pytest

from tests.control.conftest import Steering
from tests.control.conftest import steering as steering  # noqa: PLC0414 - for pytest's look-up
from understudy.state.outbox import Outbox

PATH = "/worlds/{world}/deliveries"
SETTINGS = f"{PATH}/settings"
HOOK = "https://shop.example/hook"
TARGET = "http://127.0.0.1:9/"
FROZEN = {"now": "2026-03-01T12:00:00Z", "rate": 0}
DOWN = {"at": "2026-03-01T12:00:00.000000Z", "status": 503, "milliseconds": None, "error": "down", "fault": ""}


@pytest.fixture(autouse=True)
def _frozen(steering: Steering) -> None:
    steering.ask("PUT", "/worlds/{world}/clock", FROZEN)


def outbox(steering: Steering, vendor: str = "twc") -> Outbox:
    return steering.world.vendors[vendor].outbox


def ids(steering: Steering, query: str = "") -> list[str]:
    return [each["id"] for each in steering.get(f"{PATH}{query}")["deliveries"]]


def test_a_delivery_is_shown_with_its_cause_target_and_attempts(steering: Steering) -> None:
    key = outbox(steering).add(
        "webhook",
        HOOK,
        {"n": 1},
        because={"collection": "events", "id": "e1"},
        headers={"Authorization": "Bearer secret", "X-Kind": "new"},
    )
    outbox(steering).record_attempt(key, DOWN)
    steering.ask("PUT", SETTINGS, {"deliveries": [{"destination": "https://shop.*", "target": TARGET}]})

    assert steering.get(f"{PATH}/{key}") == {
        "id": "twc-1",
        "vendor": "twc",
        "kind": "webhook",
        "destination": HOOK,
        "target": TARGET,
        "method": "POST",
        "operation": "",
        "because": {"collection": "events", "id": "e1"},
        "body": {"n": 1},
        "headers": {"Authorization": "(hidden)", "X-Kind": "new"},
        "attributes": {},
        "group": "",
        "created": "2026-03-01T12:00:00.000000Z",
        "state": "given up",
        "attempts": [DOWN],
        "next_at": None,
    }
    assert steering.get(f"{PATH}/{key}?reveal=true")["headers"]["Authorization"] == "Bearer secret"
    assert steering.get(f"{PATH}?reveal=true")["deliveries"][0]["headers"]["Authorization"] == "Bearer secret"


def test_deliveries_of_all_vendors_are_in_the_order_of_their_times(steering: Steering) -> None:
    for vendor in ("twc", "crmcom", "twc"):
        outbox(steering, vendor).add("webhook", HOOK, {})
        steering.ask("POST", "/worlds/{world}/clock/move", {"seconds": 1})

    assert ids(steering) == ["twc-1", "crmcom-1", "twc-2"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?vendor=twc", ["twc-1", "twc-2"]),
        ("?kind=sqs", ["twc-2"]),
        ("?destination=https://*", ["twc-1", "crmcom-1"]),
        ("?destination=https://", []),
        ("?state=given%20up", ["twc-1"]),
        ("?state=pending", ["crmcom-1", "twc-2"]),
        ("?since=2026-03-01T12:00:01Z", ["crmcom-1", "twc-2"]),
        ("?until=2026-03-01T12:00:01Z", ["twc-1"]),
        ("?limit=1", ["twc-1"]),
        ("?offset=1&limit=1", ["crmcom-1"]),
        ("?offset=3", []),
    ],
)
def test_the_list_is_narrowed(steering: Steering, query: str, expected: list[str]) -> None:
    outbox(steering).record_attempt(outbox(steering).add("webhook", HOOK, {}), DOWN)
    steering.ask("POST", "/worlds/{world}/clock/move", {"seconds": 1})
    outbox(steering, "crmcom").add("webhook", HOOK, {})
    steering.ask("POST", "/worlds/{world}/clock/move", {"seconds": 1})
    outbox(steering).add("sqs", "https:queue", {})
    if query.startswith("?destination"):
        query = query.replace("https://*", "https://%2A")

    assert ids(steering, query) == expected


def test_what_jobs_send_is_a_delivery_too(steering: Steering) -> None:
    body = {"notification": "REMINDER", "schedule": "0 9 * * *", "number_of_items_in_email": 3}
    path = "/services/eventcollector/api/v1/jobs"
    job = steering.call_vendor("twc", "POST", path, body, **{"X-TWC-Tenant": "understudy"}).json["id"]
    steering.ask("POST", "/worlds/{world}/clock/move", {"days": 30})
    found = [
        each
        for each in steering.get(f"{PATH}?vendor=twc")["deliveries"]
        if each["because"] == {"collection": "jobs", "id": job}
    ]

    assert [each["created"][:13] for each in found] == [
        *(f"2026-03-{day:02}T09" for day in range(2, 32)),
    ]
    assert {each["destination"] for each in found} == {"twc:REMINDER"}
    assert len([each for each in steering.get("/worlds/{world}/sent") if each["what"]["job_id"] == job]) == 30


def test_a_delivery_is_sent_again(steering: Steering) -> None:
    key = outbox(steering).add("webhook", HOOK, {})
    outbox(steering).record_attempt(key, DOWN)
    steering.ask("POST", "/worlds/{world}/clock/move", {"hours": 1})
    found = steering.post(f"{PATH}/{key}/resend")

    assert (found["state"], found["next_at"], found["attempts"]) == ("pending", "2026-03-01T13:00:00.000000Z", [DOWN])


def test_those_that_fit_are_replayed(steering: Steering) -> None:
    for vendor in ("twc", "crmcom", "twc"):
        outbox(steering, vendor).record_attempt(outbox(steering, vendor).add("webhook", HOOK, {}), DOWN)

    assert steering.post(f"{PATH}/replay", {"vendor": "twc", "state": "given up"}) == {"resent": 2}
    assert ids(steering, "?state=pending") == ["twc-1", "twc-2"]
    assert steering.post(f"{PATH}/replay", {}) == {"resent": 3}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_delivery_is_not_found(steering: Steering, method: str) -> None:
    answer = steering.ask(method, f"{PATH}/twc-9{'/resend' if method == 'POST' else ''}")

    assert (answer.status, answer.json["title"]) == (404, "there is no delivery 'twc-9'")


@pytest.mark.parametrize("body", [{"vendor": "tcw"}, {"state": "lost"}, {"vendors": "twc"}])
def test_an_unknown_pattern_replays_nothing(steering: Steering, body: Any) -> None:
    outbox(steering).record_attempt(outbox(steering).add("webhook", HOOK, {}), DOWN)

    assert steering.ask("POST", f"{PATH}/replay", body).status == 400
    assert ids(steering, "?state=pending") == []


@pytest.mark.parametrize("query", ["?vendor=tcw", "?state=lost", "?stat=failed", "?limit=0"])
def test_an_unknown_question_is_refused(steering: Steering, query: str) -> None:
    assert steering.ask("GET", PATH + query).status == 400


def test_rules_are_set_shown_and_part_of_a_snapshot(steering: Steering) -> None:
    rules = [
        {"destination": "*", "target": TARGET, "ordered": True, "retries": {"attempts": 2, "backoff": [5, 60]}},
        {"destination": "x", "target": None},
    ]
    assert steering.ask("PUT", SETTINGS, {"deliveries": rules}).json == {"deliveries": rules, "server": []}
    snapshot = steering.get("/worlds/{world}/snapshot")
    steering.ask("PUT", SETTINGS, {"deliveries": []})

    assert "deliveries" not in steering.get("/worlds/{world}/snapshot")
    assert steering.get(SETTINGS)["deliveries"] == []

    steering.post("/worlds/{world}/restore", snapshot)
    assert steering.get(SETTINGS)["deliveries"] == rules

    steering.post("/worlds/{world}/reset")
    assert steering.get(SETTINGS)["deliveries"] == []


def test_credentials_of_rules_are_not_shown_and_not_set_as_they_are_shown(steering: Steering) -> None:
    rule = {"destination": "*", "target": TARGET, "signing": {"scheme": "bearer", "token": "whsec_a"}}
    shown = steering.ask("PUT", SETTINGS, {"deliveries": [rule]}).json["deliveries"]

    assert shown[0]["signing"] == {"scheme": "bearer", "token": "(hidden)"}
    assert "whsec_a" not in steering.ask("GET", SETTINGS).body.decode()
    answer = steering.ask("PUT", SETTINGS, {"deliveries": shown})
    assert answer.status == 422
    assert "give it anew" in answer.json["title"]


@pytest.mark.parametrize(
    ("rule", "title"),
    [
        ({"destination": "*", "target": "http://example.com/"}, "deliveries/0/target: the host example.com is not"),
        ({"destination": "*", "target": "http://127.0.0.1.example.com/"}, "deliveries/0/target: the host 127.0.0.1.ex"),
        ({"destination": "*", "target": "http://2130706433/"}, "deliveries/0/target: the host 2130706433 is not"),
        (
            {"destination": "*", "target": "http://user:pw@127.0.0.1/"},
            "deliveries/0/target: the target on 127",
        ),
        ({"destination": "*", "target": "ftp://127.0.0.1/"}, "deliveries/0/target: 'ftp://127.0.0.1/' is no target"),
        ({"destination": "*", "target": TARGET, "orderd": True}, "deliveries/0/orderd: a rule has an unknown key 'ord"),
        (
            {"destination": "*", "target": TARGET, "retries": {"backof": [1]}},
            "deliveries/0/retries/backof: retries has an unknown key 'backof'; did you mean 'backoff'?",
        ),
        (
            {"destination": "*", "target": TARGET, "retries": {"backoff": [1, -1]}},
            "deliveries/0/retries/backoff: a wait of backoff must be a number from 0 to",
        ),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused(steering: Steering, rule: Any, title: str) -> None:
    answer = steering.ask("PUT", SETTINGS, {"deliveries": [rule]})

    assert answer.status == 422
    assert answer.json["title"].startswith(title)
    assert steering.get(SETTINGS)["deliveries"] == []


def test_a_snapshot_with_a_target_elsewhere_is_refused(steering: Steering) -> None:
    steering.world.deliveries = ({"destination": "*", "target": "https://sqs.example.com/"},)
    snapshot = steering.get("/worlds/{world}/snapshot")
    answer = steering.ask("POST", "/worlds/{world}/restore", snapshot)

    assert answer.status == 422
    assert answer.json["title"].startswith("deliveries/0/target: the host sqs.example.com is not this machine")


def test_the_records_of_the_outbox_are_not_changed_past_the_deliveries(steering: Steering) -> None:
    key = outbox(steering).add("webhook", HOOK, {})
    for method, path in (("GET", ""), ("GET", f"/{key}"), ("PUT", f"/{key}"), ("DELETE", f"/{key}")):
        body = {"id": key} if method == "PUT" else None
        assert steering.ask(method, f"/worlds/{{world}}/collections/twc/@outbox{path}", body).status == 404

    assert ids(steering) == [key]
