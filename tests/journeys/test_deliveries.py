"""Deliveries over real HTTP: a server that delivers to a consumer, steered by the client."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acme import serving
from tests.conftest import StandIn
from tests.deliveries.consumer import Consumer, consuming
from understudy.app import create_app
from understudy.client import Control, Declined, RemoteVendor, RemoteWorld, UnknownKeyword
from understudy.core.misconfigured import Misconfigured
from understudy.settings import Settings

HOOK = "https://shop.example/hook"


@pytest.fixture
def remote(stand_in: StandIn) -> Iterator[RemoteWorld]:
    with Control(stand_in.root, "") as control:
        world = RemoteWorld(control, stand_in.world.name)
        world.clock.freeze("2026-03-01T12:00:00Z")
        yield world


@pytest.fixture
def consumer() -> Iterator[Consumer]:
    with consuming() as found:
        yield found


def deliver_to(remote: RemoteWorld, consumer: Consumer, **rule: Any) -> None:
    remote.set_delivery_rules([{"destination": "*", "target": f"{consumer.url}/hook", **rule}])


def make_job(stand_in: StandIn, schedule: str) -> str:
    twc = stand_in.credentials("twc")
    answer = httpx.post(
        f"{twc['base_url']}/services/eventcollector/api/v1/jobs",
        json={"notification": "REMINDER", "schedule": schedule, "number_of_items_in_email": 3},
        headers={"Authorization": f"Bearer {token(stand_in)}", "X-TWC-Tenant": "understudy"},
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def token(stand_in: StandIn) -> str:
    served = stand_in.understudy.vendors["twc"].vendor
    assert served.sign_in
    return served.sign_in(stand_in.world.vendors["twc"])["Authorization"].removeprefix("Bearer ")


def test_a_month_passed_by_the_clock_is_a_month_of_deliveries_in_order(
    stand_in: StandIn, remote: RemoteWorld, consumer: Consumer
) -> None:
    deliver_to(remote, consumer, ordered=True)
    job = make_job(stand_in, "0 9 * * *")
    remote.clock.move(days=31)
    count = len(remote.deliveries())
    found = remote.deliveries(state="delivered", wait=20, at_least=count)
    messages = RemoteVendor(remote, "twc").sent(matching={"what": {"job_id": job}})

    days = [*(f"2026-03-{day:02}" for day in range(2, 32)), "2026-04-01"]
    assert [each["created"][:10] for each in found if each["body"]["job_id"] == job] == days
    assert [each["at"] for each in messages] == [f"{day}T09:00:00Z" for day in days]
    for kind in ("REMINDER", "PRICE_DROP"):
        received = [body for body in consumer.bodies if body["notification"] == kind]
        assert received == [each["body"] for each in found if each["destination"] == f"twc:{kind}"]
    assert len(consumer.bodies) == count > 31


def test_a_delivery_that_fails_is_tried_again_given_up_and_sent_by_hand(
    stand_in: StandIn, remote: RemoteWorld, consumer: Consumer
) -> None:
    consumer.answer = lambda _: 503
    deliver_to(remote, consumer, retries={"attempts": 2, "backoff": [60]})
    make_job(stand_in, "0 9 1 4 *")
    remote.clock.move(days=40)
    twc = RemoteVendor(remote, "twc")
    [failed] = twc.deliveries(state="failed", wait=10, destination="twc:REMINDER", since="2026-04-01T00:00:00Z")[:1]
    assert failed["attempts"][0]["error"] == "the target answers 503 Service Unavailable"

    remote.clock.move(seconds=60)
    [given_up] = twc.deliveries(state="given up", wait=10, since="2026-04-01T09:00:00Z")[:1]
    assert len(given_up["attempts"]) == 2

    consumer.answer = lambda _: 200
    given_up.resend()
    assert twc.deliveries(state="delivered", wait=10)[0]["id"] == given_up["id"]
    assert [each["status"] for each in given_up.show()["attempts"]] == [503, 503, 200]
    with pytest.raises(Misconfigured, match="has no 'stat'; did you mean 'state'"):
        given_up["stat"]


def test_those_given_up_are_replayed(stand_in: StandIn, remote: RemoteWorld, consumer: Consumer) -> None:
    consumer.answer = lambda _: 500
    deliver_to(remote, consumer, retries={"attempts": 1})
    make_job(stand_in, "0 9 * * *")
    remote.clock.move(days=5)
    count = len(remote.vendor("twc").sent())
    assert len(remote.deliveries(state="given up", wait=10, at_least=count)) == count >= 5
    consumer.answer = lambda _: 204

    assert remote.replay(state="given up", vendor="twc") == count
    assert len(remote.deliveries(state="delivered", wait=10, at_least=count)) == count
    assert remote.deliveries(state="given up") == []


def test_a_message_is_waited_for(stand_in: StandIn, remote: RemoteWorld) -> None:
    state = stand_in.world.vendors["twc"]
    timer = threading.Timer(0.2, lambda: state.outbox.add("webhook", HOOK, {"n": 1}))
    timer.start()
    twc = RemoteVendor(remote, "twc")

    assert twc.sent() == []
    [found] = twc.sent(wait=10, matching=lambda message: message["what"].get("n") == 1)
    assert found == {"vendor": "twc", "at": "2026-03-01T12:00:00Z", "kind": "webhook", "what": {"n": 1}}
    assert twc.sent(matching={"what": {"n": 2}}) == []
    assert twc.sent(matching={"kind": "webhook", "what": {}}) == [found]
    started = time.monotonic()
    assert twc.sent(wait=0.1, at_least=2) == [found]
    assert time.monotonic() - started >= 0.1


@pytest.mark.parametrize(
    ("ask", "error", "words"),
    [
        (lambda twc: twc.sent(wiat=1), UnknownKeyword, "did you mean 'wait'"),
        (lambda twc: twc.sent(wait=-1), Misconfigured, "wait is -1: give a number, 0 or more"),
        (lambda twc: twc.sent(wait=True), Misconfigured, "wait is True"),
        (lambda twc: twc.sent(at_least=2), Misconfigured, "at_least has no use without wait"),
        (lambda twc: twc.sent(matching={"job_id": "x"}), Misconfigured, "no message has 'job_id'"),
        (lambda twc: twc.sent(matching="REMINDER"), Misconfigured, "matching is 'REMINDER': give an object"),
        (lambda twc: twc.deliveries(stat="failed"), UnknownKeyword, "did you mean 'state'"),
        (lambda twc: twc.deliveries(state="lost"), Declined, "delivered"),
        (lambda twc: twc.deliveries(vendor="crmcom"), Misconfigured, "these are deliveries of twc"),
        (lambda twc: twc.world.replay(stat="failed"), UnknownKeyword, "did you mean 'state'"),
        (lambda twc: twc.world.replay(vendor="tcw"), Declined, "did you mean 'twc'"),
        (lambda twc: twc.world.set_delivery_rules({}), Misconfigured, "takes a list of rules"),
        (lambda twc: twc.world.set_delivery_rules([{"destination": "*"}]), Declined, "target"),
    ],
)
def test_a_mistaken_question_is_refused_with_the_right_one(
    remote: RemoteWorld, ask: Any, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        ask(RemoteVendor(remote, "twc"))


def test_a_restart_from_a_snapshot_goes_on_with_what_was_not_delivered(consumer: Consumer) -> None:
    consumer.answer = lambda _: 503
    app = create_app(Settings())
    with serving(app) as root, Control(root) as control:
        world = RemoteWorld(control)
        world.clock.freeze("2026-03-01T12:00:00Z")
        deliver_to(world, consumer, retries={"attempts": 3, "backoff": [60]})
        app.worlds.get_or_create().vendors["twc"].outbox.add("webhook", HOOK, {"n": 1})
        assert world.deliveries(state="failed", wait=10)
        snapshot = world.snapshot()
    consumer.answer = lambda _: 204

    with serving(create_app(Settings())) as root, Control(root) as control:
        world = RemoteWorld(control)
        world.restore(snapshot)
        assert world.deliveries(state="failed")
        world.clock.move(seconds=60)
        [found] = world.deliveries(state="delivered", wait=10)

    assert (found["body"], len(found["attempts"])) == ({"n": 1}, 2)
    assert consumer.bodies == [{"n": 1}, {"n": 1}]


def test_the_rules_of_a_server_are_those_of_its_options(consumer: Consumer) -> None:
    app = create_app(Settings(deliver=(("https://shop.*", consumer.url),)))
    with serving(app) as root, Control(root) as control:
        world = RemoteWorld(control, "another")
        world.create()
        app.worlds.get_or_create("another").vendors["twc"].outbox.add("webhook", HOOK, {"n": 1})
        app.worlds.get_or_create("another").vendors["twc"].outbox.add("webhook", "https://other.example", {"n": 2})
        [found] = world.deliveries(state="delivered", wait=10)

        assert found["target"] == consumer.url
        assert [each["target"] for each in world.deliveries(state="pending")] == [None]
        assert control.get("worlds", "another", "deliveries", "settings")["server"] == [
            {"destination": "https://shop.*", "target": consumer.url}
        ]


def test_a_target_of_an_option_on_another_host_stops_the_start() -> None:
    with pytest.raises(Misconfigured, match=r"--deliver \*=http://consumer/: the host consumer is not this"):
        create_app(Settings(deliver=(("*", "http://consumer/"),)))
    assert create_app(Settings(deliver=(("*", "http://consumer/"),), deliver_hosts=("consumer",))).deliveries.rules


SCENARIO = """
deliveries:
  - destination: https://shop.example/*
    target: {target}
    ordered: true
    retries:
      attempts: 2
      backoff: {{first: 5, factor: 2, max: 60}}
"""


def test_the_rules_of_a_scenario_are_those_of_its_worlds(tmp_path: Path, consumer: Consumer) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(SCENARIO.format(target=consumer.url))
    app = create_app(Settings(scenario=path))
    with serving(app) as root, Control(root) as control:
        world = RemoteWorld(control)
        app.worlds.get_or_create().vendors["twc"].outbox.add("webhook", HOOK, {"n": 1})
        assert world.deliveries(state="delivered", wait=10)
        assert world.delivery_rules() == [
            {
                "destination": "https://shop.example/*",
                "target": consumer.url,
                "ordered": True,
                "retries": {"attempts": 2, "backoff": {"first": 5, "factor": 2, "max": 60}},
            }
        ]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("deliveries: 5", ":1: deliveries: must be a list of rules"),
        ("seed: 1\ndeliveries:\n- {destination: x}", ":3: deliveries: a rule needs a target"),
        (
            "deliveries:\n- destination: x\n  target: http://127.0.0.1/\n  oredred: true",
            ":4: deliveries: a rule has an unknown key 'oredred'; did you mean 'ordered'?",
        ),
        (
            "deliveries:\n- destination: x\n  target: http://127.0.0.1/\n  retries:\n    backoff:\n      fist: 1",
            ":6: deliveries: backoff has an unknown key 'fist'; did you mean 'first'?",
        ),
        (
            "deliveries:\n- destination: x\n  retries: {attempts: 0}\n  target: http://127.0.0.1/",
            ":3: deliveries: attempts must be a whole number from 1 to 100, not 0",
        ),
        ("deliveries:\n- destination: x\n  target: http://elsewhere/", ":3: deliveries: the host elsewhere is not"),
        ("deliveries:\n- destination: x\n  target: elsewhere", ":3: deliveries: 'elsewhere' is no target: write it as"),
    ],
)
def test_a_mistake_in_a_scenarios_rules_names_its_line(tmp_path: Path, text: str, error: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(Misconfigured) as raised:
        create_app(Settings(scenario=path))

    assert str(raised.value).startswith(f"{path}{error}")
