"""Preload: a world starts with the records of its scenario, created by the vendors' handlers."""

from collections import Counter
from pathlib import Path

import pytest

from understudy.app import create_app
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.preload import preload
from understudy.casting.scenario_file import find_scenario, load_scenario
from understudy.core.misconfigured import Misconfigured
from understudy.core.reply import Reply
from understudy.core.vendor import Vendor
from understudy.settings import Settings
from understudy.state.world import World

COLLECTIONS = {
    "contacthub.sessions": "sessions",
    "contacthub.events": "events",
    "crmcom.purchases": "purchases",
    "ecdp.custom_events": "occurrences",
    "ecdp.orders": "orders",
    "capillary.occurrences": "occurrences",
    "capillary.events": "events",
    "twc.events": "events",
    "twc.jobs": "jobs",
}
"""Collection in which the records of a kind are stored."""


def start_world(scenario: str | Path, *vendors: str) -> World:
    return create_app(Settings(scenario=Path(scenario), vendors=vendors)).worlds.start_world


def test_the_records_of_a_scenario_are_in_its_start_world() -> None:
    scenario = load_scenario(find_scenario("small-shop"))
    before, after = start_world("start"), start_world("small-shop")

    for kind, count in scenario.records.items():
        if kind not in COLLECTIONS:
            continue
        vendor = kind.partition(".")[0]
        stored = len(after.vendors[vendor].collection(COLLECTIONS[kind]))
        assert stored >= count, kind
    assert len(after.vendors["contacthub"].collection("customers")) < len(
        before.vendors["contacthub"].collection("customers")
    )
    assert after.clock.now().date() == scenario.instant.date()


def test_all_events_are_of_known_customers() -> None:
    world = start_world("small-shop", "contacthub")
    people = {customer["id"] for customer in world.vendors["contacthub"].collection("customers")}

    events = [row["data"] for row in world.vendors["contacthub"].collection("events")]

    assert {event["customerId"] for event in events} <= people
    assert Counter(event["type"] for event in events)["completedOrder"] > 10


def test_a_world_without_people_has_only_the_examples() -> None:
    world = start_world("empty")

    assert len(world.vendors["contacthub"].collection("customers")) == 12
    assert len(world.vendors["crmcom"].collection("contacts")) == 3
    assert len(world.vendors["ecdp"].collection("customers")) == 3
    assert len(world.vendors["capillary"].collection("customers")) == 0


def test_a_vendor_that_a_scenario_leaves_out_has_no_people() -> None:
    world = start_world("gdpr-requests", "ecdp", "crmcom")

    assert len(world.vendors["ecdp"].collection("customers")) == 123
    assert len(world.vendors["crmcom"].collection("contacts")) == 3


def test_some_customers_are_exported_and_some_are_erased() -> None:
    scenario = load_scenario(find_scenario("gdpr-requests"))
    state = start_world("gdpr-requests", "contacthub").vendors["contacthub"]

    asked = Counter(row["data"]["type"] for row in state.collection("consentLogs"))

    assert asked["DATA_PORTABILITY_REQUESTED"] > 0
    assert len(state.collection("customers")) == scenario.people + 12 - scenario.records["contacthub.erasures"]


def test_a_share_that_a_scenario_sets_is_kept() -> None:
    customers = start_world("gdpr-requests", "contacthub").vendors["contacthub"].collection("customers")
    asked = [
        row["consents"]["marketing"]["automatic"]["email"]
        for row in customers
        if (row["externalId"] or "customer")[:8] != "customer"
    ]
    answers = Counter(answer["status"] for answer in asked if answer)

    assert answers[True] < answers[False]


def test_the_same_scenario_makes_the_same_world() -> None:
    one, two = (start_world("small-shop", "crmcom").vendors["crmcom"].collection("purchases") for _ in range(2))

    assert list(one) == list(two)


def test_records_of_a_vendor_that_is_not_served_are_skipped() -> None:
    assert "crmcom" not in start_world("small-shop", "ecdp").vendors


def test_a_record_that_a_vendor_refuses_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("people: 3\nrecords:\n  contacthub.erasures: 4\n", encoding="utf-8")

    with pytest.raises(Misconfigured, match=r"^contacthub\.erasures: contacthub refuses record 3: customer not found"):
        start_world(path, "contacthub")


def test_the_nearest_scenario_is_named_for_an_unknown_one() -> None:
    with pytest.raises(Misconfigured, match="no scenario 'smal-shop'; did you mean 'small-shop'"):
        start_world("smal-shop")


def test_a_handler_that_names_urls_cannot_be_called_by_a_scenario() -> None:
    def push_occurrence(state: object, body: object, url_for: object) -> Reply:
        raise AssertionError((state, body, url_for))

    cast = LazyCast(load_scenario(find_scenario("small-shop")))
    vendor = Vendor("capillary", operations={"push_occurrence": push_occurrence})
    state = start_world("empty", "capillary").vendors["capillary"]

    with pytest.raises(Misconfigured, match=r"^capillary.occurrences: push_occurrence names a URL of its request"):
        for _ in preload(cast, {"capillary": vendor}, {"capillary": state}):
            pass
