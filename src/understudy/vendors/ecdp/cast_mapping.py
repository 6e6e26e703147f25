"""Mapping from the cast to ExpertSender CDP's customers."""

from understudy.core.cast import Person
from understudy.core.json_types import Json

GENDERS = {"F": "Female", "M": "Male"}


def details(person: Person) -> Json:
    """Return a person's identifiers and details, by the vendor's field names."""
    return {
        "email": person.email,
        "phone": person.phone,
        "crmId": person.id,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "dateOfBirth": f"{person.birth_date.isoformat()}T00:00:00.000Z",
        "gender": GENDERS[person.gender],
    }


def attributes(person: Person) -> dict[str, str]:
    """Return a person's values of the business unit's custom attributes."""
    return {"Card number": person.card_number, "Member since": person.registered_at.date().isoformat()}
