"""The older methods of purchases, which a token opens: create, show, cancel."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.vendors.crmcom.conftest import MEMBER, Buy, listed
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.errors import Key
from understudy.vendors.crmcom.operations.customer_events import (
    cancel_purchase_event,
    create_purchase_event,
    get_purchase_event,
)
from understudy.vendors.crmcom.operations.purchases import cancel_purchase, get_purchase
from understudy.vendors.crmcom.operations.tokens import create_token, release_token
from understudy.vendors.crmcom.start import EXAMPLE_TOKEN
from understudy.vendors.crmcom.wallets import primary_account

Json = dict[str, Any]
Create = Callable[..., Json]

LOGIN = {"username": "pos.understudy", "password": "understudy-dev", "organisation": "understudy"}
LINE = {"product_identifier": {"code": "EXAMPLE-CAKE"}, "net_amount": 90, "vat_amount": 9, "total_amount": 99}
NO_CARD = {"authentication_code": "none"}
POSTED = "00000000-0000-4000-8000-00000000c001"


@pytest.fixture
def create(state: VendorState) -> Create:
    """Function that posts a purchase by the older method, with changes, and returns its data."""

    def post(**changes: Any) -> Json:
        body = {
            "token": EXAMPLE_TOKEN,
            "accounts_receivable_identifier": {"number": "EXAMPLE-CONTACT-1"},
            "performed_by_unit_identifier": {"alternative_code": "EXAMPLE-OUTLET"},
            "performed_on": "2026-01-31T12:00:00Z",
            "reference_number": "E-1",
            "products_set": [LINE],
        }
        if changes.keys() & {"performed_by_tap_identifier", "performed_by_business_unit_identifier"}:
            del body["performed_by_unit_identifier"]
        answer: Json = create_purchase_event(state, {**body, **changes}).body
        assert answer["status"] == {"code": "OK", "message": "", "description": ""}
        data: Json = answer["data"]
        return data

    return post


def shown(state: VendorState, identifier: str, **more: Any) -> Json:
    data: Json = get_purchase_event(state, EXAMPLE_TOKEN, identifier, **more).body["data"]
    return data


def refusal(call: Callable[[], object]) -> tuple[int, Any]:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.status, refused.value.code


def balance(state: VendorState) -> Decimal:
    contact = state.collection("contacts").get(MEMBER)
    assert contact
    return Decimal(primary_account(state, contact)["balance"])


def test_what_is_created_is_shown(state: VendorState, create: Create) -> None:
    made = create(description="Cake", external_system="till", external_system_reference_number="T-1")

    assert shown(state, f"id={made['id']}") == shown(state, f"number={made['number']}") == made
    assert (made["type"], made["life_cycle_state"]) == ("PURCHASE", "POSTED")
    assert (made["performed_on"], made["reference_number"]) == ("2026-01-31T12:00:00Z", "E-1")
    assert (made["net_amount"], made["vat_amount"], made["total_amount"]) == (90, 9, 99)
    assert (made["description"], made["external_system"]) == ("Cake", "till")
    assert made["external_system_reference_number"] == "T-1"


def test_an_id_made_by_the_older_method_is_32_digits_and_capitals(create: Create) -> None:
    made = create()["id"]

    assert len(made) == 32
    assert set(made) <= set("0123456789ABCDEF")


def test_a_purchase_of_one_way_is_found_by_the_other(state: VendorState, create: Create, buy: Buy) -> None:
    older, newer = create(), buy()

    assert get_purchase(state, older["id"]).body["code"] == older["number"]
    assert shown(state, f"id={newer}")["reference_number"] == "R-1"
    assert [each["id"] for each in listed(state, size=2)["content"]] == [newer, older["id"]]
    assert cancel_purchase(state, older["id"]).body == {"id": older["id"]}


def test_an_award_is_added_and_shown(state: VendorState, create: Create) -> None:
    before = balance(state)
    made = create()
    [award] = made["award_reward_transactions_set"]

    assert balance(state) - before == Decimal("0.99")
    assert made["total_awarded_amount"] == award["amount"] == 0.99
    assert award["life_cycle_state"] == "POSTED"
    assert award["rewards_participant"]["accounts_receivable"] == made["accounts_receivable"]


def test_nothing_awarded_is_no_award(create: Create) -> None:
    assert create(products_set=[{**LINE, "total_amount": 0.49}])["award_reward_transactions_set"] == []
    [award] = create(reference_number="E-2", products_set=[{**LINE, "total_amount": 0.5}])[
        "award_reward_transactions_set"
    ]
    assert award["amount"] == 0.01


def test_a_cancelled_purchase_gives_its_award_back_once(state: VendorState, create: Create) -> None:
    before = balance(state)
    body = {"token": EXAMPLE_TOKEN, "customer_event_identifier": {"number": create()["number"], "id": None}}

    cancelled = cancel_purchase_event(state, body).body["data"]

    assert cancelled["life_cycle_state"] == "CANCELLED"
    assert cancelled["award_reward_transactions_set"][0]["life_cycle_state"] == "CANCELLED"
    assert balance(state) == before
    assert refusal(lambda: cancel_purchase_event(state, body)) == (400, Key.INVALID_STATE)


@pytest.mark.parametrize(
    "identifier",
    [
        {"number": "EXAMPLE-CONTACT-1"},
        {"name": "Example Member"},
        {"access_token_identifier": {"authentication_code": "UNDERSTUDY0000000001"}},
        {"number": "EXAMPLE-CONTACT-1", "id": None, "name": None, "access_token_identifier": None},
    ],
)
def test_an_account_is_named_by_number_name_or_access_token(create: Create, identifier: Json) -> None:
    account = create(accounts_receivable_identifier=identifier)["accounts_receivable"]

    assert (account["number"], account["name"]) == ("EXAMPLE-CONTACT-1", "Example Member")


def test_an_account_that_is_named_by_id_is_the_one_that_is_used(state: VendorState, create: Create) -> None:
    second = next(each for each in state.collection("accounts") if each["primary_of"] is None)

    assert create(accounts_receivable_identifier={"id": second["id"]})["accounts_receivable"]["id"] == second["id"]
    used = state.collection("accounts").get(second["id"])
    assert used
    assert used["balance"] == "0.99"


def test_a_name_of_two_accounts_is_refused(state: VendorState, create: Create) -> None:
    state.collection("contacts").put({"id": "x", "code": "X", "name": "Example Member", "cim": "X"})

    named = {"name": "Example Member"}
    assert refusal(lambda: create(accounts_receivable_identifier=named)) == (400, Key.CONTACT_NOT_UNIQUE)


@pytest.mark.parametrize(
    "place",
    [
        {"performed_by_unit_identifier": {"alternative_code": "EXAMPLE-OUTLET"}},
        {"performed_by_unit_identifier": {"id": "00000000-0000-4000-8000-00000000b101"}},
        {"performed_by_tap_identifier": {"code": "EXAMPLE-OUTLET"}, "performed_by_unit_identifier": None},
        {"performed_by_business_unit_identifier": {"code": "EXAMPLE-OUTLET"}},
    ],
)
def test_a_place_is_named_as_unit_tap_or_business_unit(state: VendorState, create: Create, place: Json) -> None:
    made = create(**place)

    assert made["performed_by_unit"]["alternative_code"] == "EXAMPLE-OUTLET"
    assert get_purchase(state, made["id"]).body["organisation"]["code"] == "EXAMPLE-MERCHANT"


def test_a_merchant_is_a_place_too(create: Create) -> None:
    made = create(performed_by_business_unit_identifier={"code": "EXAMPLE-MERCHANT"})

    assert made["performed_by_unit"]["name"] == "Example Merchant"


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"token": "unknown"}, Key.INVALID_LOGIN),
        ({"reference_number": "RECEIPT-1001"}, Key.ALREADY_EXISTS),
        ({"accounts_receivable_identifier": {"id": "none"}}, Key.NOT_FOUND),
        ({"accounts_receivable_identifier": {"number": "none"}}, Key.NOT_FOUND),
        ({"accounts_receivable_identifier": {"name": "none"}}, Key.NOT_FOUND),
        ({"accounts_receivable_identifier": {"access_token_identifier": NO_CARD}}, Key.NOT_FOUND),
        ({"performed_by_unit_identifier": {"alternative_code": "none"}}, Key.NOT_FOUND),
        ({"performed_by_business_unit_identifier": {"id": "none"}}, Key.NOT_FOUND),
        ({"classification_identifier": {"alternative_code": "none"}}, Key.NOT_FOUND),
        ({"products_set": [{**LINE, "product_identifier": {"id": "none"}}]}, Key.NOT_FOUND),
        ({"performed_on": "1969-12-31T23:59:59Z"}, Key.INVALID_REQUEST),
        ({"performed_on": "0000-01-01T00:00:00Z"}, Key.INVALID_REQUEST),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_refused_and_changes_nothing(
    state: VendorState, create: Create, changes: Json, key: Key
) -> None:
    before = balance(state), len(state.collection("purchases"))

    assert refusal(lambda: create(**changes))[1] == key
    assert (balance(state), len(state.collection("purchases"))) == before


@pytest.mark.parametrize("at", ["1970-01-01T00:00:00Z", "1970-01-01T01:00:00+01:00", "9999-12-31T23:59:59Z"])
def test_a_purchase_may_lie_anywhere_from_1970_on(state: VendorState, create: Create, at: str) -> None:
    made = create(performed_on=at)

    assert get_purchase(state, made["id"]).body["date"] >= 0
    assert made["performed_on"][:4] == at[:4]


@pytest.mark.parametrize("named", [None, {"code": "NEVER-SEEN"}, {"alternative_code": "NEVER-SEEN", "code": None}])
def test_a_line_without_a_known_product_is_booked_on_the_default_one(create: Create, named: Json | None) -> None:
    [line] = create(products_set=[{**LINE, "product_identifier": named}])["products_set"]

    assert line["product"]["description"] == "Default product"


def test_the_classification_is_shown(create: Create) -> None:
    named = {"id": None, "alternative_code": "ONLINE"}

    assert create(classification_identifier=named)["classification"]["name"] == "Online"
    assert "classification" not in create(reference_number="E-2", classification_identifier=None)


def test_fields_set_chooses_the_fields_of_the_answer(state: VendorState) -> None:
    everything = shown(state, f"id={POSTED}")

    assert shown(state, f"id={POSTED}", fields_set=" number ,id,none") == {
        "id": POSTED,
        "number": everything["number"],
    }
    assert shown(state, f"id={POSTED}", fields_set="") == shown(state, f"id={POSTED}", fields_set=" , ") == everything
    assert shown(state, f"id={POSTED}", fields_set="none") == {}


@pytest.mark.parametrize("identifier", ["id=none", "number=none", "number=", "id=a=b"])
def test_an_unknown_event_is_refused(state: VendorState, identifier: str) -> None:
    assert refusal(lambda: shown(state, identifier)) == (400, Key.NOT_FOUND)


def test_an_unknown_event_is_not_cancelled(state: VendorState) -> None:
    body = {"token": EXAMPLE_TOKEN, "customer_event_identifier": {"number": "none", "id": None}}

    assert refusal(lambda: cancel_purchase_event(state, body)) == (400, Key.NOT_FOUND)


def test_a_token_opens_the_older_methods_for_two_hours(state: VendorState) -> None:
    state.clock.set(rate=0)
    token = create_token(state, LOGIN).body["data"]["token"]
    identifier = f"id={POSTED}"

    state.clock.move(timedelta(hours=2, seconds=-1))
    assert get_purchase_event(state, token, identifier).body["status"]["code"] == "OK"
    state.clock.move(timedelta(seconds=1))
    assert refusal(lambda: get_purchase_event(state, token, identifier)) == (401, Key.INVALID_LOGIN)


def test_a_released_token_opens_nothing(state: VendorState) -> None:
    token = create_token(state, LOGIN).body["data"]["token"]
    release_token(state, {"token": token})
    cancellation = {"token": token, "customer_event_identifier": {"id": POSTED}}

    assert refusal(lambda: get_purchase_event(state, token, f"id={POSTED}")) == (401, Key.INVALID_LOGIN)
    assert refusal(lambda: cancel_purchase_event(state, cancellation)) == (401, Key.INVALID_LOGIN)
    assert shown(state, f"id={POSTED}")["life_cycle_state"] == "POSTED"
