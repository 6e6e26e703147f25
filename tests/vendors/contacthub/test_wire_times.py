"""Wire form of each time and date that the vendor's Go and .NET libraries read, in every answer that holds it.

Go's parses times by the layout ``2006-01-02T15:04:05.999-0700`` and dates by ``2006-01-02``, and nothing else. .NET's
reads a time that has a ``+`` whatever its fraction, and else only one without a fraction that ends in ``Z``.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.asgi import call
from tests.vendors.contacthub.calls import NODE, WORKSPACE
from understudy.app import Understudy, create_app
from understudy.settings import Settings
from understudy.vendors.contacthub import schemas

Json = dict[str, Any]
Ask = Callable[..., Json]

BASE = f"/contacthub/hub/v1/workspaces/{WORKSPACE}"
GO_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}")
GO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
FORMS = ("Z", ".842Z", "+0000", ".842+0100", "-02:00")
ELEMENTS = {
    "likes": {"createdTime": "time"},
    "jobs": {"startDate": "date", "endDate": "date"},
    "subscriptions": {"startDate": "time", "endDate": "time", "registeredAt": "time", "updatedAt": "time"},
}
"""Times and dates of a customer's elements, as the property schemas and both libraries have them."""


def event_times() -> dict[str, list[str]]:
    """Return the properties that are times, for each type of event that has some."""
    found = {}
    for path in sorted((Path(schemas.__file__).parent / "event").glob("*.json")):
        properties = json.loads(path.read_text())["propertiesSchema"]["properties"]
        names = [name for name, part in properties.items() if part.get("format") == "date-time"]
        if names:
            found[path.stem] = names
    return found


EVENT_TIMES = event_times()


@pytest.fixture(scope="module")
def ask() -> Ask:
    return asks(create_app(Settings(vendors=("contacthub",))))


def asks(understudy: Understudy) -> Ask:
    """Return a function that sends a request and returns the body of its answer, which is a success."""
    token = understudy.credentials("")["contacthub"]["token"]

    def ask(method: str, path: str, body: Any = None) -> Json:
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        sent = b"" if body is None else json.dumps(body).encode()
        answer = call(understudy.asgi, method, BASE + path, headers=headers, body=sent)
        assert answer.status < 300, answer.body
        found: Json = answer.json if answer.body else {}
        return found

    return ask


def person(form: str) -> Json:
    at = f"2017-03-09T11:31:31{form}"
    values: Json = {"time": at, "date": "2017-03-09"}
    elements = {
        kind: [{"id": "one", **{name: values[what] for name, what in names.items()}}]
        for kind, names in ELEMENTS.items()
    }
    elements["subscriptions"][0] |= {"name": "news", "kind": "DIGITAL_MESSAGE", "subscribed": True}
    email = f"form-{FORMS.index(form)}@example.com"
    base = {"dob": "1990-12-12", "contacts": {"email": email}, **elements}
    return {"nodeId": NODE, "base": base, "consents": {"disclaimer": {"date": at, "version": "1"}}}


def check_customer(customer: Json) -> None:
    times = [customer["registeredAt"], customer["updatedAt"], customer["consents"]["disclaimer"]["date"]]
    dates = [customer["base"]["dob"]]
    for kind, names in ELEMENTS.items():
        element = customer["base"][kind][0]
        times += [element[name] for name, what in names.items() if what == "time"]
        dates += [element[name] for name, what in names.items() if what == "date"]
    assert (len(times), len(dates)) == (8, 3)
    assert [text for text in times if not GO_TIME.fullmatch(text)] == []
    assert [text for text in dates if not GO_DATE.fullmatch(text)] == []


@pytest.mark.parametrize("form", FORMS)
def test_go_parses_every_time_of_a_customer_in_every_answer(ask: Ask, form: str) -> None:
    made = ask("POST", "/customers", person(form))
    path = f"/customers/{made['id']}"
    listed = ask("GET", f"/customers?nodeId={NODE}&size=50&sort=registeredAt,desc")["elements"]

    answers = [made, ask("GET", path), ask("PATCH", path, {"extra": form}), ask("PUT", path, person(form))]
    answers += [each for each in listed if each["id"] == made["id"]]

    assert len(answers) == 5
    for answer in answers:
        check_customer(answer)
    assert made["base"]["likes"][0]["createdTime"].endswith("+0000")


@pytest.mark.parametrize("kind", ELEMENTS)
def test_go_parses_every_time_of_an_element_that_is_made_read_and_changed(ask: Ask, kind: str) -> None:
    sent = person(".842Z")
    email = {"contacts": {"email": f"{kind}@example.com"}}
    path = f"/customers/{ask('POST', '/customers', {'nodeId': NODE, 'base': email})['id']}/{kind}"

    element = sent["base"][kind][0]
    answers = [ask("POST", path, element), ask("GET", f"{path}/one"), ask("PUT", f"{path}/one", element)]

    for answer in answers:
        for name, what in ELEMENTS[kind].items():
            assert (GO_TIME if what == "time" else GO_DATE).fullmatch(answer[name]), (name, answer)


@pytest.mark.parametrize("event", EVENT_TIMES)
@pytest.mark.parametrize("form", FORMS)
def test_go_parses_every_time_of_an_event_in_every_answer(ask: Ask, event: str, form: str) -> None:
    email = {"contacts": {"email": f"{event}-{FORMS.index(form)}@example.com"}}
    customer = ask("POST", "/customers", {"nodeId": NODE, "base": email})
    body = {"customerId": customer["id"], "type": event, "context": "OTHER", "properties": properties(event, form)}

    ask("POST", "/events", {**body, "date": f"2026-01-05T10:00:00{form}"})
    (listed,) = ask("GET", f"/events?customerId={customer['id']}&type={event}")["elements"]
    path = f"/events/{listed['id']}"
    ask("PATCH", path, {"properties": properties(event, form)})
    patched = ask("GET", path)
    ask("PUT", path, body)

    for answer in (listed, patched, ask("GET", path)):
        assert list(unparsed(answer, EVENT_TIMES[event])) == []


def properties(event: str, form: str) -> Json:
    """Return properties of an event: all that are times, and the required ones."""
    schema = json.loads((Path(schemas.__file__).parent / "event" / f"{event}.json").read_text())["propertiesSchema"]
    times = dict.fromkeys(EVENT_TIMES[event], f"2017-03-09T11:31:31{form}")
    kinds = {name: schema["properties"][name].get("type") for name in schema.get("required", ())}
    return {**{name: 1 if kind in ("number", "integer") else "x" for name, kind in kinds.items()}, **times}


def unparsed(event: Json, names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the times of an event that Go's layout does not have."""
    for name in ("date", "registeredAt", "updatedAt"):
        if not GO_TIME.fullmatch(event[name]):
            yield name, event[name]
    for name in names:
        if not GO_TIME.fullmatch(event["properties"][name]):
            yield name, event["properties"][name]


def test_the_setting_answers_the_times_of_an_event_that_end_in_z(tmp_path: Path) -> None:
    scenario = tmp_path / "own.yaml"
    scenario.write_text("settings: {contacthub: {times: rfc3339}}\n")
    zulu = asks(create_app(Settings(vendors=("contacthub",), scenario=scenario)))
    customer = zulu("POST", "/customers", {"nodeId": NODE, "base": {"contacts": {"email": "z@example.com"}}})
    sent = properties("eventInvited", ".842+0100")
    zulu(
        "POST",
        "/events",
        {"customerId": customer["id"], "type": "eventInvited", "context": "OTHER", "properties": sent},
    )

    (found,) = zulu("GET", f"/events?customerId={customer['id']}")["elements"]

    assert found["properties"]["eventDate"] == "2017-03-09T10:31:31.842Z"
