"""Kinds of Capillary: event definitions of an organisation, and occurrences of events."""

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
from understudy.vendors.capillary.limits import MAX_FIELDS as MAX_FIELDS_OF_GUIDE
from understudy.vendors.capillary.limits import MAX_NAME_LENGTH
from understudy.vendors.capillary.security import digest_of
from understudy.vendors.capillary.start import OPEN_WEBHOOK

NOUNS = (
    "Locker", "Workshop", "Voucher", "Fitting", "Tasting", "Survey", "Wishlist", "Stamp", "Parcel", "Lounge",
    "Playlist", "Recipe", "Refill", "Repair", "Receipt", "Referral", "Reward", "Tutorial", "Newsletter", "Locket",
)  # fmt: skip
VERBS = (
    "Opened", "Closed", "Shared", "Rated", "Saved", "Started", "Finished", "Scanned", "Requested", "Skipped", "Claimed",
    "Joined",
)  # fmt: skip
FIELDS = (
    ("store", "tillCode"), ("coupon", "couponCode"), ("sku", "productSku"), ("brand", "productBrand"),
    ("category", "productCategory"), ("code", "string"), ("comment", "string"), ("score", "double"),
    ("amount", "double"), ("day", "date"), ("mood", "enum"),
)  # fmt: skip
MAX_FIELDS = 5
DESCRIBED, KEYED, LACKING = 70, 60, 25
"""Percent of events with a description, of events with a unique key, of occurrences without an optional field."""


def _open_events(cast: LazyCast) -> Make:
    streams = FieldStreams(cast.scenario, "capillary.events")

    def make(n: int) -> Record:
        cycle, position = streams["name"].reshuffled(n, len(NOUNS) * len(VERBS))
        noun, verb = NOUNS[position % len(NOUNS)], VERBS[position // len(NOUNS)]
        record: Record = {"eventName": f"{noun}{verb}{cycle + 1 if cycle else ''}", "actions": ["EMFConsumer"]}
        if streams.in_share("actions", n, 40):
            record["actions"] = ["EMFConsumer", "EIConsumer"]
        if streams.in_share("description", n, DESCRIBED):
            record["description"] = f"{noun} {verb.lower()} by a customer"
        return {
            **record,
            "fields": [
                {"name": "customer", "type": "customer", "attributes": _on("addCustomerIfNotExists")},
                *_fields(n),
            ],
        }

    def _fields(n: int) -> list[Record]:
        count = streams["fields"].below(n, MAX_FIELDS + 1)
        chosen = [FIELDS[streams["field"].reshuffled(n * len(FIELDS) + slot, len(FIELDS))[1]] for slot in range(count)]
        is_keyed = streams.in_share("key", n, KEYED)
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


def _table_booked(streams: FieldStreams, n: int, person: Person, at: datetime) -> Record:
    code = f"R-{100_000 + n}"
    return _without("guests", streams, n, booking(person, code, 1 + streams["guests"].below(n, GUESTS), at))


def _quiz_finished(streams: FieldStreams, n: int, person: Person, at: datetime) -> Record:
    score = streams["score"].below(n, 101) / 10
    return {"event_name": "QuizFinished", "member": person.phone, "score": score, "eventDateTime": at.isoformat()}


def _product_viewed(product: Product, streams: FieldStreams, n: int, person: Person, at: datetime) -> Record:
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
    return _without("productCategory", streams, n, record)


def _without(name: str, streams: FieldStreams, n: int, record: dict[str, Any]) -> Record:
    """Return a record; ``LACKING`` percent of the records lose the optional field ``name``."""
    return {key: value for key, value in record.items() if key != name} if streams.lacks("any", n, LACKING) else record


def _open_occurrences(cast: LazyCast) -> Make:
    kind = "capillary.occurrences"
    require_cast(kind, products=cast.products)
    since, until = cast.scenario.since, cast.scenario.instant
    streams, event_times = FieldStreams(cast.scenario, kind), EventTimes(cast, kind)
    picker = PersonPicker(cast, kind, 4)

    def make(n: int) -> Record:
        person = picker.of(n)
        at = event_times.between(n, since(person.registered_at), until)
        percentile = streams["event"].below(n, 100)
        if percentile < 25:
            return _table_booked(streams, n, person, at)
        if percentile < 40:
            return _quiz_finished(streams, n, person, at)
        return _product_viewed(streams["product"].pick(n, cast.products_of(person.locale)), streams, n, person, at)

    return lambda numbers: [make(n) for n in numbers]


def _with_psi_customer(record: Record) -> Record:
    record["fields"][0]["attributes"] |= _on("isPsiData")
    return record


def _with_optional_key(record: Record) -> Record | None:
    """Make an optional field part of the unique key; None for a record of one field."""
    if len(record["fields"]) < 2:
        return None
    record["fields"][1]["attributes"] = _on("isUniqueKeyField") | _off("isRequired")
    return record


def _with_many_fields(record: Record) -> Record:
    missing = MAX_FIELDS_OF_GUIDE + 1 - len(record["fields"])
    record["fields"] += [{"name": f"more{number}", "type": "string"} for number in range(missing)]
    return record


def _with_long_name(record: Record) -> Record:
    record["fields"][0]["name"] = "customer".ljust(MAX_NAME_LENGTH + 1, "x")
    return record


def _with_odd_regex(record: Record) -> Record:
    record["fields"][0]["attributes"]["regex"] = {"valueType": "String", "value": "[0-9"}
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
    Rule(
        "A field that is part of the unique key is required (1802).",
        "/fields/1/attributes/isRequired",
        _with_optional_key,
    ),
    Rule(
        "The customer field does not hold PSI data (1802).",
        "/fields/0/attributes/isPsiData",
        _with_psi_customer,
    ),
    Rule("An event has at most twenty attributes.", "/fields", _with_many_fields),
    Rule("The name of an attribute has at most fifty characters.", "/fields/0/name", _with_long_name),
    Rule("The regex of a field is a regular expression (1802).", "/fields/0/attributes/regex", _with_odd_regex),
)

KINDS = (
    Kind(
        "capillary.events",
        "A behavioural event that an organisation defines.",
        _open_events,
        "create_event",
        rules=EVENT_RULES,
        ignores=("people", "locales"),
    ),
    Kind(
        "capillary.occurrences",
        "A table booked, a quiz finished, a product viewed, as a webhook takes it.",
        _open_occurrences,
        "push_occurrence",
        lambda _: {"webhookId": OPEN_WEBHOOK},
    ),
)


def _basic_headers(credentials: Credentials, _post_form: PostForm) -> dict[str, str]:
    pair = f"{credentials['username']}:{digest_of(str(credentials['password']))}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


SEEDING_AUTH = SeedingAuth(_basic_headers, {"webhook": OPEN_WEBHOOK})
