"""Pages of faults, the clock and fixtures."""

import json
import re
import shlex
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from tests.console.conftest import CONSOLE, Visitor, control_json, text_of
from tests.own_document import answer, document, ref
from understudy import cli
from understudy.app import Understudy, create_app
from understudy.casting.api import Cast
from understudy.settings import Settings
from understudy.state.faults import PROPERTIES_BY_KIND

NUMBERS = count()
SCRIPT = "<script>alert(1)</script>"
FAULTS, CLOCK, DATA = (f"{CONSOLE}/{name}" for name in ("faults", "clock", "data"))


@pytest.fixture
def name(understudy: Understudy) -> str:
    """Name of a new world of this test, whose clock stands still."""
    made = f"steered-{next(NUMBERS)}"
    clock = {"now": "2026-03-02T09:00:00Z", "rate": 0}
    control_json(understudy, "POST", "/worlds", {"name": made, "clock": clock})
    return made


@pytest.mark.parametrize("kind", PROPERTIES_BY_KIND)
def test_the_form_has_the_fields_of_its_kind_and_no_others(visitor: Visitor, name: str, kind: str) -> None:
    page = visitor.page(f"{FAULTS}?world={name}&kind={kind}")
    every = frozenset().union(*PROPERTIES_BY_KIND.values())
    fields = {each for each in every if f'name="{each}"' in page}

    assert fields == PROPERTIES_BY_KIND[kind]
    assert f'name="kind" value="{kind}"' in page


def test_a_fault_is_added_with_the_types_that_the_control_api_wants(
    visitor: Visitor, understudy: Understudy, name: str
) -> None:
    form = {
        "kind": "status",
        "target": "crmcom/create_purchase",
        "status": "503",
        "times": "2",
        "probability": "0.5",
        "unchecked": "true",
        "body": '{"a": [1, "<b>"]}',
        "headers": '{"x-a": "b"}',
    }
    answer = visitor.post(f"{FAULTS}?world={name}", form)

    [found] = control_json(understudy, "GET", f"/worlds/{name}/faults")
    assert (answer.status, answer.headers["location"]) == (303, f"{FAULTS}?world={name}")
    assert {each: found[each] for each in ("status", "times", "probability", "unchecked", "body", "headers")} == {
        "status": 503, "times": 2, "probability": 0.5, "unchecked": True, "body": {"a": [1, "<b>"]},
        "headers": {"x-a": "b"},
    }  # fmt: skip
    assert (found["vendor"], found["operation"]) == ("crmcom", "create_purchase")


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ({"kind": "latency"}, "latency needs a delay"),
        ({"kind": "latency", "delay": SCRIPT}, "body /delay"),
        ({"kind": "status", "status": "200"}, "body /status"),
        ({"kind": "drop", "target": f"{SCRIPT}"}, "no vendor '<script>alert(1)<' is served"),
        ({"kind": "drop", "target": "crmcom/no_such"}, "crmcom has no operation 'no_such'"),
        ({"kind": "status", "headers": "no JSON"}, "body /headers"),
        ({"kind": SCRIPT}, "body /kind"),
        ({}, "body"),
    ],
)
def test_a_refused_fault_is_shown_again_with_the_reason(
    visitor: Visitor, name: str, form: dict[str, str], text: str
) -> None:
    answer = visitor.post(f"{FAULTS}?world={name}", form)

    assert answer.status in {400, 422}
    assert text in text_of(answer.body.decode())
    assert SCRIPT not in answer.body.decode()


def test_values_in_the_address_fill_the_form(visitor: Visitor, name: str) -> None:
    page = visitor.page(
        f"{FAULTS}?world={name}&kind=status&vendor=ecdp&operation=list_customer_attributes&status=418&body={quote(SCRIPT)}"
    )

    assert '<option value="ecdp/list_customer_attributes" selected>' in page
    assert 'name="status" value="418"' in page
    assert SCRIPT not in page
    assert SCRIPT in text_of(page)


def test_faults_are_listed_in_their_queue_with_counts_and_removed(
    visitor: Visitor, understudy: Understudy, name: str
) -> None:
    for body in ({"kind": "status", "status": 500, "body": SCRIPT, "unchecked": True}, {"kind": "drop", "nth": 3}):
        control_json(understudy, "POST", f"/worlds/{name}/faults", body)
    page = visitor.page(f"{FAULTS}?world={name}")
    visitor.post(f"{FAULTS}/fault-1/remove?world={name}")
    left = control_json(understudy, "GET", f"/worlds/{name}/faults")
    visitor.post(f"{FAULTS}/clear?world={name}")

    assert text_of(page).index("fault-1") < text_of(page).index("fault-2")
    assert SCRIPT not in page
    assert [each["id"] for each in left] == ["fault-2"]
    assert control_json(understudy, "GET", f"/worlds/{name}/faults") == []
    assert "No fault is set" in visitor.page(f"{FAULTS}?world={name}")


def test_a_fault_that_is_gone_is_a_page_for_it(visitor: Visitor, name: str) -> None:
    assert visitor.post(f"{FAULTS}/fault-9/remove?world={name}").status == 404


def test_a_jump_shows_what_fell_due_by_it(visitor: Visitor, understudy: Understudy, name: str) -> None:
    control_json(understudy, "POST", f"/worlds/{name}/faults", {"kind": "drop", "vendor": "ecdp", "lasting": 3600})
    page = visitor.post(f"{CLOCK}/move?world={name}", {"days": "1"}).body.decode()

    fell = page.partition("Fell due by that")[2].partition("Falls due")[0]
    assert "fault ends" in fell
    assert "PRICE_DROP" in fell
    assert "From 2026-03-02 09:00:00 to 2026-03-03 09:00:00" in text_of(fell)
    assert control_json(understudy, "GET", f"/worlds/{name}/clock")["now"] == "2026-03-03T09:00:00.000000Z"
    assert "2026-03-03 08:00:00 twc PRICE_DROP" in text_of(page.partition("Sent by the vendors")[2])


def test_a_jump_back_is_made_and_nothing_falls_due(visitor: Visitor, understudy: Understudy, name: str) -> None:
    page = visitor.post(f"{CLOCK}/move?world={name}", {"hours": "-1.5"}).body.decode()

    assert "Nothing fell due" in page
    assert control_json(understudy, "GET", f"/worlds/{name}/clock")["now"] == "2026-03-02T07:30:00.000000Z"


def test_a_time_is_set_in_utc(visitor: Visitor, understudy: Understudy, name: str) -> None:
    assert visitor.post(f"{CLOCK}/move?world={name}", {"now": "2026-04-01T12:00"}).status == 200
    assert control_json(understudy, "GET", f"/worlds/{name}/clock")["now"] == "2026-04-01T12:00:00.000000Z"


def test_the_clock_is_frozen_run_and_let_follow(visitor: Visitor, understudy: Understudy, name: str) -> None:
    found = []
    for form in ({"rate": "3600"}, {"rate": "0"}):
        visitor.post(f"{CLOCK}/rate?world={name}", form)
        found.append(control_json(understudy, "GET", f"/worlds/{name}/clock")["rate"])
    visitor.post(f"{CLOCK}/follow?world={name}")

    assert found == [3600, 0]
    assert control_json(understudy, "GET", f"/worlds/{name}/clock")["is_real"]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("move", {}),
        ("move", {"now": SCRIPT}),
        ("move", {"days": SCRIPT}),
        ("move", {"days": "9999999"}),
        ("move", {"days": "999999"}),
        ("move", {"now": "9999-12-31T00:00"}),
        ("move", {"now": "1969-12-31T00:00"}),
        ("move", {"days": "1" * 400}),
        ("rate", {}),
        ("rate", {"rate": SCRIPT}),
        ("rate", {"rate": "-1"}),
    ],
)
def test_a_refused_change_leaves_the_clock_as_it_was(
    visitor: Visitor, understudy: Understudy, name: str, path: str, form: dict[str, str]
) -> None:
    before = control_json(understudy, "GET", f"/worlds/{name}/clock")
    answer = visitor.post(f"{CLOCK}/{path}?world={name}", form)

    assert answer.status in {400, 422}
    assert 'role="alert"' in answer.body.decode()
    assert SCRIPT not in answer.body.decode()
    assert control_json(understudy, "GET", f"/worlds/{name}/clock") == before


def test_the_last_day_of_the_range_shows_an_empty_list(visitor: Visitor, understudy: Understudy, name: str) -> None:
    control_json(understudy, "PUT", f"/worlds/{name}/clock", {"now": "2999-12-31T23:00:00Z"})

    assert "Nothing falls due" in visitor.page(f"{CLOCK}?world={name}")


@pytest.mark.parametrize("days", ["1", "7", "365", "0", "x"])
def test_the_span_of_what_falls_due_is_chosen(visitor: Visitor, name: str, days: str) -> None:
    visitor.page(f"{CLOCK}?world={name}&days={days}")


def records_on(page: str) -> Any:
    found = re.search(r'id="records">(.*?)</code>', page, re.DOTALL)
    assert found
    return json.loads(text_of(found[1]).replace('" :', '":'))


def test_the_records_are_those_of_generate(visitor: Visitor) -> None:
    page = visitor.page(f"{DATA}?kind=crmcom.purchases&locale=it_IT&seed=7&count=3")
    expected = list(Cast(seed=7, locales=["it_IT"])["crmcom.purchases"][:3])

    assert records_on(page) == expected
    assert "understudy generate crmcom.purchases --count 1000000 --seed 7 --locale it_IT" in text_of(page)


def test_every_kind_can_be_tried(visitor: Visitor) -> None:
    page = visitor.page(DATA)
    kinds = re.findall(r'<option value="([a-z_]+\.\w+)"', page)

    assert len(kinds) > 10
    for kind in kinds:
        assert len(records_on(visitor.page(f"{DATA}?kind={kind}&count=2"))) == 2


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("kind=contacthub.customer", "no kind of record 'contacthub.customer'; did you mean 'contacthub.customers'?"),
        (f"kind={quote(SCRIPT)}", f"no kind of record '{SCRIPT}'"),
        ("locale=it_IX", "no locale 'it_IX'; did you mean 'it_IT'?"),
        ("scenario=/etc/passwd", "no scenario '/etc/passwd'"),
        (f"seed={quote(SCRIPT)}", f"not '{SCRIPT}'"),
        ("seed=-1", "seed is a number from 0"),
        ("count=21", "20 records are shown at most"),
        ("count=0", "20 records are shown at most"),
        ("count=x", "20 records are shown at most"),
    ],
)
def test_a_request_that_cannot_be_met_is_refused_with_the_nearest(visitor: Visitor, query: str, text: str) -> None:
    page = visitor.page(f"{DATA}?{query}", 400)

    assert text in text_of(page)
    assert SCRIPT not in page


@pytest.mark.parametrize("kind", ["contacthub.customers", "capillary.events", "cast.shops"])
def test_the_command_makes_the_records_of_the_page(
    visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    page = visitor.page(f"{DATA}?kind={kind}&locale=de_DE&seed=5&scenario=small-shop&count=4&format=json")
    found = re.search(r'id="command">(.*?)</code>', page)
    assert found
    words = shlex.split(text_of(found[1]).replace("--count 1000000", "--count 4"))
    result = CliRunner().invoke(cli.main, words[1:])

    assert result.exit_code == 0, result.output
    assert json.loads((tmp_path / f"{kind}.json").read_text()) == records_on(page)


def test_kinds_of_an_own_document_are_tried_and_their_command_names_it(tmp_path: Path) -> None:
    thing = {"type": "object", "properties": {"<b>": {"type": "string", "enum": [SCRIPT]}}, "required": ["<b>"]}
    path = tmp_path / "my shop.json"
    path.write_text(
        json.dumps(document({"/things": {"get": {"responses": {"200": answer(ref("Thing"))}}}}, Thing=thing))
    )
    visitor = Visitor(create_app(Settings(documents=(("shop", str(path)),))))
    page = visitor.page(f"{DATA}?kind=shop.Thing&count=1")

    assert records_on(page) == [{"<b>": SCRIPT}]
    assert SCRIPT not in page
    assert f"--spec 'shop={path}'" in text_of(page)
