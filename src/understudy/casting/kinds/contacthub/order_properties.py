"""``properties`` of order, return, cart, shipment, coupon and reward events; amounts add up."""

from datetime import timedelta

from understudy.casting.kind import Record
from understudy.casting.kinds.contacthub.sequence_run import SequenceRun
from understudy.casting.population.shops_and_products import net_of
from understudy.core.timestamps import iso_milliseconds
from understudy.vendors.contacthub.cast_mapping import order_amount, order_line

SHIPPING, FREE_FROM = 490, 6000
"""Shipping costs, and the total from which there are none, in cents."""

DISCOUNTED = 20
"""Percent of orders with a discount on their first line."""

PAYMENTS = ("creditcard", "creditcard", "paypal", "debitcard", "cash")
CARRIERS = ("Freccia", "Northpost", "Parcelway")
REWARD = {"rewardType": "points", "rewardTypeId": "club-points", "rewardDescription": "Club points"}


def order_properties(run: SequenceRun, kind: str = "sale") -> Record:
    """Return the order of the run's basket."""
    record = _basket(run, kind)
    record |= {"type": kind, "paymentMethod": run.streams["payment"].pick(run.number, PAYMENTS)}
    if run.context == "RETAIL":
        record["storeCode"] = run.shop.code
    elif not run.lacks("shippingMethod"):
        record["shippingMethod"] = "standard"
    return record


def return_properties(run: SequenceRun) -> Record:
    """Return the return of the run's order."""
    return order_properties(run, "return")


def abandoned_cart(run: SequenceRun) -> Record:
    """Return the abandoned cart: the run's basket, and the URL at which it can be found again."""
    record = _basket(run, "sale")
    return record | {"abandonedCartUrl": f"https://shop.example.com/carts/{record['orderId']}"}


def abandoned_session(run: SequenceRun) -> Record:
    """Return the abandoned session, with the products that were viewed."""
    products = [
        {"id": product.id, "sku": product.sku, "name": product.name, "price": product.price / 100}
        for product, _ in run.basket
    ]
    return {"abandonedSessionUrl": "https://shop.example.com/", "products": products}


def shipment(run: SequenceRun) -> Record:
    """Return the shipment of the run's order."""
    code = run.code("T")
    record: Record = {
        "orderId": run.code("O"),
        "carrier": run.streams["carrier"].pick(run.number, CARRIERS),
        "trackingCode": code,
        "packages": 1,
    }
    if not run.lacks("trackingUrl"):
        record["trackingUrl"] = f"https://parcels.example.com/{code}"
    return record


def coupon(run: SequenceRun) -> Record:
    """Return a coupon for the next order."""
    total = 5 * (1 + run.streams["coupon"].below(run.number, 4))
    record: Record = {
        "code": run.code("C"),
        "startValidityDate": iso_milliseconds(run.at),
        "totalAmount": total,
        "remainingAmount": total,
        "status": "GRANTED",
    }
    if not run.lacks("redeemDate"):
        record["redeemDate"] = iso_milliseconds(run.at + timedelta(days=30))
    return record


def reward(run: SequenceRun) -> Record:
    """Return the points of the run's basket: one for each whole unit of its currency."""
    return {"rewardAmount": sum(product.price * quantity for product, quantity in run.basket) // 100, **REWARD}


def _basket(run: SequenceRun, kind: str) -> Record:
    bought = run.basket
    is_reduced = run.streams.in_share("discount", run.number, DISCOUNTED)
    total = tax = discount = 0
    lines = []
    for position, (product, quantity) in enumerate(bought):
        gross = product.price * quantity
        less = gross // 10 if is_reduced and position == 0 else 0
        own_tax = gross - less - net_of(gross - less, product.tax_rate)
        lines.append(order_line(product, quantity, less, kind) | {"discount": less / 100, "tax": own_tax / 100})
        total, tax, discount = total + gross - less, tax + own_tax, discount + less
    shipping = SHIPPING if run.context != "RETAIL" and total < FREE_FROM else 0
    sums = order_amount(total + shipping, tax, bought[0].product.currency, shipping=shipping, discount=discount)
    return {"orderId": run.code("O"), "amount": sums, "products": lines}
