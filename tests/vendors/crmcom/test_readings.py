"""Settings: each contested reading of the vendor's page, and the usual one beside it."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.vendors.crmcom.conftest import Buy
from understudy.casting.scenario_file import open_scenario
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.errors import Key
from understudy.vendors.crmcom.operations.customer_events import create_purchase_event
from understudy.vendors.crmcom.operations.purchases import get_purchase
from understudy.vendors.crmcom.options import SETTINGS
from understudy.vendors.crmcom.start import EXAMPLE_TOKEN

ROOT = Path(__file__).parents[3]
LINE = {"product_sku": "EXAMPLE-CAKE", "net_amount": 4.5, "tax_amount": 0.45, "total_amount": 4.95}


def choose(state: VendorState, name: str, value: str) -> None:
    assert not SETTINGS[name].fault(value)
    state.collection("settings").put({"name": name, "value": value})


def test_the_usual_readings_are_those_of_a_world(state: VendorState) -> None:
    assert {each["name"]: each["value"] for each in state.collection("settings")} == {
        "repeated_reference": "refused",
        "unknown_product": "booked",
        "amounts": "of the line",
    }


def test_a_repeated_reference_number_may_be_answered_with_the_first_purchase(state: VendorState, buy: Buy) -> None:
    choose(state, "repeated_reference", "answered")
    first, before = buy(), len(state.collection("purchases"))
    spent = state.collection("accounts").first("primary_of", "00000000-0000-4000-8000-00000000a001")

    assert buy(spend_request={"amount": 1}) == buy(id="another") == first
    assert len(state.collection("purchases")) == before
    assert state.collection("accounts").first("primary_of", "00000000-0000-4000-8000-00000000a001") == spent
    with pytest.raises(Refused) as refused:
        buy(id=first, reference_number="R-2")
    assert refused.value.code == Key.ALREADY_EXISTS


def test_the_older_method_answers_a_repetition_too(state: VendorState, buy: Buy) -> None:
    choose(state, "repeated_reference", "answered")
    first = buy()
    body: dict[str, Any] = {
        "token": EXAMPLE_TOKEN,
        "accounts_receivable_identifier": {"number": "EXAMPLE-CONTACT-1"},
        "performed_by_unit_identifier": {"alternative_code": "EXAMPLE-OUTLET"},
        "performed_on": "2026-01-31T12:00:00Z",
        "reference_number": "R-1",
        "products_set": [{"net_amount": 1, "vat_amount": 0, "total_amount": 1}],
    }

    assert create_purchase_event(state, body).body["data"]["id"] == first


def test_an_unknown_product_may_be_refused(state: VendorState, buy: Buy) -> None:
    choose(state, "unknown_product", "refused")

    assert buy(products=[LINE])
    with pytest.raises(Refused) as refused:
        buy(reference_number="R-2", products=[{**LINE, "product_sku": "NEVER-SEEN"}])
    assert (refused.value.status, refused.value.code) == (400, Key.NOT_FOUND)


@pytest.mark.parametrize(("amounts", "factor"), [("of the line", 1), ("of one unit", 3)])
def test_amounts_are_of_the_line_or_of_one_unit(state: VendorState, buy: Buy, amounts: str, factor: int) -> None:
    choose(state, "amounts", amounts)

    found = get_purchase(state, buy(products=[{**LINE, "quantity": 3}])).body

    assert found["transaction_amounts"]["total"] == float(factor * Decimal("4.95"))
    assert found["rewards"]["award"] == {1: 0.05, 3: 0.15}[factor]
    assert found["products"][0]["total_amount"] == 4.95


@pytest.mark.parametrize("value", ["", "Refused", "replayed"])
def test_another_value_is_no_reading(value: str) -> None:
    assert "must be one of" in SETTINGS["repeated_reference"].fault(value)


def test_the_page_of_the_vendor_names_every_reading_and_its_scenario_is_valid(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "vendors" / "crmcom.md").read_text(encoding="utf-8")
    [text] = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "readings.yaml").write_text(text, encoding="utf-8")
    chosen = open_scenario(str(tmp_path / "readings.yaml")).settings["crmcom"]

    assert chosen.keys() == SETTINGS.keys()
    for name, option in SETTINGS.items():
        assert f"`{name}: {option.default}`" in page
        assert chosen[name] == next(value for value in option.choices if value != option.default)
