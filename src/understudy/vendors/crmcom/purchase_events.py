"""Purchases as the older methods take and show them."""

from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.timestamps import parse_rfc3339
from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.errors import Key
from understudy.vendors.crmcom.event_identifiers import sku_of

OWN_FIELDS = ("description", "external_system", "external_system_reference_number")
"""Fields that only the older methods know."""

EPOCH = datetime.fromtimestamp(0, UTC)


def new_event_id(state: VendorState) -> str:
    """Return an unused id in the form of the older generation: 32 digits and capitals."""
    return state.new_id().replace("-", "").upper()


def as_purchase(state: VendorState, body: Json) -> Json:
    """Return a body of the older method as one of the newer."""
    return {
        "id": new_event_id(state),
        "reference_number": body["reference_number"],
        "performed_on": _seconds(body["performed_on"]),
        "products": [_line(state, sent) for sent in body["products_set"]],
        "event": {name: body[name] for name in OWN_FIELDS if name in body},
    }


def show(purchase: Json, fields_set: str | None) -> Json:
    """Return a purchase with the fields that ``fields_set`` names, with commas between them; with all without it."""
    shown = _event(purchase)
    names = {name.strip() for name in (fields_set or "").split(",")} - {""}
    return {name: value for name, value in shown.items() if name in names} if names else shown


def _event(purchase: Json) -> Json:
    own, amounts, rewards = purchase.get("event", {}), purchase["transaction_amounts"], purchase["rewards"]
    account = _account(purchase)
    shown = {
        "id": purchase["id"],
        "number": purchase["code"],
        "type": "PURCHASE",
        "life_cycle_state": purchase["state"],
        "performed_on": _text(purchase["date"]),
        "reference_number": purchase["reference_number"],
        "payment_medium_identifier": purchase.get("payment_medium_identifier"),
        "net_amount": amounts["net"],
        "vat_amount": amounts["tax"],
        "total_amount": amounts["total"],
        "total_awarded_amount": rewards["award"],
        "total_spend_amount": rewards["spend"],
        **{name: own.get(name) for name in OWN_FIELDS},
        "accounts_receivable": account,
        "performed_by_unit": _unit(purchase["tap"]),
        "currency": {"code": purchase["currency_code"]},
        "products_set": [_product(line) for line in purchase["products"]],
        "award_reward_transactions_set": _awards(purchase, account),
    }
    if "classification" in purchase:
        shown["classification"] = purchase["classification"]
    return shown


def _seconds(text: str) -> int:
    """Return the seconds since 1970 of a time that the schema has checked; refuse one before."""
    at = parse_rfc3339(text)
    if at is None or at < EPOCH:
        raise Refused(400, f"performed_on {text!r} is not after 1970.", code=Key.INVALID_REQUEST)
    return int(at.timestamp())


def _text(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def _line(state: VendorState, sent: Json) -> Json:
    return {
        "product_sku": sku_of(state, sent.get("product_identifier")),
        "net_amount": sent["net_amount"],
        "tax_amount": sent["vat_amount"],
        "total_amount": sent["total_amount"],
        "quantity": sent.get("quantity", 1),
    }


def _product(line: Json) -> Json:
    product = line["product_sku"]
    return {
        "id": line["id"],
        "quantity": line["quantity"],
        "net_amount": line["net_amount"],
        "vat_amount": line["tax_amount"],
        "total_amount": line["total_amount"],
        "product": {
            "id": product["id"],
            "code": product["sku"],
            "description": product["name"],
            "alternative_code": product["sku"],
        },
    }


def _account(purchase: Json) -> Json:
    contact = purchase["contact"]
    return {
        "id": purchase["ledger"]["account_id"],
        "number": contact["code"],
        "name": contact["name"],
        "life_cycle_state": "ACTIVE",
    }


def _unit(tap: Json) -> Json:
    return {"id": tap["id"], "name": tap["name"], "alternative_code": tap["code"]}


def _awards(purchase: Json, account: Json) -> list[Json]:
    """Return the award of a purchase, with ids that are the same at each reading; none if nothing was awarded."""
    amount = purchase["rewards"]["award"]
    if not amount:
        return []
    participant = {"id": _derived_id("participant", account["id"]), "number": account["number"]}
    return [
        {
            "id": _derived_id("award", purchase["id"]),
            "number": f"{purchase['code']}-1",
            "amount": amount,
            "life_cycle_state": purchase["state"],
            "rewards_participant": {**participant, "accounts_receivable": account},
        }
    ]


def _derived_id(kind: str, of: str) -> str:
    return uuid5(NAMESPACE_URL, f"{kind} {of}").hex.upper()
