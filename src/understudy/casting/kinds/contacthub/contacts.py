"""How to reach customers: their base properties ``contacts``, ``address``, ``credential`` and ``socialProfile``."""

from understudy.casting.engine.json_columns import JsonColumns, Members, nested, objects, sparse_objects, text_of
from understudy.casting.kinds.contacthub.customer_batch import CustomerBatch
from understudy.casting.population.people import PeopleColumns, ascii_letters

APP = "com.example.shop"
GRID = 100_000
"""Parts of a degree that a position is told in: about a metre."""

ABOUT = 2_000
"""How many of these parts people live from the middle of their city, at most, north or south, east or west."""

NETWORKS = {"facebook": 60, "google": 20, "instagram": 55, "linkedin": 30, "qzone": 1, "twitter": 25}
"""How many in a hundred of those who have any profile have one in a network."""


def contacts(sitting: CustomerBatch) -> tuple[Members, ...]:
    """Return e-mail and mobile numbers, and for some a line at home, a fax, other contacts and devices."""
    draw, crowd = sitting.columns, sitting.people
    return nested(
        "contacts",
        draw.text("contacts/email", crowd.email),
        draw.text("contacts/mobilePhone", _mobiles(draw, crowd), 82),
        draw.text("contacts/phone", crowd.phone, 55),
        sitting.some("contacts/fax", 3, lambda few: [f'"{phone[:-1]}9"' for phone in few.people.phone]),
        sitting.some("contacts/otherContacts", 12, _work_mails),
        sitting.some("contacts/mobileDevices", 34, _devices),
    )


def addresses(sitting: CustomerBatch) -> list[str]:
    """Return addresses, most of them with a position within the city."""
    draw, crowd = sitting.columns, sitting.people
    return objects(
        draw.text("address/street", crowd.street),
        draw.text("address/city", crowd.city),
        draw.text("address/province", crowd.province),
        draw.text("address/region", [place.region for place in crowd.place], 70),
        draw.text("address/country", crowd.country),
        draw.text("address/zip", crowd.zip),
        sitting.some("address/geo", 64, _positions),
    )


def credentials(sitting: CustomerBatch) -> list[str]:
    """Return names, and for half a password."""
    draw, crowd = sitting.columns, sitting.people
    return objects(
        draw.text("credential/username", [email.partition("@")[0] for email in crowd.email]),
        draw.text("credential/password", [f"{part:08x}" for part in draw.fractions("credential/password")], 50),
    )


def profiles(sitting: CustomerBatch) -> list[str]:
    """Return addresses of profiles in social networks."""
    draw, crowd = sitting.columns, sitting.people
    names = [
        f"example.com/{ascii_letters(first)}.{ascii_letters(last)}.{n}"
        for first, last, n in zip(crowd.first_name, crowd.last_name, crowd.number, strict=True)
    ]
    return sparse_objects(
        *(
            draw.text(f"socialProfile/{network}", [f"https://{network}.{name}" for name in names], share)
            for network, share in NETWORKS.items()
        )
    )


def _mobiles(draw: JsonColumns, crowd: PeopleColumns) -> list[str]:
    """Return mobile numbers, in E.164; no two of ten million people have the same."""
    starts = draw.pick_from(
        "contacts/mobilePhone/start",
        [home.mobile["prefixes"] or (place.area,) for home, place in zip(crowd.home, crowd.place, strict=True)],
    )
    digits = [home.mobile["digits"] - len(start) for home, start in zip(crowd.home, starts, strict=True)]
    lines = draw.shuffled("contacts/mobilePhone", [10**count for count in digits])
    return [
        f"+{home.calling_code}{start}{line:0{count}}"
        for home, start, line, count in zip(crowd.home, starts, lines, digits, strict=True)
    ]


def _work_mails(sitting: CustomerBatch) -> list[str]:
    mails = [email.replace("@", "@work.") for email in sitting.people.email]
    return [f'[{{"name":"work","type":"EMAIL","value":"{mail}"}}]' for mail in mails]


def _devices(sitting: CustomerBatch) -> list[str]:
    kinds = [text_of({"appId": APP, **device})[1:] for device in sitting.lives.devices]
    ids = sitting.columns.uuids("contacts/mobileDevices/identifier")
    devices = sitting.columns.pick("contacts/mobileDevices", kinds)
    return [f'[{{"identifier":"{one}",{device}]' for one, device in zip(ids, devices, strict=True)]


def _positions(sitting: CustomerBatch) -> list[str]:
    norths = sitting.columns.below("address/geo/lat", 2 * ABOUT + 1)
    easts = sitting.columns.below("address/geo/lon", 2 * ABOUT + 1)
    return [
        f'{{"lat":{_degrees(place.latitude, north)},"lon":{_degrees(place.longitude, east)}}}'
        for place, north, east in zip(sitting.people.place, norths, easts, strict=True)
    ]


def _degrees(middle: float, step: int) -> float:
    return (round(middle * GRID) + step - ABOUT) / GRID
