"""Amounts, quantities and pages at their edges: each at the edge, and one beside it."""

from decimal import Decimal
from typing import Any

import pytest

from tests.control.conftest import Steering
from tests.control.conftest import steering as steering  # noqa: PLC0414 - a fixture of another folder
from tests.vendors.crmcom.conftest import MEMBER, Buy, listed
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.money import to_cents
from understudy.vendors.crmcom.operations.purchases import get_purchase
from understudy.vendors.crmcom.wallets import Spend, award, primary_account


def balance(state: VendorState) -> Decimal:
    contact = state.collection("contacts").get(MEMBER)
    assert contact
    return Decimal(primary_account(state, contact)["balance"])


def line(total: float, **more: Any) -> dict[str, Any]:
    return {"product_sku": "EXAMPLE-CAKE", "net_amount": total, "tax_amount": 0, "total_amount": total, **more}


@pytest.mark.parametrize(
    ("amount", "cents"),
    [
        (0.004, "0.00"), (0.005, "0.01"), (0.0049999, "0.00"), (0.0050001, "0.01"), (0.015, "0.02"), (0.025, "0.03"),
        (0.045, "0.05"), (1.005, "1.01"), (2.675, "2.68"), (-0.004, "0.00"), (-0.005, "-0.01"), (-0.015, "-0.02"),
        (8, "8.00"), ("0.005", "0.01"),
    ],
)  # fmt: skip
def test_half_a_cent_is_rounded_away_from_nought(amount: float | str, cents: str) -> None:
    assert to_cents(amount) == Decimal(cents)


@pytest.mark.parametrize(
    ("total", "awarded"),
    [("0.49", "0"), ("0.5", "0.01"), ("1.49", "0.01"), ("1.5", "0.02"), ("2.5", "0.03"), ("0", "0"), ("-2.5", "0")],
)
def test_an_award_of_half_a_cent_is_a_cent(total: str, awarded: str) -> None:
    assert award(Decimal(total), Spend("balance", Decimal())) == Decimal(awarded)


@pytest.mark.parametrize(
    ("field", "spent", "awarded"),
    [
        ("balance", "10", "0.90"),
        ("alternative_balance", "10", "1.00"),
        ("balance", "100", "0"),
        ("balance", "101", "0"),
    ],
)
def test_an_award_is_of_the_part_that_real_currency_did_not_pay(field: str, spent: str, awarded: str) -> None:
    assert award(Decimal(100), Spend(field, Decimal(spent))) == Decimal(awarded)


@pytest.mark.parametrize(("amount", "spent"), [(0.004, "0"), (0.005, "0.01"), (0.014, "0.01"), (0.015, "0.02")])
def test_a_spend_of_half_a_cent_is_a_cent(state: VendorState, buy: Buy, amount: float, spent: str) -> None:
    before = balance(state)

    buy(products=[line(0)], spend_request={"amount": amount})

    assert before - balance(state) == Decimal(spent)


def test_a_spend_of_nought_needs_no_balance(state: VendorState, buy: Buy) -> None:
    buy(products=[line(0)], spend_request={"amount": float(balance(state))})
    assert balance(state) == 0

    buy(reference_number="R-2", products=[line(0)], spend_request={"amount": 0})
    with pytest.raises(Refused, match="The wallet holds"):
        buy(reference_number="R-3", products=[line(0)], spend_request={"amount": 0.01})


@pytest.mark.parametrize("quantity", [0, 1, 0.001, 7.5])
def test_a_quantity_is_kept_as_it_was_sent(state: VendorState, buy: Buy, quantity: float) -> None:
    posted = get_purchase(state, buy(products=[line(1, quantity=quantity)])).body

    assert [each["quantity"] for each in posted["products"]] == [quantity]


@pytest.mark.parametrize(("quantity", "status"), [(0, 400), (-1, 400), (0.001, 200), (1, 200)])
def test_a_quantity_of_nought_is_refused_by_the_contract(
    steering: Steering, receipt: dict[str, Any], quantity: float, status: int
) -> None:
    body = {**receipt, "products": [line(1, quantity=quantity)]}

    assert steering.call_vendor("crmcom", "POST", "/purchases", body).status == status


@pytest.mark.parametrize("amount", [0, -1, 0.01])
def test_an_amount_of_nought_is_an_amount(state: VendorState, buy: Buy, amount: float) -> None:
    posted = get_purchase(state, buy(products=[line(amount)])).body

    assert posted["transaction_amounts"]["total"] == amount


@pytest.mark.parametrize("beside", [-1, 0, 1])
def test_there_are_more_purchases_only_after_a_page_that_is_not_the_last(
    state: VendorState, buy: Buy, beside: int
) -> None:
    buy()
    total = len(state.collection("purchases"))
    size = total + beside

    page = listed(state, page=1, size=size)
    assert page["paging"] == {"page": 1, "size": size, "total": total, "has_more": beside < 0}
    assert len(page["content"]) == min(size, total)
    assert len(listed(state, page=2, size=size)["content"]) == max(-beside, 0)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_full_last_page_has_nothing_after_it(state: VendorState, buy: Buy, size: int) -> None:
    state.collection("purchases").clear()
    for number in range(2 * size):
        buy(reference_number=f"R-{number}")

    pages = [listed(state, page=number, size=size) for number in (1, 2, 3)]

    assert [(len(page["content"]), page["paging"]["has_more"]) for page in pages] == [
        (size, True),
        (size, False),
        (0, False),
    ]
