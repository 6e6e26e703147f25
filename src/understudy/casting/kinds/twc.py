"""Kinds of The Wishlist Company: entity events, subscriptions to them, and notification jobs."""

from collections.abc import Callable

from understudy.casting.breakable_rule import Rule, with_values
from understudy.casting.engine.field_streams import FieldStreams
from understudy.casting.kind import Kind, Make, Record
from understudy.casting.population.baskets import Baskets
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.population.person_picker import PersonPicker, require_cast
from understudy.casting.seeding_auth import Credentials, PostForm, SeedingAuth
from understudy.vendors.twc.cast_mapping import event, job, product_update, queue, registration, subscription
from understudy.vendors.twc.start import EVENT_IDS, JOB_IDS, SUBSCRIPTION_IDS

ENTITIES = (
    "CUSTOMER",
    "INVENTORY_LEVEL",
    "INVENTORY_LOCATION",
    "ORDER",
    "PRICE",
    "PRODUCT",
    "VARIANT_PRODUCT",
    "WISHLIST",
)
NOTIFICATIONS = ("REMINDER", "PRICE_DROP", "LOW_STOCK", "BACK_IN_STOCK")
SCHEDULES = ("0 {hour} * * *", "30 {hour} * * 1-5", "0 {hour} * * 6", "0 0 {hour} ? * MON", "0 15 {hour} * * ?")
LACKING = 20
"""Percent of records without an optional field."""

TENANT = "understudy"
"""The tenant of the shipped scenarios."""


def _open_events(cast: LazyCast) -> Make:
    kind = "twc.events"
    require_cast(kind, products=cast.products, shops=cast.shops)
    streams, picker, baskets = FieldStreams(cast.scenario, kind), PersonPicker(cast, kind, 2), Baskets(cast, kind)

    def basket(n: int, noun: str) -> Record:
        person = picker.of(n)
        bought = baskets.fill(n, person.locale)
        items = [{"sku": product.sku, "quantity": quantity} for product, quantity in bought]
        payload: Record = {"customer": person.id, "items": items}
        if noun == "ORDER":
            total = sum(product.price * quantity for product, quantity in bought)
            payload |= {"total": total, "currency": bought[0].product.currency}
        shop = streams["shop"].pick(n, cast.shops_of(person.country))
        return event(noun, streams["entity"].uuid(n), "CREATE", payload, {"store": shop.code})

    makers: tuple[Callable[[int], Record], ...] = (
        lambda n: registration(picker.of(n)),
        lambda n: product_update(streams["product"].pick(n, cast.products)),
        lambda n: basket(n, "WISHLIST"),
        lambda n: basket(n, "ORDER"),
    )

    def make(n: int) -> Record:
        payload = streams["what"].pick(n, makers)(n)
        return payload if streams.lacks("id", n, LACKING) else {"id": streams["id"].uuid(n), **payload}

    return lambda numbers: [make(n) for n in numbers]


def _open_subscriptions(cast: LazyCast) -> Make:
    streams = FieldStreams(cast.scenario, "twc.subscriptions")

    def make(n: int) -> Record:
        entity = streams["entity"].pick(n, ENTITIES)
        is_queue = streams.in_share("queue", n, 70)
        destination = queue(f"{entity.lower().replace('_', '-')}-{n + 1}") if is_queue else {"type": "SNS"}
        flags = {"active": streams.in_share("active", n, 85), "subscribeDelete": streams.in_share("delete", n, 40)}
        return {"id": streams["id"].uuid(n), **subscription(entity, destination), **flags}

    return lambda numbers: [make(n) for n in numbers]


def _open_jobs(cast: LazyCast) -> Make:
    streams = FieldStreams(cast.scenario, "twc.jobs")

    def make(n: int) -> Record:
        notification = streams["notification"].pick(n, NOTIFICATIONS)
        schedule = streams["schedule"].pick(n, SCHEDULES).format(hour=6 + streams["hour"].below(n, 16))
        campaign = f"{notification.lower().replace('_', '-')}-{n + 1}"
        made = job(notification, schedule, campaign, 1 + streams["items"].below(n, 8))
        if streams.lacks("parameters", n, LACKING):
            del made["job_parameters"]
        return {"id": streams["id"].uuid(n), **made, "is_active": streams.in_share("active", n, 90)}

    return lambda numbers: [make(n) for n in numbers]


def _tenant(_: Record) -> dict[str, str]:
    return {"X-TWC-Tenant": TENANT}


RULES = {
    "events": (Rule("The tenant has no event with the id yet.", "/id", with_values(id=EVENT_IDS[0])),),
    "subscriptions": (
        Rule(
            "The tenant has no subscription with the id yet, active or not.", "/id", with_values(id=SUBSCRIPTION_IDS[0])
        ),
    ),
    "jobs": (
        Rule("The tenant has no job with the id yet, deleted or not.", "/id", with_values(id=JOB_IDS[0])),
        Rule(
            "Each schedule is a cron expression whose values are in range, or the page's `string`.",
            "/schedule",
            with_values(schedule="0 25 * * *"),
        ),
    ),
}

KINDS = (
    Kind(
        "twc.events",
        "What became of a customer, a product, a wishlist, an order.",
        _open_events,
        "create_event",
        _tenant,
        rules=RULES["events"],
    ),
    Kind(
        "twc.subscriptions",
        "Who is told of entities of a kind.",
        _open_subscriptions,
        "create_subscription",
        _tenant,
        rules=RULES["subscriptions"],
        ignores=("people", "locales"),
    ),
    Kind(
        "twc.jobs",
        "Messages to customers on a schedule.",
        _open_jobs,
        "create_job",
        _tenant,
        rules=RULES["jobs"],
        ignores=("people", "locales"),
    ),
)


def _token_headers(credentials: Credentials, post_form: PostForm) -> dict[str, str]:
    form = {name: str(credentials[name]) for name in ("client_id", "client_secret")}
    path = f"/auth/realms/{credentials['tenant']}/protocol/openid-connect/token"
    return {"Authorization": f"Bearer {post_form(path, {'grant_type': 'client_credentials', **form})['access_token']}"}


SEEDING_AUTH = SeedingAuth(_token_headers, {"tenant": TENANT})
