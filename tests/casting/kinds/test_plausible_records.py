"""Plausibility of records: in order, after registration, with correct sums, and about existing things."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from understudy.casting.kind_registry import find_kind
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.scenario import Scenario
from understudy.casting.scenario_file import load_scenario
from understudy.contract.json_schema_validator import Validator
from understudy.core.data_folder import data_folder
from understudy.core.misconfigured import Misconfigured
from understudy.state.vendor_state import VendorState
from understudy.state.world import World
from understudy.vendors.capillary.occurrences import take_occurrence
from understudy.vendors.capillary.start import OPEN_WEBHOOK
from understudy.vendors.contacthub.schemas.event_models import context_model, event_model, event_types
from understudy.vendors.contacthub.start_data.customers import home_of
from understudy.vendors.contacthub.tables import CUSTOMERS

Record = dict[str, Any]
START = load_scenario(data_folder("fixtures") / "scenarios" / "start.yaml")
CAST = LazyCast(replace(START, people=500))
COMES_FIRST = {
    "campaignOpened": "campaignSent",
    "campaignLinkClicked": "campaignOpened",
    "orderShipped": "completedOrder",
    "campaignUnsubscribed": "campaignSent",
    "closedTicket": "openedTicket",
    "serviceUnsubscribed": "serviceSubscribed",
    "eventParticipated": "eventRegistered",
}


@cache
def records(kind: str, count: int = 4000) -> list[Record]:
    return find_kind(kind).open(CAST)(range(count))


def date_of(event: Record) -> datetime:
    return datetime.fromisoformat(event["date"])


def owner(event: Record) -> str:
    return str(event.get("customerId") or event["bringBackProperties"]["value"])


def test_events_are_of_all_types_with_their_properties() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for event in records("contacthub.events"):
        found[event["type"]] |= event["properties"].keys()

    assert sorted(found) == sorted(event_types())
    assert [name for name, keys in found.items() if not keys and name not in {"loggedIn", "loggedOut"}] == []


def test_events_fit_the_schemas_of_their_type_and_context() -> None:
    types = {name: Validator(event_model(name)["propertiesSchema"]) for name in event_types()}
    contexts: dict[str, Validator] = {}

    wrong = []
    for event in records("contacthub.events"):
        context = event["context"]
        contexts.setdefault(context, Validator(context_model(context)["contextInfoSchema"]))
        wrong += types[event["type"]].violations(event["properties"])
        wrong += contexts[context].violations(event.get("contextInfo", {}))

    assert wrong == []


def test_the_cause_of_an_event_comes_before_it() -> None:
    missing = []
    stretches = [records("contacthub.events")[at : at + 16] for at in range(0, 4000, 16)]
    for stretch in stretches:
        seen: set[str] = set()
        for event in stretch:
            if event["type"] in COMES_FIRST and COMES_FIRST[event["type"]] not in seen:
                missing.append(event["type"])
            seen.add(event["type"])

    assert missing == []


def test_events_come_in_order_after_registration_and_before_today() -> None:
    people = {person.id: person for person in CAST.people}
    last: dict[int, datetime] = {}

    for n, event in enumerate(records("contacthub.events")):
        at = date_of(event)
        assert last.get(n // 16, at) <= at < CAST.scenario.instant
        last[n // 16] = at
        if owner(event) in people:
            assert people[owner(event)].registered_at.replace(microsecond=0) <= at


def test_events_belong_to_people_of_the_cast() -> None:
    known = {person.id for person in CAST.people}
    sessions = {session["value"] for session in records("contacthub.sessions", len(known))}

    strangers = {owner(event) for event in records("contacthub.events")} - known - sessions

    assert strangers == set()


def test_events_name_the_node_that_the_person_is_in(world: World) -> None:
    customers = world.vendors["contacthub"].collection(CUSTOMERS)

    homes = {person.number: customers.get(person.id) for person in LazyCast(START).people}

    assert {number: found and found["nodeId"] for number, found in homes.items()} == {n: home_of(n) for n in homes}


def prices_of(locale: str) -> dict[str, tuple[int, int]]:
    return {product.sku: (product.net_price, product.price) for product in CAST.products_of(locale)}


def test_orders_add_up_and_name_products_of_the_catalogue_at_its_prices() -> None:
    prices = {(product.id, product.price) for locale in CAST.scenario.locales for product in CAST.products_of(locale)}
    orders = [event["properties"] for event in records("contacthub.events") if event["type"] == "completedOrder"]

    for order in orders:
        amount = {name: exact(value) for name, value in order["amount"].items() if name != "local"}
        assert amount["revenue"] + amount["tax"] + amount["shipping"] == amount["total"]
        assert sum(exact(line["subtotal"]) for line in order["products"]) + amount["shipping"] == amount["total"]
        assert sum(exact(line["discount"]) for line in order["products"]) == amount["discount"]
        assert all((line["id"], int(exact(line["price"]) * 100)) in prices for line in order["products"])

    assert {"sale", "return"} == {order["type"] for order in orders}
    assert any(order["amount"]["discount"] for order in orders)


def test_a_return_is_of_an_order_that_came_before() -> None:
    sold: set[str] = set()
    for event in records("contacthub.events"):
        if event["type"] == "completedOrder":
            order = event["properties"]
            assert order["type"] == "sale" or order["orderId"] in sold
            sold.add(order["orderId"])


def test_saturdays_and_evenings_are_busier_than_monday_mornings() -> None:
    days = Counter(datetime.fromtimestamp(each["performed_on"], CAST.scenario.instant.tzinfo).weekday()
                   for each in records("crmcom.purchases") if "performed_on" in each)  # fmt: skip

    assert days[5] > 1.4 * days[0]


def test_a_purchase_adds_up_to_the_cent() -> None:
    homes = {name: person.locale for person in CAST.people for name in (person.id, person.card_number)}
    prices = {locale: prices_of(locale) for locale in CAST.scenario.locales}

    for purchase in records("crmcom.purchases"):
        locale = homes[purchase.get("cim") or purchase["contact_id"]]
        for line in purchase["products"]:
            assert exact(line["net_amount"]) + exact(line["tax_amount"]) == exact(line["total_amount"])
            assert exact(line["total_amount"]) * 100 == prices[locale][line["product_sku"]][1] * line["quantity"]


def test_no_two_purchases_have_the_same_reference_number() -> None:
    numbers = [purchase["reference_number"] for purchase in records("crmcom.purchases")]

    assert len(set(numbers)) == len(numbers)


def test_totals_of_purchases_have_a_long_tail() -> None:
    totals = sorted(sum(line["total_amount"] for line in each["products"]) for each in records("crmcom.purchases"))

    assert totals[-40] > 5 * totals[len(totals) // 2]


@pytest.mark.parametrize(
    ("kind", "path", "low", "high"),
    [
        ("crmcom.purchases", "payment_medium_identifier", 55, 75),
        ("twc.jobs", "job_parameters", 70, 90),
        ("capillary.events", "description", 60, 80),
        ("contacthub.events", "contextInfo", 40, 90),
    ],
)
def test_a_share_of_records_lacks_an_optional_property(kind: str, path: str, low: int, high: int) -> None:
    made = records(kind, 2000)

    assert low < 100 * sum(path in record for record in made) / len(made) < high


def test_consents_vary_from_person_to_person() -> None:
    answers = Counter(
        record["consents"].get("marketing", {}).get("automatic", {}).get("email", {}).get("status")
        for record in records("contacthub.consents", 500)
    )

    assert min(answers[True], answers[False], answers[None]) > 50


def test_every_occurrence_is_processed_to_its_end(vendor_state: Any) -> None:
    state: VendorState = vendor_state("capillary")
    webhook = state.collection("webhooks").get(OPEN_WEBHOOK)
    assert webhook is not None
    made = find_kind("capillary.occurrences").open(LazyCast(START))(range(300))

    for number, record in enumerate(made):
        take_occurrence(state, webhook, record, f"generated-{number}")

    ends = {state.collection("runs").get(f"generated-{n}")["stateList"][-1]["status"] for n in range(len(made))}  # type: ignore[index]
    assert ends == {"EVENT_CONSUMER_FINISHED"}
    assert {record["event_name"] for record in made} == {"TableBooked", "QuizFinished", "ProductViewed"}


def test_the_same_person_is_in_every_vendor() -> None:
    person = CAST.people[41]

    [hub] = [each for each in records("contacthub.consents", 50) if each["externalId"] == person.id]
    [contact] = [each for each in records("crmcom.contacts", 50) if each["id"] == person.id]
    [customer] = [each["data"][0] for each in records("ecdp.customers", 50) if each["data"][0]["crmId"] == person.id]

    assert hub["externalId"] == contact["id"] == customer["crmId"]
    assert (contact["cim"], customer["email"]) == (person.card_number, person.email)


@pytest.mark.parametrize(
    "kind", ["crmcom.purchases", "contacthub.events", "twc.events", "ecdp.custom_events", "ecdp.orders"]
)
def test_a_cast_without_people_is_refused(kind: str) -> None:
    empty = LazyCast(Scenario(merchants=1, shops=2, products=3))

    with pytest.raises(Misconfigured, match="set people to 1 or more"):
        find_kind(kind).open(empty)


def exact(amount: float) -> Decimal:
    return Decimal(str(amount))
