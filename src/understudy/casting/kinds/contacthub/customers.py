"""Kind ``contacthub.customers``: people of the cast with all properties of a customer, some of them missing in each."""

from understudy.casting.engine.date_text import dates
from understudy.casting.engine.field_streams import FieldStreams
from understudy.casting.engine.json_columns import JsonColumns, Members, lines, member, nested, objects, quoted, text_of
from understudy.casting.engine.sampler_choice import choose_sampler
from understudy.casting.kind import Kind, Write, parsed
from understudy.casting.kinds.contacthub.biography import degrees, educations, jobs, likes
from understudy.casting.kinds.contacthub.contacts import addresses, contacts, credentials, profiles
from understudy.casting.kinds.contacthub.customer_batch import CustomerBatch
from understudy.casting.kinds.contacthub.customer_consents import consents, subscriptions
from understudy.casting.kinds.contacthub.rule_mutations import CUSTOMER_RULES
from understudy.casting.population.lazy_cast import LazyCast
from understudy.vendors.contacthub.start_data.customers import LEVELS, home_of
from understudy.vendors.contacthub.start_data.fixed_ids import WORKSPACE

NAME = "contacthub.customers"
VISITS = tuple(visits for visits in range(40) for _ in range(40 // (visits + 1)))
"""Numbers of visits, each as often as it is to be chosen: small numbers are frequent."""


def _open(cast: LazyCast) -> Write:
    streams, lifestyle = FieldStreams(cast.scenario, NAME), cast.lifestyle
    until = int(cast.scenario.instant.timestamp())

    def write(numbers: range) -> bytes:
        batch = CustomerBatch(
            JsonColumns(streams, choose_sampler(numbers)), cast.people_columns(numbers), lifestyle, until
        )
        return _customers(batch)

    return write


def _customers(batch: CustomerBatch) -> bytes:
    columns, people = batch.columns, batch.people
    return lines(
        columns.text("nodeId", map(home_of, people.number)),
        columns.text("externalId", people.id),
        *_bases(batch),
        batch.some("consents", 94, consents),
        batch.some("extended", 72, _extended),
        batch.some("extra", 15, _cards),
        batch.some("tags", 48, _tags),
    )


def _bases(batch: CustomerBatch) -> tuple[Members, ...]:
    columns, people = batch.columns, batch.people
    return nested(
        "base",
        columns.text("firstName", people.first_name),
        batch.some("title", 84, _titles),
        batch.some("prefix", 12, degrees),
        batch.some("middleName", 14, _middle_names),
        columns.text("lastName", people.last_name),
        batch.some("pictureUrl", 36, _pictures),
        columns.text("gender", people.gender, 95),
        columns.text("dob", dates(people.birth_ordinals), 90),
        columns.text("locale", people.locale),
        columns.text("timezone", [place.timezone for place in people.place]),
        *contacts(batch),
        batch.some("address", 92, addresses),
        batch.some("credential", 46, credentials),
        batch.some("educations", 38, educations),
        batch.some("jobs", 56, jobs),
        batch.some("likes", 43, likes),
        batch.some("socialProfile", 33, profiles),
        batch.some("subscriptions", 78, subscriptions),
    )


def _titles(batch: CustomerBatch) -> list[str]:
    words = [home.titles[gender] for home, gender in batch.genders()]
    return quoted(batch.columns.pick_from("title", words))


def _middle_names(batch: CustomerBatch) -> list[str]:
    names = [home.first_names[gender] for home, gender in batch.genders()]
    return quoted(batch.columns.pick_from("middleName", names))


def _pictures(batch: CustomerBatch) -> list[str]:
    return [f'"https://pictures.example.com/{one}.jpg"' for one in batch.people.id]


def _cards(batch: CustomerBatch) -> list[str]:
    return [f'"card={card}"' for card in batch.people.card_number]


def _extended(batch: CustomerBatch) -> list[str]:
    columns = batch.columns
    return objects(
        columns.text("loyaltyLevel", columns.pick("extended/loyaltyLevel", LEVELS)),
        member("visits", map(str, columns.pick("extended/visits", VISITS))),
    )


def _tags(batch: CustomerBatch) -> list[str]:
    tags = [text_of([tag]) for tag in batch.lifestyle.tags]
    return objects(
        member("manual", batch.columns.pick("tags/manual", tags)),
        batch.some("tags/auto", 40, lambda few: few.columns.pick("tags/auto", tags)),
    )


CUSTOMERS = Kind(
    NAME,
    "A customer with every base property, consents, tags and extended properties; some lack some.",
    parsed(_open),
    "create_customer",
    lambda _: {"workspaceId": WORKSPACE},
    rules=CUSTOMER_RULES,
    write=_open,
    is_person=True,
)
