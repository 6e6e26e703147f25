"""Purchase records: posted, cancelled at most once, and as they are read back."""

from understudy.core.json_types import Json, ReadOnlyJson
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.errors import Key
from understudy.vendors.crmcom.lookups import Buyer, TappedMerchant, find_product
from understudy.vendors.crmcom.money import exact, total
from understudy.vendors.crmcom.settings import setting
from understudy.vendors.crmcom.wallets import Spend, apply_spend, award, check_balance, read_spend

POSTED = "POSTED"
CANCELLED = "CANCELLED"

INNER = ("ledger", "event")
"""Properties that are not read back: what a cancellation needs, and what only the older methods show."""


def post_purchase(
    state: VendorState, sent: Json, buyer: Buyer, place: TappedMerchant, classification: Json | None
) -> Json:
    """Store a purchase, subtract its spend from the buyer's wallet, and add its award; return the record.

    ``sent`` is a body of ``create_purchase``; its ``event`` has the properties that only the older methods know.
    """
    spend = read_spend(sent.get("spend_request"))
    check_balance(buyer.account, spend)
    lines = [_line(state, line) for line in sent["products"]]
    amounts = _amounts(lines, is_of_unit=setting(state, "amounts") == "of one unit")
    awarded = award(exact(amounts["total"]), spend)
    apply_spend(state, buyer.account["id"], spend, awarded)
    purchase = {
        "id": sent.get("id") or state.new_id(),
        "reference_number": sent["reference_number"],
        "code": f"P{len(state.collection('purchases')) + 1:08d}",
        "state": POSTED,
        "transaction_amounts": amounts,
        "currency_code": sent.get("currency_code", "EUR"),
        "date": sent.get("performed_on", int(state.now().timestamp())),
        "organisation": _pick(place.merchant, "id", "code", "name"),
        "tap": _pick(place.tap, "id", "code", "name"),
        "products": lines,
        "contact": _pick(buyer.contact, "id", "code", "name"),
        "rewards": {"award": float(awarded), "spend": float(spend.amount), "redeem": 0},
        "ledger": {"account_id": buyer.account["id"], "balance": spend.balance, "spend": str(spend.amount)},
        **_pick(sent, "payment_medium_identifier", "event"),
    }
    if "spend_request" in sent:
        purchase["spend_request"] = _pick(sent["spend_request"], "amount", "alternative_amount")
    if classification:
        purchase["classification"] = _pick(classification, "id", "name")
    state.collection("purchases").put(purchase)
    return purchase


def cancel_posted(state: VendorState, purchase: Json) -> Json:
    """Cancel a posted purchase, and reverse its spend and its award; refuse one that is not posted."""
    if purchase["state"] != POSTED:
        message = f"Purchase {purchase['id']!r} is {purchase['state']}, only {POSTED} ones can be cancelled."
        raise Refused(400, message, code=Key.INVALID_STATE)
    ledger = purchase["ledger"]
    spend = Spend(ledger["balance"], -exact(ledger["spend"]))
    apply_spend(state, ledger["account_id"], spend, -exact(purchase["rewards"]["award"]))
    cancelled = {**purchase, "state": CANCELLED}
    state.collection("purchases").put(cancelled)
    return cancelled


def find_repeated(state: VendorState, sent: Json) -> Json | None:
    """Return the purchase with the reference number, where the scenario has it answered; refuse it otherwise.

    That a reference number and an id are used once is documented, the response to a second use is inferred.
    """
    purchases = state.collection("purchases")
    found = purchases.first("reference_number", sent["reference_number"])
    if found and setting(state, "repeated_reference") == "answered":
        return found
    if "id" in sent and sent["id"] in purchases:
        message = f"A purchase with id {sent['id']!r} exists already."
        raise Refused(400, message, code=Key.ALREADY_EXISTS)
    if found:
        message = f"A purchase with reference number {sent['reference_number']!r} exists already."
        raise Refused(400, message, code=Key.ALREADY_EXISTS)
    return None


def purchase_response(purchase: ReadOnlyJson) -> Json:
    """Return a purchase as it is read back."""
    return {field: value for field, value in purchase.items() if field not in INNER}


def _line(state: VendorState, sent: Json) -> Json:
    return {
        "id": state.new_id(),
        "product_sku": _pick(find_product(state, sent["product_sku"]), "id", "sku", "name"),
        "quantity": sent.get("quantity", 1),
        **_pick(sent, "net_amount", "tax_amount", "total_amount"),
    }


def _amounts(lines: list[Json], *, is_of_unit: bool) -> Json:
    """Return the sums over all lines; where amounts are of one unit, each counts as often as the line's quantity."""

    def added(field: str) -> float:
        amounts = (exact(line[field]) * (exact(line["quantity"]) if is_of_unit else 1) for line in lines)
        return float(total(amounts))

    return {"net": added("net_amount"), "tax": added("tax_amount"), "discount": 0, "total": added("total_amount")}


def _pick(record: Json, *fields: str) -> Json:
    return {field: record[field] for field in fields if field in record}
