from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.operations.purchases import create_purchase


def test_a_start_has_posted_and_cancelled_purchases(world: VendorState) -> None:
    states = [found["state"] for found in world.collection("purchases")]

    assert states.count("POSTED") > states.count("CANCELLED") > 0


def test_every_outlet_belongs_to_a_merchant(world: VendorState) -> None:
    merchants = world.collection("merchants")

    assert all(found["merchant_id"] in merchants for found in world.collection("outlets"))


def test_every_contact_has_a_medium_and_a_wallet(world: VendorState) -> None:
    for contact in world.collection("contacts"):
        assert world.collection("contacts").first("cim", contact["cim"]) == contact
        assert world.collection("accounts").first("primary_of", contact["id"]) is not None


def test_each_outlet_can_sell_each_product_to_each_contact(world: VendorState) -> None:
    outlets, products = list(world.collection("outlets")), list(world.collection("products"))

    for number, contact in enumerate(world.collection("contacts")):
        outlet = outlets[number % len(outlets)]
        product = products[number % len(products)]
        line = {"product_sku": product["sku"], "net_amount": 1, "tax_amount": 0, "total_amount": 1}
        taps = {"merchant_tap": {"id": outlet["merchant_id"]}, "outlet_tap": {"id": outlet["id"]}}
        body = {"cim": contact["cim"], "reference_number": f"EACH-{number}", "products": [line], **taps}

        assert create_purchase(world, body).status == 200


def test_no_purchase_lies_in_the_future(world: VendorState) -> None:
    now = world.now().timestamp()

    assert all(found["date"] <= now for found in world.collection("purchases"))
