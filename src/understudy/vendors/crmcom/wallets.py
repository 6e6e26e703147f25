"""Wallets: spends and awards of purchases on the contact's primary account, and their reversal."""

from dataclasses import dataclass
from decimal import Decimal

from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.errors import Key
from understudy.vendors.crmcom.money import ZERO, exact, to_cents

AWARD_RATE = Decimal("0.01")
"""Award for each unit of real currency: a cent. Inferred, for no page documents how awards are calculated."""

_REAL = "balance"
_ALTERNATIVE = "alternative_balance"


@dataclass(frozen=True, slots=True)
class Spend:
    """Amount to be taken from one of a wallet's two balances; ``balance`` is the balance's field in the account."""

    balance: str
    amount: Decimal


def read_spend(request: Json | None) -> Spend:
    """Return the spend of a spend request, rounded to hundredths; a spend of zero if there is no request."""
    if request is None:
        return Spend(_REAL, ZERO)
    if "amount" in request:
        return Spend(_REAL, to_cents(request["amount"]))
    return Spend(_ALTERNATIVE, to_cents(request["alternative_amount"]))


def award(total: Decimal, spend: Spend) -> Decimal:
    """Return the award of a purchase in real currency: a share of the amount not paid from the real balance."""
    paid = total - spend.amount if spend.balance == _REAL else total
    return max(ZERO, to_cents(paid * AWARD_RATE))


def primary_account(state: VendorState, contact: Json) -> Json:
    """Return the contact's account for purchases; refuse if there is none."""
    found = state.collection("accounts").first("primary_of", contact["id"])
    if found is None:
        raise Refused(400, f"Contact {contact['id']!r} has no primary account.", code=Key.NOT_FOUND)
    return found


def check_balance(account: Json, spend: Spend) -> None:
    """Refuse a spend greater than the balance that it is to be taken from."""
    balance = exact(account[spend.balance])
    if spend.amount > max(balance, ZERO):
        message = f"The wallet holds {balance:f}, less than the {spend.amount:f} to be spent."
        raise Refused(400, message, code=Key.WALLET_TOO_SMALL)


def apply_spend(state: VendorState, account_id: str, spend: Spend, awarded: Decimal) -> None:
    """Subtract a spend from an account's wallet and add an award; with both negated it is the reversal."""
    accounts = state.collection("accounts")
    account = accounts.get(account_id)
    if account is None:
        raise KeyError(account_id)
    account[spend.balance] = str(exact(account[spend.balance]) - spend.amount)
    account[_REAL] = str(exact(account[_REAL]) + awarded)
    accounts.put(account)
