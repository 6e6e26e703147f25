"""Wallets: what a purchase takes from the contact's primary account, what it adds, and how that is undone."""

from dataclasses import dataclass
from decimal import Decimal

from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.errors import Key
from understudy.vendors.crmcom.money import NOTHING, exact, to_cents

AWARD_RATE = Decimal("0.01")
"""No page says how an award comes about; this one is ours, and simple: a cent for every unit of real currency."""

_REAL = "balance"
_ALTERNATIVE = "alternative_balance"


@dataclass(frozen=True, slots=True)
class Spend:
    """An amount to take from one of the two balances of a wallet."""

    balance: str
    amount: Decimal


def read_spend(request: Json | None) -> Spend:
    """Return what a spend request asks for, in cents; nothing if there is none."""
    if request is None:
        return Spend(_REAL, NOTHING)
    if "amount" in request:
        return Spend(_REAL, to_cents(request["amount"]))
    return Spend(_ALTERNATIVE, to_cents(request["alternative_amount"]))


def award(total: Decimal, spend: Spend) -> Decimal:
    """Return what a purchase awards in real currency: a share of what was not paid from the wallet's real balance."""
    paid = total - spend.amount if spend.balance == _REAL else total
    return max(NOTHING, to_cents(paid * AWARD_RATE))


def primary_account(state: VendorState, contact: Json) -> Json:
    """Return the account that a contact's purchases go to, of perhaps several."""
    found = state.collection("accounts").first("primary_of", contact["id"])
    if found is None:
        raise Refused(400, f"Contact {contact['id']!r} has no primary account.", code=Key.NOT_FOUND)
    return found


def check_balance(account: Json, spend: Spend) -> None:
    """Refuse a spend that the account's wallet does not cover."""
    held = exact(account[spend.balance])
    if spend.amount > max(held, NOTHING):
        message = f"The wallet holds {held:f}, less than the {spend.amount:f} to be spent."
        raise Refused(400, message, code=Key.WALLET_TOO_SMALL)


def apply_spend(state: VendorState, account_id: str, spend: Spend, awarded: Decimal) -> None:
    """Take a spend from an account's wallet and add an award to it; both negated, this undoes it."""
    accounts = state.collection("accounts")
    account = accounts.get(account_id)
    if account is None:
        raise KeyError(account_id)
    account[spend.balance] = str(exact(account[spend.balance]) - spend.amount)
    account[_REAL] = str(exact(account[_REAL]) + awarded)
    accounts.put(account)
