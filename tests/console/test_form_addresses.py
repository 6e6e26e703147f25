"""Addresses of forms: a browser shows them after a form is sent, and they lead back to the page of the form."""

import pytest

from tests.console.conftest import CONSOLE, Visitor


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("clock/move", "clock"),
        ("clock/rate", "clock"),
        ("clock/move?world=checkout-42", "clock?world=checkout-42"),
        ("deliveries/rules", "deliveries"),
        ("deliveries/rules?world=checkout-42", "deliveries?world=checkout-42"),
        ("deliveries/replay", "deliveries"),
        ("faults/clear", "faults"),
        ("worlds/main/fork", "worlds/main"),
        ("worlds/main/restore", "worlds/main"),
    ],
)
def test_the_address_of_a_form_leads_to_its_page(visitor: Visitor, address: str, page: str) -> None:
    answer = visitor.get(f"{CONSOLE}/{address}")

    assert (answer.status, answer.headers["location"]) == (303, f"{CONSOLE}/{page}")


def test_another_method_is_refused_as_before(visitor: Visitor) -> None:
    assert visitor.send("TRACE", f"{CONSOLE}/clock/move").status == 405


def test_an_address_that_no_form_has_is_not_found(visitor: Visitor) -> None:
    assert visitor.get(f"{CONSOLE}/clock/nowhere").status == 404


def test_what_is_not_there_leads_to_the_overview_and_is_not_tried_again(visitor: Visitor) -> None:
    text = visitor.page(f"{CONSOLE}/operations/ecdp/nothing", 404)

    assert "Not found</h1>" in text
    assert ">To the overview</a>" in text
    assert "Try again" not in text
    assert "Not Found:" not in text
