"""Base properties ``contacts``, ``address``, ``credential`` and ``socialProfile`` of a customer."""

from understudy.casting.engine.json_columns import Members, nested, objects, sparse_objects, text_of
from understudy.casting.kinds.contacthub.customer_batch import CustomerBatch
from understudy.casting.population.people import ascii_letters

APP = "com.example.shop"
PARTS_PER_DEGREE = 100_000
"""Resolution of positions: parts of a degree, each about a metre."""

MAX_OFFSET = 2_000
"""Greatest distance of an address from the middle of its city, in parts of a degree, by latitude or longitude."""

NETWORKS = {"facebook": 60, "google": 20, "instagram": 55, "linkedin": 30, "qzone": 1, "twitter": 25}
"""Percent of the customers with a ``socialProfile`` who have a profile in each network."""


def contacts(batch: CustomerBatch) -> tuple[Members, ...]:
    """Return ``contacts``: an e-mail address, and for some a mobile phone, a phone, a fax, other contacts, devices."""
    columns, people = batch.columns, batch.people
    return nested(
        "contacts",
        columns.text("contacts/email", people.email),
        columns.text("contacts/mobilePhone", people.mobile, 82),
        columns.text("contacts/phone", people.phone, 55),
        batch.some("contacts/fax", 3, lambda few: [f'"{phone[:-1]}9"' for phone in few.people.phone]),
        batch.some("contacts/otherContacts", 12, _work_mails),
        batch.some("contacts/mobileDevices", 34, _devices),
    )


def addresses(batch: CustomerBatch) -> list[str]:
    """Return ``address``, for most customers with a position within the city."""
    columns, people = batch.columns, batch.people
    return objects(
        columns.text("address/street", people.street),
        columns.text("address/city", people.city),
        columns.text("address/province", people.province),
        columns.text("address/region", [place.region for place in people.place], 70),
        columns.text("address/country", people.country),
        columns.text("address/zip", people.zip),
        batch.some("address/geo", 64, _positions),
    )


def credentials(batch: CustomerBatch) -> list[str]:
    """Return ``credential``: a user name, and for half of the customers a password."""
    columns, people = batch.columns, batch.people
    return objects(
        columns.text("credential/username", [email.partition("@")[0] for email in people.email]),
        columns.text("credential/password", [f"{part:08x}" for part in columns.fractions("credential/password")], 50),
    )


def profiles(batch: CustomerBatch) -> list[str]:
    """Return ``socialProfile``: the URLs of profiles in social networks."""
    columns, people = batch.columns, batch.people
    names = [
        f"example.com/{ascii_letters(first, locale)}.{ascii_letters(last, locale)}.{n}"
        for first, last, locale, n in zip(
            people.first_name, people.last_name, people.locale, people.number, strict=True
        )
    ]
    return sparse_objects(
        *(
            columns.text(f"socialProfile/{network}", [f"https://{network}.{name}" for name in names], share)
            for network, share in NETWORKS.items()
        )
    )


def _work_mails(batch: CustomerBatch) -> list[str]:
    mails = [email.replace("@", "@work.") for email in batch.people.email]
    return [f'[{{"name":"work","type":"EMAIL","value":"{mail}"}}]' for mail in mails]


def _devices(batch: CustomerBatch) -> list[str]:
    kinds = [text_of({"appId": APP, **device})[1:] for device in batch.lifestyle.devices]
    ids = batch.columns.uuids("contacts/mobileDevices/identifier")
    devices = batch.columns.pick("contacts/mobileDevices", kinds)
    return [f'[{{"identifier":"{one}",{device}]' for one, device in zip(ids, devices, strict=True)]


def _positions(batch: CustomerBatch) -> list[str]:
    norths = batch.columns.below("address/geo/lat", 2 * MAX_OFFSET + 1)
    easts = batch.columns.below("address/geo/lon", 2 * MAX_OFFSET + 1)
    return [
        f'{{"lat":{_degrees(place.latitude, north)},"lon":{_degrees(place.longitude, east)}}}'
        for place, north, east in zip(batch.people.place, norths, easts, strict=True)
    ]


def _degrees(middle: float, step: int) -> float:
    return (round(middle * PARTS_PER_DEGREE) + step - MAX_OFFSET) / PARTS_PER_DEGREE
