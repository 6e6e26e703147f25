"""Pages of deliveries and of their rules."""

from itertools import count
from typing import Any

import pytest

from tests.console.conftest import CONSOLE, Visitor, control_json, text_of
from understudy.app import Understudy
from understudy.console.deliveries import PER_PAGE
from understudy.state.outbox import Outbox

NUMBERS = count()
SCRIPT = "<script>alert(1)</script>"
PAGE = f"{CONSOLE}/deliveries"
HOOK, TARGET = "https://shop.example/hook", "http://127.0.0.1:9/"
DOWN = {"at": "2026-03-02T09:00:00.000000Z", "status": 503, "milliseconds": 3.5, "error": SCRIPT, "fault": "fault-1"}


@pytest.fixture
def name(understudy: Understudy) -> str:
    """Name of a new world of this test, whose clock stands still."""
    made = f"sending-{next(NUMBERS)}"
    control_json(understudy, "POST", "/worlds", {"name": made, "clock": {"now": "2026-03-02T07:00:00Z", "rate": 0}})
    return made


def outbox(understudy: Understudy, name: str) -> Outbox:
    return understudy.worlds.get_or_create(name).vendors["ecdp"].outbox


def rules(understudy: Understudy, name: str) -> list[Any]:
    found: list[Any] = control_json(understudy, "GET", f"/worlds/{name}/deliveries/settings")["deliveries"]
    return found


def test_no_delivery_is_a_page_with_the_next_step(visitor: Visitor, name: str) -> None:
    assert "Nothing was sent" in visitor.page(f"{PAGE}?world={name}")


def test_a_delivery_is_shown_with_its_attempts_and_nothing_of_it_is_markup(
    visitor: Visitor, understudy: Understudy, name: str
) -> None:
    key = outbox(understudy, name).add(
        SCRIPT, SCRIPT, {SCRIPT: SCRIPT}, operation=SCRIPT, because={SCRIPT: SCRIPT}, group=SCRIPT,
        headers={"X-A": SCRIPT, "Authorization": "Bearer hidden-one"}, attributes={SCRIPT: SCRIPT},
    )  # fmt: skip
    outbox(understudy, name).record_attempt(key, DOWN)
    listed, shown = visitor.page(f"{PAGE}?world={name}"), visitor.page(f"{PAGE}/{key}?world={name}")

    for page in (listed, shown):
        assert SCRIPT not in page
        assert SCRIPT in text_of(page)
        assert "given up" in text_of(page)
        assert "503" in text_of(page)
    assert "fault-1" in shown
    assert "hidden-one" not in shown


def test_a_body_that_is_a_text_is_shown_as_it_is(visitor: Visitor, understudy: Understudy, name: str) -> None:
    key = outbox(understudy, name).add("webhook", HOOK, SCRIPT)
    page = visitor.page(f"{PAGE}/{key}?world={name}")

    assert SCRIPT not in page
    assert f'"{SCRIPT}"' not in text_of(page)


def test_the_newest_are_on_the_first_page(visitor: Visitor, understudy: Understudy, name: str) -> None:
    for _ in range(PER_PAGE + 2):
        outbox(understudy, name).add("webhook", HOOK, {})
    first, second, third = (visitor.page(f"{PAGE}?world={name}&page={page}&vendor=ecdp") for page in (1, 2, 3))

    assert [first.count('class="strong"'), second.count('class="strong"')] == [PER_PAGE, 2]
    assert first.index(">ecdp-52<") < first.index(">ecdp-3<")
    assert second.index(">ecdp-2<") < second.index(">ecdp-1<")
    assert "1–50 of 52" in first  # noqa: RUF001 - as the page has it
    assert "No delivery fits" in third


def test_a_delivery_is_sent_again(visitor: Visitor, understudy: Understudy, name: str) -> None:
    key = outbox(understudy, name).add("webhook", HOOK, {})
    outbox(understudy, name).record_attempt(key, DOWN)
    answer = visitor.post(f"{PAGE}/{key}/resend?world={name}")

    record = outbox(understudy, name).get(key)
    assert record
    assert (answer.status, record["state"]) == (303, "pending")


def test_all_that_fit_the_filter_are_sent_again(visitor: Visitor, understudy: Understudy, name: str) -> None:
    keys = [outbox(understudy, name).add(kind, HOOK, {}) for kind in ("webhook", "sqs")]
    for key in keys:
        outbox(understudy, name).record_attempt(key, DOWN)
    visitor.post(f"{PAGE}/replay?world={name}", {"kind": "sqs"})

    assert [each["state"] for each in outbox(understudy, name)] == ["given up", "pending"]


def test_a_rule_is_put_before_the_others_and_removed(visitor: Visitor, understudy: Understudy, name: str) -> None:
    for form in ({"destination": "*", "target": TARGET}, {"destination": HOOK, "target": "", "ordered": "1"}):
        assert visitor.post(f"{PAGE}/rules?world={name}", form).status == 303
    found = rules(understudy, name)
    visitor.post(f"{PAGE}/rules?world={name}", {"remove": "0"})

    assert [(each["destination"], each["target"]) for each in found] == [(HOOK, None), ("*", TARGET)]
    assert found[0]["ordered"]
    assert [each["destination"] for each in rules(understudy, name)] == ["*"]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ({"destination": "*", "target": "https://sqs.example.com/"}, "the host sqs.example.com is not this machine"),
        ({"destination": "*", "target": SCRIPT}, "target"),
        ({"destination": "", "target": TARGET}, "destination"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused_beside_its_form(
    visitor: Visitor, understudy: Understudy, name: str, form: dict[str, str], text: str
) -> None:
    answer = visitor.post(f"{PAGE}/rules?world={name}", form)

    assert answer.status in {400, 422}
    assert text in text_of(answer.body.decode())
    assert SCRIPT not in answer.body.decode()
    assert rules(understudy, name) == []


def test_rules_with_secrets_are_shown_and_not_overwritten(visitor: Visitor, understudy: Understudy, name: str) -> None:
    signed = {"destination": "*", "target": TARGET, "signing": {"scheme": "bearer", "token": "hidden-two"}}
    control_json(understudy, "PUT", f"/worlds/{name}/deliveries/settings", {"deliveries": [signed]})
    page = visitor.page(f"{PAGE}?world={name}")
    answer = visitor.post(f"{PAGE}/rules?world={name}", {"destination": "*", "target": ""})

    assert "hidden-two" not in page
    assert 'name="target"' not in page
    assert answer.status == 409
    assert len(rules(understudy, name)) == 1


@pytest.mark.parametrize("query", ["vendor=%3Cscript%3E", "state=%3Cscript%3E"])
def test_a_filter_that_fits_nothing_served_is_refused(visitor: Visitor, name: str, query: str) -> None:
    assert "<script>" not in visitor.page(f"{PAGE}?world={name}&{query}", 400)


def test_an_unknown_delivery_is_a_page_for_it(visitor: Visitor, name: str) -> None:
    assert "<script>" not in visitor.page(f"{PAGE}/%3Cscript%3E?world={name}", 404)
    assert visitor.post(f"{PAGE}/ecdp-9/resend?world={name}").status == 404
