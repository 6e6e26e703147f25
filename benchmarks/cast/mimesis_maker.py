"""Customers made with Mimesis."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime

from benchmarks.cast.customer_parts import (
    CONSENTS,
    LEVELS,
    LOCALES,
    NETWORKS,
    NODE,
    TIMEZONES,
    Json,
    answers,
    lean,
    schools,
    some,
    subscriptions,
    time_text,
)


def mimesis_maker() -> Callable[[int], Json]:
    """Return the function that makes customer n with Mimesis; it has one prepared generator a locale."""
    from mimesis import Gender, Generic, Locale  # noqa: PLC0415 - the benchmark is left out where it is not installed

    locale_names = {"it_IT": "IT", "en_GB": "EN_GB", "en_US": "EN", "pl_PL": "PL", "de_DE": "DE", "fr_FR": "FR"}
    generics = {name: Generic(getattr(Locale, locale_names[name]), seed=1) for name in LOCALES}
    chance = random.Random(1)  # noqa: S311 - it decides what a customer lacks

    def maybe(percent: int, make: Callable[[], object]) -> object:
        return make() if some(chance, percent) else None

    def base(n: int, locale: str, start: datetime) -> Json:
        made = generics[locale]
        person, address = made.person, made.address
        gender = chance.choice("FM")
        kind = Gender.FEMALE if gender == "F" else Gender.MALE
        born: date = person.birthdate(1938, 2008)
        city = address.city()
        handle = f"{person.username()}{n}"
        return lean(
            {
                "pictureUrl": maybe(36, made.internet.url),
                "title": maybe(84, lambda: person.title(kind)),
                "prefix": maybe(7, lambda: person.title(kind)),
                "firstName": person.first_name(kind),
                "middleName": maybe(14, lambda: person.first_name(kind)),
                "lastName": person.last_name(kind),
                "gender": maybe(95, lambda: gender),
                "dob": maybe(90, born.isoformat),
                "locale": locale,
                "timezone": TIMEZONES[locale],
                "contacts": lean(
                    {
                        "email": f"{handle}@example.com",
                        "mobilePhone": maybe(82, person.phone_number),
                        "phone": maybe(55, person.phone_number),
                        "fax": maybe(3, person.phone_number),
                        "otherContacts": maybe(
                            12, lambda: [{"name": "work", "type": "EMAIL", "value": person.email()}]
                        ),
                        "mobileDevices": maybe(
                            34,
                            lambda: [
                                {
                                    "identifier": made.cryptographic.uuid(),
                                    "appId": "com.example.shop",
                                    "name": "Phone",
                                    "type": "ANDROID",
                                    "notificationService": "GCM",
                                }
                            ],
                        ),
                    }
                ),
                "address": maybe(
                    92,
                    lambda: lean(
                        {
                            "street": address.address(),
                            "city": city,
                            "province": address.province(),
                            "region": maybe(70, address.region),
                            "country": locale[-2:],
                            "zip": address.zip_code(),
                            "geo": maybe(64, lambda: {"lat": address.latitude(), "lon": address.longitude()}),
                        }
                    ),
                ),
                "credential": maybe(46, lambda: lean({"username": handle, "password": maybe(50, person.password)})),
                "educations": maybe(38, lambda: schools(chance, n, city, born.year, person.occupation())),
                "jobs": maybe(
                    50,
                    lambda: [
                        {
                            "id": f"job-{n}",
                            "companyIndustry": made.finance.company_type(),
                            "companyName": made.finance.company(),
                            "jobTitle": person.occupation(),
                            "startDate": made.datetime.date().isoformat(),
                            "isCurrent": True,
                        }
                    ],
                ),
                "likes": maybe(
                    43,
                    lambda: [
                        {
                            "id": f"like-{at}",
                            "category": made.text.word(),
                            "name": made.text.word(),
                            "createdTime": time_text(made.datetime.datetime(2024, 2026)),
                        }
                        for at in range(chance.randint(1, 3))
                    ],
                ),
                "socialProfile": maybe(
                    33,
                    lambda: lean(
                        {
                            name: maybe(share, lambda: f"https://example.com/{person.username()}")
                            for name, share in NETWORKS.items()
                        }
                    ),
                ),
                "subscriptions": maybe(
                    78,
                    lambda: subscriptions(
                        chance, n, time_text(start), time_text(datetime(2026, 1, 1, tzinfo=UTC))
                    ),
                ),
            }
        )  # fmt: skip

    def make(n: int) -> Json:
        locale = LOCALES[n % len(LOCALES)]
        made = generics[locale]
        start = made.datetime.datetime(2024, 2025)
        disclaimer = {"date": time_text(start), "version": "1.0"}
        return lean(
            {
                "nodeId": NODE,
                "externalId": made.cryptographic.uuid(),
                "base": base(n, locale, start),
                "consents": maybe(94, lambda: {"disclaimer": disclaimer} | answers(chance, CONSENTS)),
                "extended": maybe(
                    72, lambda: {"loyaltyLevel": chance.choice(LEVELS), "visits": made.numeric.integer_number(0, 40)}
                ),
                "extra": maybe(15, lambda: f"card={made.payment.credit_card_number()}"),
                "tags": maybe(48, lambda: {"manual": [made.text.word()], "auto": [made.text.word()]}),
            }
        )

    return make
