"""Shares, choices and parts of a customer that are the same for all libraries."""

import random
from datetime import datetime
from typing import Any

Json = dict[str, Any]

NODE = "3c9f1c2e-7d54-4b1a-9f00-0a1b2c3d0101"
TIMEZONES = {
    "it_IT": "Europe/Rome",
    "en_GB": "Europe/London",
    "en_US": "America/New_York",
    "pl_PL": "Europe/Warsaw",
    "de_DE": "Europe/Berlin",
    "fr_FR": "Europe/Paris",
}
LOCALES = tuple(TIMEZONES)
LEVELS = ("gold", "silver", "bronze")
NETWORKS = {"facebook": 60, "google": 20, "instagram": 55, "linkedin": 30, "qzone": 1, "twitter": 25}
OFFERS = ("newsletter", "offers", "premium")
CONSENTS = {
    "marketing": {"traditional": ("telephonic", "papery"), "automatic": ("email", "sms", "push", "im", "telephonic")},
    "profiling": ("classic", "online"),
    "softSpam": ("email", "papery"),
    "thirdPartyTransfer": ("profiling", "marketing"),
}


def some(chance: random.Random, percent: int) -> bool:
    """Return True for ``percent`` percent of the calls."""
    return chance.random() * 100 < percent


def time_text(at: datetime) -> str:
    """Return a time in the vendor's format."""
    return f"{at.isoformat()[:19]}.000Z"


def answers(chance: random.Random, tree: Any) -> Json:
    """Return consents for a tree of their names."""
    if isinstance(tree, tuple):
        return {
            name: {"status": some(chance, 55), "limitation": some(chance, 8), "objection": some(chance, 16)}
            for name in tree
            if some(chance, 85)
        }
    return {name: answers(chance, inner) for name, inner in tree.items()}


def subscriptions(chance: random.Random, n: int, start: str, end: str) -> list[Json]:
    """Return one to three subscriptions."""
    wanted = some(chance, 55)
    times = {"startDate": start, "registeredAt": start, "updatedAt": start} | ({} if wanted else {"endDate": end})
    return [
        {
            "id": offer,
            "name": offer,
            "type": "email",
            "kind": "DIGITAL_MESSAGE",
            "subscribed": wanted,
            **times,
            "subscriberId": f"{offer}-{n}",
            "preferences": [{"key": "language", "value": "it"}, {"key": "frequency", "value": "weekly"}],
        }
        for offer in OFFERS[: 1 + (chance.random() > 0.6) + (chance.random() > 0.7)]
    ]


def schools(chance: random.Random, n: int, city: str, born: int, subject: str) -> list[Json]:
    """Return a high school, and for half of the customers a college too."""
    kinds = (("HIGH_SCHOOL", 14, 5), ("COLLEGE", 19, 4))
    return [
        {
            "id": f"{kind.lower()}-{n}",
            "schoolType": kind,
            "schoolName": f"{kind.title()} of {city}",
            "schoolConcentration": subject,
            "startYear": born + age,
            "endYear": born + age + takes,
            "isCurrent": False,
        }
        for kind, age, takes in kinds[: 1 + some(chance, 50)]
    ]


def lean(given: Json) -> Json:
    """Return an object without its null values."""
    return {name: value for name, value in given.items() if value is not None}
