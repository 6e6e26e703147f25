"""Contacthub's customers: the cast's people with every property that they can have, each lacking some."""

from understudy.casting.engine.date_text import dates
from understudy.casting.engine.field_streams import FieldStreams
from understudy.casting.engine.json_columns import JsonColumns, Members, lines, member, nested, objects, quoted, text_of
from understudy.casting.engine.sampler_choice import choose_sampler
from understudy.casting.kind import Kind, Write, parsed
from understudy.casting.kinds.contacthub.biography import educations, jobs, likes
from understudy.casting.kinds.contacthub.contacts import addresses, contacts, credentials, profiles
from understudy.casting.kinds.contacthub.customer_batch import CustomerBatch
from understudy.casting.kinds.contacthub.customer_consents import consents, subscriptions
from understudy.casting.kinds.contacthub.rule_mutations import CUSTOMER_RULES
from understudy.casting.population.lazy_cast import LazyCast
from understudy.vendors.contacthub.start_data.customers import LEVELS, home_of
from understudy.vendors.contacthub.start_data.fixed_ids import WORKSPACE

NAME = "contacthub.customers"
VISITS = tuple(visits for visits in range(40) for _ in range(40 // (visits + 1)))
"""How often people have come, as often as they have come so often."""


def _open(cast: LazyCast) -> Write:
    streams, lives, until = FieldStreams(cast.scenario, NAME), cast.lifestyle, int(cast.scenario.instant.timestamp())

    def write(numbers: range) -> bytes:
        sitting = CustomerBatch(
            JsonColumns(streams, choose_sampler(numbers)), cast.people_columns(numbers), lives, until
        )
        return _customers(sitting)

    return write


def _customers(sitting: CustomerBatch) -> bytes:
    draw, crowd = sitting.columns, sitting.people
    return lines(
        draw.text("nodeId", map(home_of, crowd.number)),
        draw.text("externalId", crowd.id),
        *_bases(sitting),
        sitting.some("consents", 94, consents),
        sitting.some("extended", 72, _extended),
        sitting.some("extra", 15, _cards),
        sitting.some("tags", 48, _tags),
    )


def _bases(sitting: CustomerBatch) -> tuple[Members, ...]:
    draw, crowd = sitting.columns, sitting.people
    return nested(
        "base",
        draw.text("firstName", crowd.first_name),
        sitting.some("title", 84, _titles),
        sitting.some("prefix", 7, _degrees),
        sitting.some("middleName", 14, _middle_names),
        draw.text("lastName", crowd.last_name),
        sitting.some("pictureUrl", 36, _pictures),
        draw.text("gender", crowd.gender, 95),
        draw.text("dob", dates(crowd.birth_ordinals), 90),
        draw.text("locale", crowd.locale),
        draw.text("timezone", [place.timezone for place in crowd.place]),
        *contacts(sitting),
        sitting.some("address", 92, addresses),
        sitting.some("credential", 46, credentials),
        sitting.some("educations", 38, educations),
        sitting.some("jobs", 56, jobs),
        sitting.some("likes", 43, likes),
        sitting.some("socialProfile", 33, profiles),
        sitting.some("subscriptions", 78, subscriptions),
    )


def _titles(sitting: CustomerBatch) -> list[str]:
    words = [home.titles[gender] for home, gender in sitting.genders()]
    return quoted(sitting.columns.pick_from("title", words))


def _degrees(sitting: CustomerBatch) -> list[str]:
    words = [home.degrees[gender] for home, gender in sitting.genders()]
    return quoted(sitting.columns.pick_from("prefix", words))


def _middle_names(sitting: CustomerBatch) -> list[str]:
    names = [home.first_names[gender] for home, gender in sitting.genders()]
    return quoted(sitting.columns.pick_from("middleName", names))


def _pictures(sitting: CustomerBatch) -> list[str]:
    return [f'"https://pictures.example.com/{one}.jpg"' for one in sitting.people.id]


def _cards(sitting: CustomerBatch) -> list[str]:
    return [f'"card={card}"' for card in sitting.people.card_number]


def _extended(sitting: CustomerBatch) -> list[str]:
    draw = sitting.columns
    return objects(
        draw.text("loyaltyLevel", draw.pick("extended/loyaltyLevel", LEVELS)),
        member("visits", map(str, draw.pick("extended/visits", VISITS))),
    )


def _tags(sitting: CustomerBatch) -> list[str]:
    tags = [text_of([tag]) for tag in sitting.lives.tags]
    return objects(
        member("manual", sitting.columns.pick("tags/manual", tags)),
        sitting.some("tags/auto", 40, lambda few: few.columns.pick("tags/auto", tags)),
    )


CUSTOMERS = Kind(
    NAME,
    "A customer with every base property, consents, tags and extended properties; some lack some.",
    parsed(_open),
    "create_customer",
    lambda _: {"workspaceId": WORKSPACE},
    rules=CUSTOMER_RULES,
    write=_open,
)
