"""Handlers of purchases: posted at creation, cancelled at most once."""

from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.errors import Key
from understudy.vendors.crmcom.lookups import find_classification, find_contact, find_product, find_taps
from understudy.vendors.crmcom.money import exact, total
from understudy.vendors.crmcom.wallets import Spend, apply_spend, award, check_balance, primary_account, read_spend

POSTED = "POSTED"
CANCELLED = "CANCELLED"


def create_purchase(state: VendorState, body: Json) -> Reply:
    """Post a purchase of a contact: subtract its spend from the wallet, add its award, and return its id."""
    _require_new(state, body)
    contact = find_contact(state, body)
    merchant, tap = find_taps(state, body)
    classification = find_classification(state, body)
    account = primary_account(state, contact)
    spend = read_spend(body.get("spend_request"))
    check_balance(account, spend)

    lines = [_line(state, sent) for sent in body["products"]]
    awarded = award(total(line["total_amount"] for line in lines), spend)
    apply_spend(state, account["id"], spend, awarded)
    purchase = {
        "id": body.get("id") or state.new_id(),
        "reference_number": body["reference_number"],
        "code": f"P{len(state.collection('purchases')) + 1:08d}",
        "state": POSTED,
        "transaction_amounts": _amounts(lines),
        "currency_code": body.get("currency_code", "EUR"),
        "date": body.get("performed_on", int(state.now().timestamp())),
        "organisation": _pick(merchant, "id", "code", "name"),
        "tap": _pick(tap, "id", "code", "name"),
        "products": lines,
        "contact": _pick(contact, "id", "code", "name"),
        "rewards": {"award": float(awarded), "spend": float(spend.amount), "redeem": 0},
        "ledger": {"account_id": account["id"], "balance": spend.balance, "spend": str(spend.amount)},
        **_pick(body, "payment_medium_identifier"),
    }
    if "spend_request" in body:
        purchase["spend_request"] = _pick(body["spend_request"], "amount", "alternative_amount")
    if classification:
        purchase["classification"] = _pick(classification, "id", "name")
    state.collection("purchases").put(purchase)
    return Reply({"id": purchase["id"]})


def list_purchases(state: VendorState, page: int, size: int) -> Reply:
    """Return a page of purchases, newest first."""
    purchases = state.collection("purchases")
    newest_first = purchases.keys()[::-1]
    start = (page - 1) * size
    found = map(purchases.get, newest_first[start : start + size])
    paging = {"page": page, "size": size, "total": len(newest_first), "has_more": start + size < len(newest_first)}
    return Reply({"paging": paging, "content": [_purchase_response(purchase) for purchase in found if purchase]})


def get_purchase(state: VendorState, id: str) -> Reply:  # noqa: A002 - the parameter's name in the spec
    """Return a purchase, posted or cancelled."""
    return Reply(_purchase_response(_find_purchase(state, id)))


def cancel_purchase(state: VendorState, id: str) -> Reply:  # noqa: A002 - the parameter's name in the spec
    """Cancel a posted purchase: reverse its spend and its award."""
    purchase = _find_purchase(state, id)
    if purchase["state"] != POSTED:
        message = f"Purchase {id!r} is {purchase['state']}, only {POSTED} ones can be cancelled."
        raise Refused(400, message, code=Key.INVALID_STATE)
    ledger = purchase["ledger"]
    spend = Spend(ledger["balance"], -exact(ledger["spend"]))
    apply_spend(state, ledger["account_id"], spend, -exact(purchase["rewards"]["award"]))
    state.collection("purchases").put({**purchase, "state": CANCELLED})
    return Reply({"id": id})


def _require_new(state: VendorState, body: Json) -> None:
    """Refuse an id or reference number in use: unique is documented, the response otherwise is inferred."""
    purchases = state.collection("purchases")
    if "id" in body and body["id"] in purchases:
        message = f"A purchase with id {body['id']!r} exists already."
        raise Refused(400, message, code=Key.ALREADY_EXISTS)
    if purchases.first("reference_number", body["reference_number"]):
        message = f"A purchase with reference number {body['reference_number']!r} exists already."
        raise Refused(400, message, code=Key.ALREADY_EXISTS)


def _find_purchase(state: VendorState, purchase_id: str) -> Json:
    found = state.collection("purchases").get(purchase_id)
    if found is None:
        raise Refused(404, f"No purchase has id {purchase_id!r}.", code=Key.NOT_FOUND)
    return found


def _line(state: VendorState, sent: Json) -> Json:
    return {
        "id": state.new_id(),
        "product_sku": _pick(find_product(state, sent["product_sku"]), "id", "sku", "name"),
        "quantity": sent.get("quantity", 1),
        **_pick(sent, "net_amount", "tax_amount", "total_amount"),
    }


def _amounts(lines: list[Json]) -> Json:
    def added(field: str) -> float:
        return float(total(line[field] for line in lines))

    return {
        "net": added("net_amount"),
        "tax": added("tax_amount"),
        "discount": 0,
        "total": added("total_amount"),
    }


def _pick(record: Json, *fields: str) -> Json:
    return {field: record[field] for field in fields if field in record}


def _purchase_response(purchase: Json) -> Json:
    """Return a purchase without ``ledger``, which only a cancellation needs."""
    return {field: value for field, value in purchase.items() if field != "ledger"}
