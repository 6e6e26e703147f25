from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.operations.purchases import create_purchase


def test_the_start_data_has_posted_and_cancelled_purchases(state: VendorState) -> None:
    states = [found["state"] for found in state.collection("purchases")]

    assert states.count("POSTED") > states.count("CANCELLED") > 0


def test_every_outlet_belongs_to_a_merchant(state: VendorState) -> None:
    merchants = state.collection("merchants")

    assert all(found["merchant_id"] in merchants for found in state.collection("outlets"))


def test_every_contact_has_a_medium_and_a_wallet(state: VendorState) -> None:
    for contact in state.collection("contacts"):
        assert state.collection("contacts").first("cim", contact["cim"]) == contact
        assert state.collection("accounts").first("primary_of", contact["id"]) is not None


def test_each_outlet_can_sell_each_product_to_each_contact(state: VendorState) -> None:
    outlets, products = list(state.collection("outlets")), list(state.collection("products"))

    for number, contact in enumerate(state.collection("contacts")):
        outlet = outlets[number % len(outlets)]
        product = products[number % len(products)]
        line = {"product_sku": product["sku"], "net_amount": 1, "tax_amount": 0, "total_amount": 1}
        taps = {"merchant_tap": {"id": outlet["merchant_id"]}, "outlet_tap": {"id": outlet["id"]}}
        body = {"cim": contact["cim"], "reference_number": f"EACH-{number}", "products": [line], **taps}

        assert create_purchase(state, body).status == 200


def test_no_purchase_lies_in_the_future(state: VendorState) -> None:
    now = state.now().timestamp()

    assert all(found["date"] <= now for found in state.collection("purchases"))
