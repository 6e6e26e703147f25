"""CRM.COM: contacts, and what they buy."""

from understudy.casting.actors import Actors, require
from understudy.casting.baskets import Baskets
from understudy.casting.cast import Cast
from understudy.casting.kind import Kind, Make, Record
from understudy.casting.moments import Moments
from understudy.casting.streams import Streams
from understudy.vendors.crmcom.dressing import contact, line

PURCHASES = 3
"""How many a person makes on average; as many in a row are one person's."""

BY_CARD, ONLINE, WITH_MERCHANT, WITHOUT_TIME, WITHOUT_MEDIUM = 60, 25, 30, 5, 35
"""Of 100 purchases: those under a card's number, online, with the merchant named too, without their time …"""


def _open_contacts(cast: Cast) -> Make:
    make = cast.people.make
    return lambda numbers: [contact(make(n)) for n in numbers]


def _open_purchases(cast: Cast) -> Make:
    """Make purchases; none spends from a wallet, for whether it covers that hangs on all that went before."""
    kind = "crmcom.purchases"
    require(kind, products=cast.products, shops=cast.shops)
    seed, until = cast.scenario.seed, cast.scenario.instant
    draws, moments, baskets = Streams(seed, kind), Moments(seed, kind), Baskets(seed, kind, cast.products)
    actors = Actors(seed, kind, cast.people, PURCHASES)
    merchants, shops = cast.merchants, cast.shops

    def make(n: int) -> Record:
        person, bought = actors.of(n), baskets.fill(n)
        shop = draws["shop"].pick(n, shops)
        record: Record = {"cim": person.card_number} if draws.says("card", n, BY_CARD) else {"contact_id": person.id}
        record |= {
            "reference_number": f"R-{n + 1:09}",
            "classification": {"code": "ONLINE" if draws.says("online", n, ONLINE) else "IN-STORE"},
            "currency_code": bought[0].product.currency,
            "outlet_tap": {"code": shop.code},
            "products": [line(product, quantity) for product, quantity in bought],
        }
        if draws.says("merchant", n, WITH_MERCHANT):
            record["merchant_tap"] = {"code": merchants[shop.merchant].code}
        if not draws.says("lacking/performed_on", n, WITHOUT_TIME):
            record["performed_on"] = int(moments.between(n, person.registered_at, until).timestamp())
        if not draws.says("lacking/payment_medium", n, WITHOUT_MEDIUM):
            record["payment_medium_identifier"] = person.card_number[-8:]
        return record

    return lambda numbers: [make(n) for n in numbers]


KINDS = (
    Kind("crmcom.contacts", "A person as a contact, as purchases show it.", _open_contacts, schema="CodedRecord"),
    Kind(
        "crmcom.purchases",
        "A purchase: net and tax make the total, the lines add up.",
        _open_purchases,
        "create_purchase",
        size=lambda cast: PURCHASES * len(cast.people),
    ),
)
