"""Requests to the console with numbers, bytes and names that no page sends by itself."""

import re
from html import unescape
from pathlib import Path

import pytest

from tests.console.conftest import CONSOLE, Visitor
from understudy.app import Understudy, create_app
from understudy.settings import Settings

HUGE = "9" * 26
"""Number of more than 64 bits."""

DOCUMENT = """
openapi: 3.0.3
info: {title: Odd, version: "1"}
paths:
  /things:
    get:
      operationId: "list/things?x=1#y%2Fz"
      parameters: [{name: q, in: query, schema: {type: string}}]
      responses: {"200": {description: ok}}
"""


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Understudy:
    """Application of a document whose operation is named with the signs of addresses."""
    path: Path = tmp_path_factory.mktemp("odd") / "odd.yaml"
    path.write_text(DOCUMENT)
    return create_app(Settings(documents=(("odd", str(path)),)))


@pytest.mark.parametrize(
    "page", ["worlds", "worlds/main/compare/main", "worlds/main/compare/main?collection=x&vendor=y"]
)
def test_an_offset_beyond_all_bounds_is_refused(visitor: Visitor, page: str) -> None:
    sign = "&" if "?" in page else "?"

    assert visitor.get(f"{CONSOLE}/{page}{sign}offset={HUGE}").status == 400


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ("worlds", {"name": "huge", "seed": HUGE}),
        ("faults", {"kind": "latency", "ms": HUGE, "times": HUGE, "nth": HUGE, "seed": HUGE}),
        ("clock/rate", {"rate": HUGE}),
        ("clock/move", {"days": HUGE, "hours": HUGE}),
    ],
)
def test_a_number_of_more_than_64_bits_in_a_form_is_refused(
    visitor: Visitor, form: str, fields: dict[str, str]
) -> None:
    visitor.understudy.worlds.get_or_create()

    assert visitor.post(f"{CONSOLE}/{form}", fields).status in {400, 422}


@pytest.mark.parametrize("page", ["journal/events", "download/main/ecdp/people.csv", "world-names"])
@pytest.mark.parametrize("cookie", ["understudy_session=\xff\xfe", 'understudy_session="\\377"', "\xff", "=;;"])
def test_a_cookie_of_any_bytes_is_one_that_is_not_known(guarded: Understudy, page: str, cookie: str) -> None:
    answer = Visitor(guarded).get(f"{CONSOLE}/{page}", headers={"cookie": cookie})

    assert answer.status in {303, 401}
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_each_address_on_a_page_leads_to_the_operation_with_an_odd_name(odd: Understudy) -> None:
    visitor = Visitor(odd)
    (address,) = set(re.findall(r'href="([^"]*/operations/odd/[^"]*)"', visitor.page(f"{CONSOLE}/operations")))

    page = visitor.page(unescape(address))

    actions = {unescape(each) for each in re.findall(r'(?:action|href|hx-post)="([^"]*/operations/odd/[^"]*)"', page)}
    assert actions
    for each in actions:
        assert "list/things?x=1#y%2Fz" in unescape(visitor.page(each))


def test_signing_in_leads_back_to_a_page_with_an_odd_name(guarded: Understudy) -> None:
    answer = Visitor(guarded).get(f"{CONSOLE}/operations/ecdp/a%3Fb%23c?world=w")

    assert answer.headers["location"].endswith("/operations/ecdp/a%253Fb%2523c?world%3Dw")
