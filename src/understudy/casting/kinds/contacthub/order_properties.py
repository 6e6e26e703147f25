"""Orders and what goes with them: baskets that add up, coupons, rewards, parcels."""

from datetime import timedelta

from understudy.casting.kind import Record
from understudy.casting.kinds.contacthub.sequence_run import SequenceRun
from understudy.casting.population.shops_and_products import net_of
from understudy.core.timestamps import iso_milliseconds
from understudy.vendors.contacthub.start_data.product_values import order_amount, order_line

SHIPPING, FREE_FROM = 490, 6000
DISCOUNTED = 20
PAYMENTS = ("creditcard", "creditcard", "paypal", "debitcard", "cash")
CARRIERS = ("Freccia", "Northpost", "Parcelway")
REWARD = {"rewardType": "points", "rewardTypeId": "club-points", "rewardDescription": "Club points"}


def order_properties(occasion: SequenceRun, kind: str = "sale") -> Record:
    """Return the order of the scene's basket."""
    record = _basket(occasion, kind)
    record |= {"type": kind, "paymentMethod": occasion.draws["payment"].pick(occasion.number, PAYMENTS)}
    if occasion.context == "RETAIL":
        record["storeCode"] = occasion.shop.code
    elif not occasion.lacks("shippingMethod"):
        record["shippingMethod"] = "standard"
    return record


def return_properties(occasion: SequenceRun) -> Record:
    """Return the return of the scene's order."""
    return order_properties(occasion, "return")


def abandoned_cart(occasion: SequenceRun) -> Record:
    """Return a basket that was left."""
    record = _basket(occasion, "sale")
    return record | {"abandonedCartUrl": f"https://shop.example.com/carts/{record['orderId']}"}


def abandoned_session(occasion: SequenceRun) -> Record:
    """Return a visit that was broken off, with what had been looked at."""
    products = [
        {"id": product.id, "sku": product.sku, "name": product.name, "price": product.price / 100}
        for product, _ in occasion.basket
    ]
    return {"abandonedSessionUrl": "https://shop.example.com/", "products": products}


def shipment(occasion: SequenceRun) -> Record:
    """Return the parcel with the scene's order."""
    code = occasion.code("T")
    record: Record = {
        "orderId": occasion.code("O"),
        "carrier": occasion.draws["carrier"].pick(occasion.number, CARRIERS),
        "trackingCode": code,
        "packages": 1,
    }
    if not occasion.lacks("trackingUrl"):
        record["trackingUrl"] = f"https://parcels.example.com/{code}"
    return record


def coupon(occasion: SequenceRun) -> Record:
    """Return a coupon for the next order."""
    total = 5 * (1 + occasion.draws["coupon"].below(occasion.number, 4))
    record: Record = {
        "code": occasion.code("C"),
        "startValidityDate": iso_milliseconds(occasion.at),
        "totalAmount": total,
        "remainingAmount": total,
        "status": "GRANTED",
    }
    if not occasion.lacks("redeemDate"):
        record["redeemDate"] = iso_milliseconds(occasion.at + timedelta(days=30))
    return record


def reward(occasion: SequenceRun) -> Record:
    """Return the points of the scene's basket: one for each unit of its currency."""
    return {"rewardAmount": sum(product.price * quantity for product, quantity in occasion.basket) // 100, **REWARD}


def _basket(occasion: SequenceRun, kind: str) -> Record:
    bought = occasion.basket
    is_reduced = occasion.draws.in_share("discount", occasion.number, DISCOUNTED)
    total = tax = discount = 0
    lines = []
    for position, (product, quantity) in enumerate(bought):
        gross = product.price * quantity
        less = gross // 10 if is_reduced and position == 0 else 0
        own_tax = gross - less - net_of(gross - less, product.tax_rate)
        lines.append(order_line(product, quantity, less, kind) | {"discount": less / 100, "tax": own_tax / 100})
        total, tax, discount = total + gross - less, tax + own_tax, discount + less
    shipping = SHIPPING if occasion.context != "RETAIL" and total < FREE_FROM else 0
    sums = order_amount(total + shipping, tax, bought[0].product.currency, shipping=shipping, discount=discount)
    return {"orderId": occasion.code("O"), "amount": sums, "products": lines}
