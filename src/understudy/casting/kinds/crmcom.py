"""Kinds of CRM.COM: contacts and purchases."""

from understudy.casting.breakable_rule import Rule, if_present, with_values
from understudy.casting.engine.field_streams import FieldStreams
from understudy.casting.kind import Kind, Make, Record
from understudy.casting.population.baskets import Baskets
from understudy.casting.population.event_times import EventTimes
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.population.person_picker import PersonPicker, require_cast
from understudy.casting.seeding_auth import SeedingAuth
from understudy.vendors.crmcom.cast_mapping import contact, line

PURCHASES_PER_PERSON = 3
"""Average number of purchases of a person. After the first purchase of each, this many in a row are one person's."""

BY_CARD, ONLINE, WITH_MERCHANT, WITHOUT_TIME, WITHOUT_MEDIUM = 60, 25, 30, 5, 35
"""Percent of purchases: by card number, online, with merchant and outlet, without time, without payment medium."""


def _open_contacts(cast: LazyCast) -> Make:
    make = cast.people.make_all
    return lambda numbers: list(map(contact, make(numbers)))


def _open_purchases(cast: LazyCast) -> Make:
    """Open the kind of purchases. None spends from a wallet: its balance depends on all earlier purchases."""
    kind = "crmcom.purchases"
    require_cast(kind, products=cast.products, shops=cast.shops)
    since, until = cast.scenario.since, cast.scenario.instant
    streams, event_times, baskets = FieldStreams(cast.scenario, kind), EventTimes(cast, kind), Baskets(cast, kind)
    picker = PersonPicker(cast, kind, PURCHASES_PER_PERSON)
    merchants = cast.merchants

    def make(n: int) -> Record:
        person = picker.of(n)
        bought = baskets.fill(n, person.locale)
        shop = streams["shop"].pick(n, cast.shops_of(person.country))
        record: Record = (
            {"cim": person.card_number} if streams.in_share("card", n, BY_CARD) else {"contact_id": person.id}
        )
        record |= {
            "reference_number": f"R-{n + 1:09}",
            "classification": {"code": "ONLINE" if streams.in_share("online", n, ONLINE) else "IN-STORE"},
            "currency_code": bought[0].product.currency,
            "outlet_tap": {"code": shop.code},
            "products": [line(product, quantity) for product, quantity in bought],
        }
        if streams.in_share("merchant", n, WITH_MERCHANT):
            record["merchant_tap"] = {"code": merchants[shop.merchant].code}
        if not streams.lacks("performed_on", n, WITHOUT_TIME):
            record["performed_on"] = int(event_times.between(n, since(person.registered_at), until).timestamp())
        if not streams.lacks("payment_medium", n, WITHOUT_MEDIUM):
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
"""The used reference number and id, and the outlet, are from the examples of the spec: every world has them."""

KINDS = (
    Kind(
        "crmcom.contacts",
        "A person as a contact, as purchases show it.",
        _open_contacts,
        schema="CodedRecord",
        is_person=True,
    ),
    Kind(
        "crmcom.purchases",
        "A purchase: net and tax make the total, the lines add up.",
        _open_purchases,
        "create_purchase",
        rules=RULES,
        size=lambda cast: PURCHASES_PER_PERSON * len(cast.people),
        needs="the scenario's contacts, which no operation makes: serve with the same --scenario",
    ),
)

SEEDING_AUTH = SeedingAuth(lambda credentials, _post_form: {"api_key": str(credentials["api_key"])})
