"""CRM.COM: contacts, and what they buy."""

from understudy.casting.breakable_rule import Rule, if_present, with_values
from understudy.casting.engine.field_streams import FieldStreams
from understudy.casting.kind import Kind, Make, Record
from understudy.casting.population.baskets import Baskets
from understudy.casting.population.event_times import EventTimes
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.population.person_picker import PersonPicker, require_cast
from understudy.casting.seeding_auth import SeedingAuth
from understudy.vendors.crmcom.cast_mapping import contact, line

PURCHASES = 3
"""How many a person makes on average; as many in a row are one person's."""

BY_CARD, ONLINE, WITH_MERCHANT, WITHOUT_TIME, WITHOUT_MEDIUM = 60, 25, 30, 5, 35
"""Of 100 purchases: those under a card's number, online, with the merchant named too, without their time …"""


def _open_contacts(cast: LazyCast) -> Make:
    make = cast.people.make_all
    return lambda numbers: list(map(contact, make(numbers)))


def _open_purchases(cast: LazyCast) -> Make:
    """Make purchases; none spends from a wallet, for whether it covers that hangs on all that went before."""
    kind = "crmcom.purchases"
    require_cast(kind, products=cast.products, shops=cast.shops)
    since, until = cast.scenario.since, cast.scenario.instant
    draws, moments, baskets = FieldStreams(cast.scenario, kind), EventTimes(cast, kind), Baskets(cast, kind)
    actors = PersonPicker(cast, kind, PURCHASES)
    merchants, shops = cast.merchants, cast.shops

    def make(n: int) -> Record:
        person, bought = actors.of(n), baskets.fill(n)
        shop = draws["shop"].pick(n, shops)
        record: Record = (
            {"cim": person.card_number} if draws.in_share("card", n, BY_CARD) else {"contact_id": person.id}
        )
        record |= {
            "reference_number": f"R-{n + 1:09}",
            "classification": {"code": "ONLINE" if draws.in_share("online", n, ONLINE) else "IN-STORE"},
            "currency_code": bought[0].product.currency,
            "outlet_tap": {"code": shop.code},
            "products": [line(product, quantity) for product, quantity in bought],
        }
        if draws.in_share("merchant", n, WITH_MERCHANT):
            record["merchant_tap"] = {"code": merchants[shop.merchant].code}
        if not draws.lacks("performed_on", n, WITHOUT_TIME):
            record["performed_on"] = int(moments.between(n, since(person.registered_at), until).timestamp())
        if not draws.lacks("payment_medium", n, WITHOUT_MEDIUM):
            record["payment_medium_identifier"] = person.card_number[-8:]
        return record

    return lambda numbers: [make(n) for n in numbers]


RULES = (
    Rule(
        "The contact that contact_id or cim names exists.", "/cim", if_present("cim", with_values(cim="NO-SUCH-CARD"))
    ),
    Rule(
        "The contact that contact_id or cim names exists.",
        "/contact_id",
        if_present("contact_id", with_values(contact_id="no-such-contact")),
    ),
    Rule(
        "The reference number has not been used before.",
        "/reference_number",
        with_values(reference_number="RECEIPT-1001"),
    ),
    Rule(
        "An id that the client chose has not been used before.",
        "/id",
        with_values(id="00000000-0000-4000-8000-00000000c001"),
    ),
    Rule(
        "The merchant and the outlet that the taps name exist.",
        "/outlet_tap/code",
        with_values(outlet_tap={"code": "NO-SUCH-OUTLET"}),
    ),
    Rule(
        "The merchant and the outlet that the taps name exist.",
        "/merchant_tap/code",
        if_present("merchant_tap", with_values(merchant_tap={"code": "NO-SUCH-MERCHANT"})),
    ),
    Rule(
        "The outlet's parent is the merchant when both are given.",
        "/outlet_tap",
        with_values(outlet_tap={"code": "EXAMPLE-OUTLET"}, merchant_tap={"code": "EXAMPLE-OTHER-MERCHANT"}),
    ),
    Rule("The classification exists.", "/classification/code", with_values(classification={"code": "NO-SUCH-CLASS"})),
    Rule(
        "The wallet of the primary account covers the spend request.",
        "/spend_request/amount",
        with_values(spend_request={"amount": 999_999}),
    ),
)
"""The receipt and the purchase that are used already, and the outlet, are the spec's own examples."""

KINDS = (
    Kind("crmcom.contacts", "A person as a contact, as purchases show it.", _open_contacts, schema="CodedRecord"),
    Kind(
        "crmcom.purchases",
        "A purchase: net and tax make the total, the lines add up.",
        _open_purchases,
        "create_purchase",
        rules=RULES,
        size=lambda cast: PURCHASES * len(cast.people),
    ),
)

SEEDING_AUTH = SeedingAuth(lambda credentials, _ask: {"api_key": str(credentials["api_key"])})
