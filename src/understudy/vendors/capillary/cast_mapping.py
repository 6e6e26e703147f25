"""Mapping from the cast to Capillary's customers and occurrences."""

from datetime import datetime

from understudy.core.cast import Person
from understudy.core.json_types import Json

GUESTS = 12
"""Greatest number of guests of a booking."""


def identifiers(person: Person) -> dict[str, str]:
    """Return the identifiers of a person, by Capillary's type of identifier."""
    return {
        "mobile": person.phone,
        "email": person.email,
        "externalId": person.id,
        "cardnumber": person.card_number,
    }


def booking(person: Person, code: str, guests: int, at: datetime) -> Json:
    """Return an occurrence of the event ``TableBooked``, as a webhook receives it."""
    return {
        "event_name": "TableBooked",
        "customer": person.phone,
        "restaurant": "Alla Ribalta",
        "bookingCode": code,
        "guests": str(guests),
        "eventDateTime": at.isoformat(),
    }
