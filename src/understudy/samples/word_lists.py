"""Names and texts of the things that vendors' records are about, by the noun of the record."""

from pathlib import Path

import orjson

OTHER_NAMES = (
    "Harbour",
    "Northwind",
    "Juniper",
    "Lighthouse",
    "Cedar",
    "Meridian",
    "Sunrise",
    "Granite",
    "Willow",
    "Horizon",
    "Amber",
    "Summit",
)
"""Names of things of which nothing is known."""

SENTENCES = (
    "Delivered to the reception, signed for by the front desk.",
    "Please call before noon.",
    "Checked by two people and ready to use.",
    "Replaces the version of last year.",
    "Agreed with the customer by telephone.",
    "Covers the most common cases.",
    "Starts on the first of the month.",
    "Includes everything that the team asked for.",
    "Needs a short review before it goes live.",
    "Kept for three years, then removed.",
    "Works well for small and large orders.",
    "Sent again after the first attempt failed.",
    "The second half follows next week.",
    "Paid in two parts, half of it in advance.",
)
"""Texts that fit most records."""

MESSAGES = (
    "Thanks, that solved it.",
    "Could you send me the invoice again?",
    "The parcel arrived this morning, everything is fine.",
    "We will be there at ten.",
    "Your order has been shipped.",
    "Is there a way to change the delivery address?",
    "See you on Monday.",
    "The new price list is attached.",
)
"""Texts that people write to each other."""

PRODUCT_TEXTS = (
    "Light and sturdy, made for every day.",
    "Dishwasher safe and easy to clean.",
    "Comes in three colours.",
    "Soft to the touch and machine washable.",
    "Fits into every bag.",
    "Made of recycled material.",
)
"""Descriptions of goods."""

PLACE_TEXTS = (
    "Two minutes from the station, quiet at night.",
    "Open every day, closed on public holidays.",
    "On the second floor, with a lift.",
    "Parking behind the building.",
    "Bright, with a view of the river.",
)
"""Descriptions of places."""

REVIEWS = (
    "Does what it should, and arrived quickly.",
    "Good value for the price.",
    "The colour is a little darker than in the picture.",
    "I would buy it again.",
    "Stopped working after a week, but the exchange was easy.",
)
"""Texts of people's reviews."""

TITLES = (
    "Summary of the quarter",
    "Open questions",
    "Notes of the meeting",
    "First draft",
    "Change of plan",
    "Welcome",
    "What is new",
    "Next steps",
)
"""Titles of things of which nothing is known."""

SLUG_WORDS = (
    "harbour",
    "north",
    "juniper",
    "cedar",
    "amber",
    "summit",
    "willow",
    "meadow",
    "granite",
    "river",
    "maple",
    "coral",
    "atlas",
    "linden",
    "copper",
    "orchard",
)
"""Words of addresses and short names."""

PEOPLE = frozenset(
    "user customer person people contact member author employee patient client subscriber guest student teacher "
    "doctor driver passenger owner profile recipient sender admin agent lead candidate applicant attendee "
    "participant individual staff assignee creator reporter cardholder player coach resident tenant visitor "
    "citizen editor reviewer friend follower buyer seller payer payee beneficiary shipper consignee host caller "
    "instructor".split()
)
"""Nouns of people."""

COMPANIES = frozenset(
    "company organization organisation business merchant supplier vendor manufacturer brand partner employer "
    "enterprise publisher carrier agency account institution workspace tenant affiliate distributor retailer "
    "provider label studio airline".split()
)
"""Nouns of companies."""

GENERIC = frozenset(
    "data item items result results record records entry entries list response body object resource attributes "
    "payload value values content collection node edge info details detail page pages root dto model request "
    "output input base base64 abstract type embedded properties meta inline extended full simple summary view get "
    "create update delete all by read find search add set post put patch fetch show retrieve many one new "
    "paginated api v1 v2 v3 resp res envelope wrapper id ids start self of for the".split()
)
"""Words that name no thing of their own."""


def _by_noun() -> dict[str, tuple[str, ...]]:
    made: dict[str, tuple[str, ...]] = {}
    for nouns, names in orjson.loads(Path(__file__).with_name("names.json").read_bytes()).items():
        for noun in nouns.split():
            made.setdefault(noun, tuple(names))
    return made


NAMES_BY_NOUN = _by_noun()
"""Usual names by noun."""
