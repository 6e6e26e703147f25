from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.vendors.crmcom.conftest import listed
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.errors import Key
from understudy.vendors.crmcom.operations.purchases import create_purchase, get_purchase

Json = dict[str, Any]
Buy = Callable[..., str]


def read(state: VendorState, purchase_id: str) -> Json:
    found: Json = get_purchase(state, purchase_id).body
    return found


def test_a_purchase_is_posted_at_once_and_read_back(state: VendorState, buy: Buy, receipt: Json) -> None:
    found = read(state, buy())

    assert found["state"] == "POSTED"
    assert found["reference_number"] == receipt["reference_number"]
    assert found["contact"]["id"] == receipt["contact_id"]
    assert found["transaction_amounts"] == {"net": 4.5, "tax": 0.45, "discount": 0, "total": 4.95}
    assert "ledger" not in found


def test_an_id_chosen_by_the_client_is_kept(buy: Buy) -> None:
    assert buy(id="till-7-000123") == "till-7-000123"


def test_an_id_in_use_is_refused(buy: Buy) -> None:
    used = buy()

    with pytest.raises(Refused) as refused:
        buy(id=used, reference_number="R-2")

    assert (refused.value.status, refused.value.code) == (400, Key.ALREADY_EXISTS)


def test_a_reference_number_in_use_is_refused(buy: Buy) -> None:
    buy()

    with pytest.raises(Refused) as refused:
        buy()

    assert (refused.value.status, refused.value.code) == (400, Key.ALREADY_EXISTS)


def test_a_contact_is_found_by_its_medium(state: VendorState, buy: Buy, receipt: Json) -> None:
    member = receipt.pop("contact_id")

    assert read(state, buy(cim="UNDERSTUDY0000000001"))["contact"]["id"] == member


@pytest.mark.parametrize(
    "changes",
    [
        {"contact_id": "nobody"},
        {"merchant_tap": {"code": "nowhere"}},
        {"merchant_tap": {"id": "nowhere"}},
        {"outlet_tap": {"code": "nowhere"}},
        {"classification": {"code": "none"}},
        {"classification": {"id": "\x00"}},
    ],
)
def test_naming_an_unknown_record_is_refused(state: VendorState, buy: Buy, changes: Json) -> None:
    before = len(state.collection("purchases"))

    with pytest.raises(Refused) as refused:
        buy(**changes)

    assert (refused.value.status, refused.value.code) == (400, Key.NOT_FOUND)
    assert len(state.collection("purchases")) == before


def test_an_outlet_of_another_merchant_is_refused(buy: Buy) -> None:
    with pytest.raises(Refused, match="does not belong") as refused:
        buy(merchant_tap={"code": "EXAMPLE-OTHER-MERCHANT"}, outlet_tap={"code": "EXAMPLE-OUTLET"})

    assert refused.value.status == 400


def test_an_outlet_alone_implies_its_merchant(state: VendorState, buy: Buy, receipt: Json) -> None:
    del receipt["merchant_tap"]

    found = read(state, buy(outlet_tap={"code": "EXAMPLE-OUTLET"}))

    assert (found["organisation"]["code"], found["tap"]["code"]) == ("EXAMPLE-MERCHANT", "EXAMPLE-OUTLET")


def test_a_merchant_alone_is_the_tap_too(state: VendorState, buy: Buy) -> None:
    found = read(state, buy())

    assert found["organisation"] == found["tap"]


def test_merchant_outlet_and_classification_are_found_by_id_too(state: VendorState, buy: Buy) -> None:
    found = read(
        state,
        buy(
            merchant_tap={"id": "00000000-0000-4000-8000-00000000b001"},
            outlet_tap={"id": "00000000-0000-4000-8000-00000000b101"},
            classification={"id": "00000000-0000-4000-8000-00000000d002"},
        ),
    )

    assert found["tap"]["name"] == "Example Outlet"
    assert found["classification"]["name"] == "Online"


def test_the_default_time_of_a_purchase_is_now(state: VendorState, buy: Buy) -> None:
    state.clock.set(rate=0)
    now = int(state.now().timestamp())

    assert read(state, buy())["date"] == now
    assert read(state, buy(reference_number="R-2", performed_on=0))["date"] == 0
    state.clock.move(timedelta(days=1))
    assert read(state, buy(reference_number="R-3"))["date"] == now + 86400


def test_the_default_currency_is_the_euro(state: VendorState, buy: Buy) -> None:
    assert read(state, buy())["currency_code"] == "EUR"
    assert read(state, buy(reference_number="R-2", currency_code="GBP"))["currency_code"] == "GBP"


def test_the_default_quantity_is_one(state: VendorState, buy: Buy, receipt: Json) -> None:
    line = receipt["products"][0]
    products = [line, {**line, "quantity": 2.5}]

    assert [found["quantity"] for found in read(state, buy(products=products))["products"]] == [1, 2.5]


def test_an_unknown_product_is_booked_on_the_default_one(state: VendorState, buy: Buy, receipt: Json) -> None:
    line = receipt["products"][0] | {"product_sku": "NEVER-SEEN\x00"}

    product = read(state, buy(products=[line]))["products"][0]["product_sku"]

    assert (product["sku"], product["name"]) == ("NEVER-SEEN\x00", "Default product")


def test_sums_are_exact(state: VendorState, buy: Buy, receipt: Json) -> None:
    line = receipt["products"][0] | {"net_amount": 0.1, "tax_amount": 0.2, "total_amount": 0.3}

    sums = read(state, buy(products=[line] * 3))["transaction_amounts"]

    assert sums == {"net": 0.3, "tax": 0.6, "discount": 0, "total": 0.9}


def test_unknown_fields_are_not_stored(state: VendorState, buy: Buy) -> None:
    found = read(state, buy(unknown_field=[2**63 - 1], spend_request={"amount": 1, "unknown_field": {}}))

    assert "unknown_field" not in found
    assert found["spend_request"] == {"amount": 1}


def test_an_unknown_purchase_is_not_found(state: VendorState) -> None:
    with pytest.raises(Refused) as refused:
        get_purchase(state, "\x00")

    assert (refused.value.status, refused.value.code) == (404, Key.NOT_FOUND)


def test_the_purchase_posted_last_is_listed_first(state: VendorState, buy: Buy) -> None:
    first, second = buy(), buy(reference_number="R-2")

    page = listed(state, page=1, size=2)

    assert [found["id"] for found in page["content"]] == [second, first]
    assert all("ledger" not in found for found in page["content"])


def test_pages_hold_every_purchase_once(state: VendorState) -> None:
    total = len(state.collection("purchases"))
    pages = [listed(state, page=page, size=7) for page in range(1, (total + 6) // 7 + 1)]

    seen = [found["id"] for page in pages for found in page["content"]]
    assert seen == state.collection("purchases").keys()[::-1]
    assert [page["paging"]["has_more"] for page in pages] == [True] * (len(pages) - 1) + [False]
    assert {page["paging"]["total"] for page in pages} == {total}


def test_a_page_beyond_the_last_is_empty(state: VendorState) -> None:
    body = listed(state, page=2**31 - 1, size=100)

    assert body["content"] == []
    assert not body["paging"]["has_more"]


def test_codes_count_up(state: VendorState, buy: Buy) -> None:
    codes = [read(state, found)["code"] for found in (buy(), buy(reference_number="R-2"))]

    assert int(codes[1][1:]) == int(codes[0][1:]) + 1


def test_the_body_is_not_changed(state: VendorState, receipt: Json) -> None:
    before = str(receipt)

    create_purchase(state, receipt)

    assert str(receipt) == before
