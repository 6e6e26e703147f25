"""Capillary: events that an organisation defines, and what customers do."""

from base64 import b64encode
from datetime import datetime
from typing import Any

from understudy.casting.breakable_rule import Rule, with_values
from understudy.casting.engine.field_streams import FieldStreams
from understudy.casting.kind import Kind, Make, Record
from understudy.casting.population.event_times import EventTimes
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.population.person_picker import PersonPicker, require_cast
from understudy.casting.seeding_auth import Credentials, PostForm, SeedingAuth
from understudy.core.cast import Person, Product
from understudy.vendors.capillary.cast_mapping import GUESTS, booking
from understudy.vendors.capillary.security import digest_of
from understudy.vendors.capillary.start import OPEN_WEBHOOK

SUBJECTS = (
    "Locker", "Workshop", "Voucher", "Fitting", "Tasting", "Survey", "Wishlist", "Stamp", "Parcel", "Lounge",
    "Playlist", "Recipe", "Refill", "Repair", "Receipt", "Referral", "Reward", "Tutorial", "Newsletter", "Locket",
)  # fmt: skip
DEEDS = (
    "Opened", "Closed", "Shared", "Rated", "Saved", "Started", "Finished", "Scanned", "Requested", "Skipped", "Claimed",
    "Joined",
)  # fmt: skip
FIELDS = (
    ("store", "tillCode"), ("coupon", "couponCode"), ("sku", "productSku"), ("brand", "productBrand"),
    ("category", "productCategory"), ("code", "string"), ("comment", "string"), ("score", "double"),
    ("amount", "double"), ("day", "date"), ("mood", "enum"),
)  # fmt: skip
MOST_FIELDS = 5
DESCRIBED, KEYED, LACKING = 70, 60, 25
"""Of 100: events with a description, events with a unique key, occurrences without an optional field."""


def _open_events(cast: LazyCast) -> Make:
    draws = FieldStreams(cast.scenario, "capillary.events")

    def make(n: int) -> Record:
        turn, seat = draws["name"].reshuffled(n, len(SUBJECTS) * len(DEEDS))
        subject, deed = SUBJECTS[seat % len(SUBJECTS)], DEEDS[seat // len(SUBJECTS)]
        record: Record = {"eventName": f"{subject}{deed}{turn + 1 if turn else ''}", "actions": ["EMFConsumer"]}
        if draws.in_share("actions", n, 40):
            record["actions"] = ["EMFConsumer", "EIConsumer"]
        if draws.in_share("description", n, DESCRIBED):
            record["description"] = f"{subject} {deed.lower()} by a customer"
        return {
            **record,
            "fields": [
                {"name": "customer", "type": "customer", "attributes": _on("addCustomerIfNotExists")},
                *_fields(n),
            ],
        }

    def _fields(n: int) -> list[Record]:
        count = draws["fields"].below(n, MOST_FIELDS + 1)
        chosen = [FIELDS[draws["field"].reshuffled(n * len(FIELDS) + slot, len(FIELDS))[1]] for slot in range(count)]
        is_keyed = draws.in_share("key", n, KEYED)
        return [
            {
                "name": name,
                "type": kind,
                "attributes": _on("isRequired", "isUniqueKeyField")
                if is_keyed and position == 0
                else _off("isRequired"),
            }
            for position, (name, kind) in enumerate(chosen)
        ]

    return lambda numbers: [make(n) for n in numbers]


def _on(*names: str) -> Record:
    return {name: {"valueType": "Boolean", "value": "true"} for name in names}


def _off(name: str) -> Record:
    return {name: {"valueType": "Boolean", "value": "false"}}


def _booked(draws: FieldStreams, n: int, person: Person, at: datetime) -> Record:
    code = f"R-{100_000 + n}"
    return _without("guests", draws, n, booking(person, code, 1 + draws["guests"].below(n, GUESTS), at))


def _finished(draws: FieldStreams, n: int, person: Person, at: datetime) -> Record:
    score = draws["score"].below(n, 101) / 10
    return {"event_name": "QuizFinished", "member": person.phone, "score": score, "eventDateTime": at.isoformat()}


def _viewed(product: Product, draws: FieldStreams, n: int, person: Person, at: datetime) -> Record:
    record = {
        "event_name": "ProductViewed",
        "customer": person.phone,
        "productSku": product.sku,
        "productBrand": product.brand,
        "productCategory": product.category,
        "productPrice": product.price / 100,
        "productName": product.name,
        "eventDateTime": at.isoformat(),
    }
    return _without("productCategory", draws, n, record)


def _without(name: str, draws: FieldStreams, n: int, record: dict[str, Any]) -> Record:
    """Return a record, or without an optional field, as a share of them comes."""
    return {key: value for key, value in record.items() if key != name} if draws.lacks("any", n, LACKING) else record


def _open_occurrences(cast: LazyCast) -> Make:
    kind = "capillary.occurrences"
    require_cast(kind, products=cast.products)
    since, until = cast.scenario.since, cast.scenario.instant
    draws, moments = FieldStreams(cast.scenario, kind), EventTimes(cast, kind)
    actors = PersonPicker(cast, kind, 4)

    def make(n: int) -> Record:
        person = actors.of(n)
        at = moments.between(n, since(person.registered_at), until)
        what = draws["event"].below(n, 100)
        if what < 25:
            return _booked(draws, n, person, at)
        if what < 40:
            return _finished(draws, n, person, at)
        return _viewed(draws["product"].pick(n, cast.products), draws, n, person, at)

    return lambda numbers: [make(n) for n in numbers]


def _told_of_customers(record: Record) -> Record:
    record["fields"][0]["attributes"] |= _on("isPsiData")
    return record


def _unkeyed(record: Record) -> Record | None:
    """Make a field part of the unique key that need not be there."""
    if len(record["fields"]) < 2:
        return None
    record["fields"][1]["attributes"] = _on("isUniqueKeyField") | _off("isRequired")
    return record


EVENT_RULES = (
    Rule(
        "No event, disabled or not, has the name (1806).",
        "/eventName",
        with_values(eventName="TableBooked"),
    ),
    Rule(
        "At least one field is of type customer.",
        "/fields",
        lambda record: {**record, "fields": [field for field in record["fields"] if field["type"] != "customer"]},
    ),
    Rule("A field that is part of the unique key is required (1802).", "/fields/1/attributes/isRequired", _unkeyed),
    Rule(
        "The customer field does not hold PSI data (1802).",
        "/fields/0/attributes/isPsiData",
        _told_of_customers,
    ),
)

KINDS = (
    Kind(
        "capillary.events",
        "A behavioural event that an organisation defines.",
        _open_events,
        "create_event",
        rules=EVENT_RULES,
    ),
    Kind(
        "capillary.occurrences",
        "A table booked, a quiz finished, a product viewed, as a webhook takes it.",
        _open_occurrences,
        "push_occurrence",
        lambda _: {"webhookId": OPEN_WEBHOOK},
    ),
)


def _till(credentials: Credentials, _ask: PostForm) -> dict[str, str]:
    pair = f"{credentials['username']}:{digest_of(str(credentials['password']))}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


SEEDING_AUTH = SeedingAuth(_till, {"webhook": OPEN_WEBHOOK})
