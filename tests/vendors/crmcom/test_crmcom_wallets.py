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


def wallet(world: VendorState, contact_id: str) -> tuple[Decimal, Decimal]:
    """The real and the alternative balance of a contact's primary account."""
    account = world.collection("accounts").first("primary_of", contact_id)
    assert account is not None
    return Decimal(account["balance"]), Decimal(account["alternative_balance"])


def rewards(world: VendorState, purchase_id: str) -> Json:
    found: Json = get_purchase(world, purchase_id).body["rewards"]
    return found


def test_a_spend_is_taken_from_the_real_balance(world: VendorState, buy: Buy, receipt: Json) -> None:
    real, alternative = wallet(world, receipt["contact_id"])

    given = rewards(world, buy(spend_request={"amount": 2.12}))

    assert given == {"award": 0.03, "spend": 2.12, "redeem": 0}
    assert wallet(world, receipt["contact_id"]) == (real - Decimal("2.12") + Decimal("0.03"), alternative)


def test_a_spend_is_taken_from_the_alternative_balance(world: VendorState, buy: Buy, receipt: Json) -> None:
    real, alternative = wallet(world, receipt["contact_id"])

    given = rewards(world, buy(spend_request={"alternative_amount": 300}))

    assert given == {"award": 0.05, "spend": 300, "redeem": 0}
    assert wallet(world, receipt["contact_id"]) == (real + Decimal("0.05"), alternative - 300)


def test_the_whole_balance_can_be_spent_and_not_a_cent_more(world: VendorState, buy: Buy) -> None:
    with pytest.raises(Refused) as refused:
        buy(contact_id=NEWCOMER, spend_request={"amount": 1.01})
    buy(contact_id=NEWCOMER, spend_request={"amount": 1.0})

    assert (refused.value.status, refused.value.code) == (400, Key.WALLET_TOO_SMALL)
    assert wallet(world, NEWCOMER)[0] == Decimal("0.04")


def test_a_refused_spend_leaves_no_trace(world: VendorState, buy: Buy) -> None:
    before = wallet(world, NEWCOMER), len(world.collection("purchases"))

    with pytest.raises(Refused):
        buy(contact_id=NEWCOMER, spend_request={"alternative_amount": 0.01})

    assert (wallet(world, NEWCOMER), len(world.collection("purchases"))) == before


def test_a_hundred_cents_make_one_unit(world: VendorState, buy: Buy, receipt: Json) -> None:
    receipt["products"][0]["total_amount"] = 0.01
    real, _ = wallet(world, receipt["contact_id"])

    for number in range(100):
        buy(reference_number=f"C-{number}", spend_request={"amount": 0.01})

    assert wallet(world, receipt["contact_id"])[0] == real - 1


def test_a_purchase_with_several_accounts_goes_to_the_primary_one(world: VendorState, buy: Buy) -> None:
    contact = next(iter(world.collection("contacts")))["id"]
    own = [found for found in world.collection("accounts") if found["contact_id"] == contact]
    others = [found for found in own if not found["primary_of"]]
    before = wallet(world, contact)[0]

    buy(contact_id=contact, spend_request={"amount": 10})

    assert wallet(world, contact)[0] < before
    assert len(others) == 1
    assert world.collection("accounts").get(others[0]["id"]) == others[0]


def test_a_purchase_below_zero_awards_nothing(world: VendorState, buy: Buy, receipt: Json) -> None:
    receipt["products"][0]["total_amount"] = -1000

    assert rewards(world, buy())["award"] == 0


def test_cancelling_gives_back_the_spend_and_takes_back_the_award(world: VendorState, buy: Buy, receipt: Json) -> None:
    before = wallet(world, receipt["contact_id"])
    real = buy(spend_request={"amount": 0.07})
    alternative = buy(reference_number="R-2", spend_request={"alternative_amount": 12.34})

    for purchase_id in (real, alternative):
        assert cancel_purchase(world, purchase_id).body == {"id": purchase_id}

    assert wallet(world, receipt["contact_id"]) == before
    assert get_purchase(world, real).body["state"] == "CANCELLED"


def test_an_award_spent_meanwhile_leaves_the_wallet_below_zero(world: VendorState, buy: Buy, receipt: Json) -> None:
    receipt["products"][0]["total_amount"] = 1000
    awarded = buy(contact_id=NEWCOMER)
    buy(contact_id=NEWCOMER, reference_number="R-2", spend_request={"amount": 1000 * 0.01 + 1})

    cancel_purchase(world, awarded)

    assert wallet(world, NEWCOMER)[0] < 0
    with pytest.raises(Refused, match="The wallet holds"):
        buy(contact_id=NEWCOMER, reference_number="R-3", spend_request={"amount": 0.01})


def test_a_second_cancel_is_refused(world: VendorState, buy: Buy, receipt: Json) -> None:
    purchase_id = buy(spend_request={"amount": 1})
    cancel_purchase(world, purchase_id)
    before = wallet(world, receipt["contact_id"])

    with pytest.raises(Refused) as refused:
        cancel_purchase(world, purchase_id)

    assert (refused.value.status, refused.value.code) == (400, Key.INVALID_STATE)
    assert wallet(world, receipt["contact_id"]) == before


def test_cancelling_an_unknown_purchase_is_not_found(world: VendorState) -> None:
    with pytest.raises(Refused) as refused:
        cancel_purchase(world, "none")

    assert (refused.value.status, refused.value.code) == (404, Key.NOT_FOUND)


def test_the_reference_number_of_a_cancelled_purchase_stays_in_use(world: VendorState, buy: Buy) -> None:
    cancel_purchase(world, buy())

    with pytest.raises(Refused, match="exists already"):
        buy()


def test_a_contact_without_a_primary_account_cannot_buy(world: VendorState, buy: Buy) -> None:
    account = world.collection("accounts").first("primary_of", NEWCOMER)
    assert account is not None
    world.collection("accounts").delete(account["id"])

    with pytest.raises(Refused, match="no primary account") as refused:
        buy(contact_id=NEWCOMER)

    assert refused.value.status == 400
