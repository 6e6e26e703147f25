"""Command ``deliveries``: lists, shows, and sends again."""

import pytest

from tests.commands.test_steering import Terminal, assert_refused
from tests.commands.test_steering import terminal as terminal  # noqa: PLC0414 - a fixture of another file

DOWN = {
    "at": "2026-03-01T12:00:00.000000Z",
    "status": 503,
    "milliseconds": None,
    "error": "the target answers 503 Service Unavailable",
    "fault": "",
}


@pytest.fixture
def failed(terminal: Terminal) -> str:
    """Id of a delivery that was given up."""
    terminal.output("clock", "freeze", "2026-03-01T12:00:00Z")
    outbox = terminal.stand_in.world.vendors["crmcom"].outbox
    key = outbox.add("webhook", "https://shop.example/hook", {"n": 1}, headers={"Authorization": "Bearer secret"})
    outbox.record_attempt(key, DOWN)
    return key


def test_deliveries_are_listed_with_their_last_problem(terminal: Terminal, failed: str) -> None:
    header, row = terminal.output("deliveries", "list", "--vendor", "crmcom").splitlines()

    assert header.split() == ["id", "created", "state", "tried", "kind", "destination", "target", "problem"]
    assert row.split()[0] == failed
    assert "given up" in row
    assert row.rstrip().endswith("the target answers 503 Service Unavailable")
    assert terminal.output("deliveries", "list", "--state", "delivered") == "no delivery fits\n"
    assert terminal.json("deliveries", "list", "--destination", "https://*")[0]["body"] == {"n": 1}


@pytest.mark.parametrize(
    ("option", "fitting", "other"),
    [
        ("--kind", "webhook", "sqs"),
        ("--since", "2026-03-01T12:00:00Z", "2026-03-01T12:00:01Z"),
        ("--until", "2026-03-01T12:00:01Z", "2026-03-01T12:00:00Z"),
        ("--limit", "1", "0"),
        ("--offset", "0", "1"),
    ],
)
def test_each_condition_narrows_the_list(
    terminal: Terminal, failed: str, option: str, fitting: str, other: str
) -> None:
    assert [each["id"] for each in terminal.json("deliveries", "list", option, fitting)] == [failed]
    narrowed = terminal.run("deliveries", "list", option, other)
    assert (failed in narrowed.stdout) is False


def test_only_what_fits_is_sent_again(terminal: Terminal, failed: str) -> None:
    assert terminal.output("deliveries", "replay", "--kind", "sqs") == "sent again: 0\n"
    assert terminal.json("deliveries", "show", failed)["state"] == "given up"
    assert terminal.output("deliveries", "replay", "--kind", "webhook") == "sent again: 1\n"


def test_a_delivery_is_shown_without_its_credentials(terminal: Terminal, failed: str) -> None:
    found = terminal.output("deliveries", "show", failed)

    assert "Authorization=(hidden)" in found
    assert "Bearer secret" in terminal.output("deliveries", "show", failed, "--reveal")
    assert 'body        {"n": 1}' in found
    assert "destination https://shop.example/hook" in found
    assert found.splitlines()[-1] == "2026-03-01T12:00:00.000000Z  503  the target answers 503 Service Unavailable"


def test_a_delivery_is_sent_again_alone_or_with_others(terminal: Terminal, failed: str) -> None:
    assert terminal.output("deliveries", "resend", failed) == f"{failed} is sent again\n"
    assert terminal.json("deliveries", "show", failed)["state"] == "pending"
    assert terminal.output("deliveries", "replay", "--vendor", "crmcom", "--state", "pending") == "sent again: 1\n"


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("list", "--state", "lost"), "'lost' is unknown"),
        (("list", "--state", "deliverd"), "did you mean 'delivered'?"),
        (("list", "--vendor", "crmcon"), "did you mean 'crmcom'?"),
        (("show", "crmcom-9"), "there is no delivery 'crmcom-9'"),
        (("resend", "crmcom-9"), "there is no delivery 'crmcom-9'"),
        (("replay", "--vendor", "crmcon"), "did you mean 'crmcom'?"),
    ],
)
def test_a_mistake_is_named_in_one_line(terminal: Terminal, words: tuple[str, ...], part: str) -> None:
    assert_refused(terminal.run("deliveries", *words), part)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--deliver", "https://shop.example/hook"), "is not DESTINATION=URL, such as '*/orders=http://127.0.0.1:9000"),
        (("--deliver", "x=http://user:pw@127.0.0.1/"), "has credentials"),
        (
            ("--deliver", "x=http://consumer/"),
            "the host consumer is not this machine; --deliver-host consumer allows it",
        ),
        (("--deliver", "x=ftp://127.0.0.1/"), "is no target"),
        (("--deliver-host", "http://consumer"), "is no host: give its name or address alone"),
        (("--deliver-host", "consumer:80"), "is no host"),
    ],
)
def test_a_target_that_cannot_be_used_stops_the_start(terminal: Terminal, words: tuple[str, ...], part: str) -> None:
    assert_refused(terminal.run("serve", "--port", "0", *words), part)
