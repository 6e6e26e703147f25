"""The cast, as Capillary knows it."""

from datetime import datetime

from understudy.core.cast import Person
from understudy.core.json_types import Json

GUESTS = 12
"""How many sit at the largest table."""


def identifiers(person: Person) -> dict[str, str]:
    """Return what a person goes by."""
    return {
        "mobile": person.phone,
        "email": person.email,
        "externalId": person.id,
        "cardnumber": person.card_number,
    }


def booking(person: Person, code: str, guests: int, at: datetime) -> Json:
    """Return the occurrence of a table booked."""
    return {
        "event_name": "TableBooked",
        "customer": person.phone,
        "restaurant": "Alla Ribalta",
        "bookingCode": code,
        "guests": str(guests),
        "eventDateTime": at.isoformat(),
    }
