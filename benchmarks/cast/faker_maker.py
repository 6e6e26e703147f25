"""Customers made with Faker."""

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


def faker_maker() -> Callable[[int], Json]:
    """Return the function that makes customer n with Faker; it has one prepared generator a locale."""
    from faker import Faker  # noqa: PLC0415 - the benchmark is left out where it is not installed

    Faker.seed(1)
    fakers = {name: Faker(name) for name in LOCALES}
    chance = random.Random(1)  # noqa: S311 - it decides what a customer lacks
    since, until = datetime(2024, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)

    def maybe(percent: int, make: Callable[[], object]) -> object:
        return make() if some(chance, percent) else None

    def base(n: int, locale: str, start: datetime) -> Json:
        fake = fakers[locale]
        gender = chance.choice("FM")
        first = fake.first_name_female() if gender == "F" else fake.first_name_male()
        last = fake.last_name_female() if gender == "F" else fake.last_name_male()
        born: date = fake.date_of_birth(minimum_age=18, maximum_age=88)
        city = fake.city()
        handle = f"{fake.user_name()}{n}"
        return lean(
            {
                "pictureUrl": maybe(36, fake.image_url),
                "title": maybe(84, fake.prefix_female if gender == "F" else fake.prefix_male),
                "prefix": maybe(7, fake.prefix),
                "firstName": first,
                "middleName": maybe(14, fake.first_name_female if gender == "F" else fake.first_name_male),
                "lastName": last,
                "gender": maybe(95, lambda: gender),
                "dob": maybe(90, born.isoformat),
                "locale": locale,
                "timezone": TIMEZONES[locale],
                "contacts": lean(
                    {
                        "email": f"{handle}@{fake.safe_domain_name()}",
                        "mobilePhone": maybe(82, fake.phone_number),
                        "phone": maybe(55, fake.phone_number),
                        "fax": maybe(3, fake.phone_number),
                        "otherContacts": maybe(
                            12, lambda: [{"name": "work", "type": "EMAIL", "value": fake.company_email()}]
                        ),
                        "mobileDevices": maybe(
                            34,
                            lambda: [
                                {
                                    "identifier": fake.uuid4(),
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
                            "street": fake.street_address(),
                            "city": city,
                            "province": fake.administrative_unit() if hasattr(fake, "administrative_unit") else city,
                            "region": maybe(70, fake.city),
                            "country": locale[-2:],
                            "zip": fake.postcode(),
                            "geo": maybe(64, lambda: {"lat": float(fake.latitude()), "lon": float(fake.longitude())}),
                        }
                    ),
                ),
                "credential": maybe(46, lambda: lean({"username": handle, "password": maybe(50, fake.password)})),
                "educations": maybe(38, lambda: schools(chance, n, city, born.year, fake.job())),
                "jobs": maybe(
                    50,
                    lambda: [
                        {
                            "id": f"job-{n}",
                            "companyIndustry": fake.bs(),
                            "companyName": fake.company(),
                            "jobTitle": fake.job(),
                            "startDate": fake.date(),
                            "isCurrent": True,
                        }
                    ],
                ),
                "likes": maybe(
                    43,
                    lambda: [
                        {
                            "id": f"like-{at}",
                            "category": fake.word(),
                            "name": fake.word(),
                            "createdTime": time_text(fake.date_time_between(start, until)),
                        }
                        for at in range(chance.randint(1, 3))
                    ],
                ),
                "socialProfile": maybe(
                    33,
                    lambda: lean(
                        {
                            name: maybe(share, lambda: f"https://example.com/{fake.user_name()}")
                            for name, share in NETWORKS.items()
                        }
                    ),
                ),
                "subscriptions": maybe(78, lambda: subscriptions(chance, n, time_text(start), time_text(until))),
            }
        )

    def make(n: int) -> Json:
        locale = LOCALES[n % len(LOCALES)]
        fake = fakers[locale]
        start = fake.date_time_between(since, until)
        disclaimer = {"date": time_text(start), "version": "1.0"}
        return lean(
            {
                "nodeId": NODE,
                "externalId": fake.uuid4(),
                "base": base(n, locale, start),
                "consents": maybe(94, lambda: {"disclaimer": disclaimer} | answers(chance, CONSENTS)),
                "extended": maybe(
                    72, lambda: {"loyaltyLevel": chance.choice(LEVELS), "visits": fake.pyint(max_value=40)}
                ),
                "extra": maybe(15, lambda: f"card={fake.credit_card_number()}"),
                "tags": maybe(48, lambda: {"manual": [fake.word()], "auto": [fake.word()]}),
            }
        )

    return make
