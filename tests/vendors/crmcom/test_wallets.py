from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.errors import Key
from understudy.vendors.crmcom.operations.purchases import cancel_purchase, get_purchase

Json = dict[str, Any]
Buy = Callable[..., str]

NEWCOMER = "00000000-0000-4000-8000-00000000a002"


def wallet(state: VendorState, contact_id: str) -> tuple[Decimal, Decimal]:
    """Return the real and the alternative balance of a contact's primary account."""
    account = state.collection("accounts").first("primary_of", contact_id)
    assert account is not None
    return Decimal(account["balance"]), Decimal(account["alternative_balance"])


def rewards(state: VendorState, purchase_id: str) -> Json:
    found: Json = get_purchase(state, purchase_id).body["rewards"]
    return found


def test_a_spend_is_taken_from_the_real_balance(state: VendorState, buy: Buy, receipt: Json) -> None:
    real, alternative = wallet(state, receipt["contact_id"])

    given = rewards(state, buy(spend_request={"amount": 2.12}))

    assert given == {"award": 0.03, "spend": 2.12, "redeem": 0}
    assert wallet(state, receipt["contact_id"]) == (real - Decimal("2.12") + Decimal("0.03"), alternative)


def test_a_spend_is_taken_from_the_alternative_balance(state: VendorState, buy: Buy, receipt: Json) -> None:
    real, alternative = wallet(state, receipt["contact_id"])

    given = rewards(state, buy(spend_request={"alternative_amount": 300}))

    assert given == {"award": 0.05, "spend": 300, "redeem": 0}
    assert wallet(state, receipt["contact_id"]) == (real + Decimal("0.05"), alternative - 300)


@pytest.mark.parametrize(("total", "award"), [(0.49, 0.0), (0.5, 0.01), (1.5, 0.02), (2.49, 0.02), (2.5, 0.03)])
def test_half_a_cent_of_an_award_is_rounded_up(
    state: VendorState, buy: Buy, receipt: Json, total: float, award: float
) -> None:
    receipt["products"] = [{**receipt["products"][0], "total_amount": total}]

    assert rewards(state, buy())["award"] == award


def test_the_whole_balance_can_be_spent_and_not_a_cent_more(state: VendorState, buy: Buy) -> None:
    with pytest.raises(Refused) as refused:
        buy(contact_id=NEWCOMER, spend_request={"amount": 1.01})
    buy(contact_id=NEWCOMER, spend_request={"amount": 1.0})

    assert (refused.value.status, refused.value.code) == (400, Key.WALLET_TOO_SMALL)
    assert wallet(state, NEWCOMER)[0] == Decimal("0.04")


def test_a_refused_spend_changes_nothing(state: VendorState, buy: Buy) -> None:
    before = wallet(state, NEWCOMER), len(state.collection("purchases"))

    with pytest.raises(Refused):
        buy(contact_id=NEWCOMER, spend_request={"alternative_amount": 0.01})

    assert (wallet(state, NEWCOMER), len(state.collection("purchases"))) == before


def test_a_hundred_cents_make_one_unit(state: VendorState, buy: Buy, receipt: Json) -> None:
    receipt["products"][0]["total_amount"] = 0.01
    real, _ = wallet(state, receipt["contact_id"])

    for number in range(100):
        buy(reference_number=f"C-{number}", spend_request={"amount": 0.01})

    assert wallet(state, receipt["contact_id"])[0] == real - 1


def test_a_purchase_with_several_accounts_goes_to_the_primary_one(state: VendorState, buy: Buy) -> None:
    contact = next(iter(state.collection("contacts")))["id"]
    own = [found for found in state.collection("accounts") if found["contact_id"] == contact]
    others = [found for found in own if not found["primary_of"]]
    before = wallet(state, contact)[0]

    buy(contact_id=contact, spend_request={"amount": 10})

    assert wallet(state, contact)[0] < before
    assert len(others) == 1
    assert state.collection("accounts").get(others[0]["id"]) == others[0]


def test_a_purchase_below_zero_awards_nothing(state: VendorState, buy: Buy, receipt: Json) -> None:
    receipt["products"][0]["total_amount"] = -1000

    assert rewards(state, buy())["award"] == 0


def test_cancelling_gives_back_the_spend_and_takes_back_the_award(state: VendorState, buy: Buy, receipt: Json) -> None:
    before = wallet(state, receipt["contact_id"])
    real = buy(spend_request={"amount": 0.07})
    alternative = buy(reference_number="R-2", spend_request={"alternative_amount": 12.34})

    for purchase_id in (real, alternative):
        assert cancel_purchase(state, purchase_id).body == {"id": purchase_id}

    assert wallet(state, receipt["contact_id"]) == before
    assert get_purchase(state, real).body["state"] == "CANCELLED"


def test_an_award_spent_meanwhile_leaves_the_wallet_below_zero(state: VendorState, buy: Buy, receipt: Json) -> None:
    receipt["products"][0]["total_amount"] = 1000
    awarded = buy(contact_id=NEWCOMER)
    buy(contact_id=NEWCOMER, reference_number="R-2", spend_request={"amount": 1000 * 0.01 + 1})

    cancel_purchase(state, awarded)

    assert wallet(state, NEWCOMER)[0] < 0
    with pytest.raises(Refused, match="The wallet holds"):
        buy(contact_id=NEWCOMER, reference_number="R-3", spend_request={"amount": 0.01})


def test_a_second_cancel_is_refused(state: VendorState, buy: Buy, receipt: Json) -> None:
    purchase_id = buy(spend_request={"amount": 1})
    cancel_purchase(state, purchase_id)
    before = wallet(state, receipt["contact_id"])

    with pytest.raises(Refused) as refused:
        cancel_purchase(state, purchase_id)

    assert (refused.value.status, refused.value.code) == (400, Key.INVALID_STATE)
    assert wallet(state, receipt["contact_id"]) == before


def test_cancelling_an_unknown_purchase_is_not_found(state: VendorState) -> None:
    with pytest.raises(Refused) as refused:
        cancel_purchase(state, "none")

    assert (refused.value.status, refused.value.code) == (404, Key.NOT_FOUND)


def test_the_reference_number_of_a_cancelled_purchase_stays_in_use(state: VendorState, buy: Buy) -> None:
    cancel_purchase(state, buy())

    with pytest.raises(Refused, match="exists already"):
        buy()


def test_a_contact_without_a_primary_account_cannot_buy(state: VendorState, buy: Buy) -> None:
    account = state.collection("accounts").first("primary_of", NEWCOMER)
    assert account is not None
    state.collection("accounts").delete(account["id"])

    with pytest.raises(Refused, match="no primary account") as refused:
        buy(contact_id=NEWCOMER)

    assert refused.value.status == 400
