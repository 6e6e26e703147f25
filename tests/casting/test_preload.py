"""What a scenario says of the world that it begins with comes true, by the vendors' own operations."""

from collections import Counter
from pathlib import Path

import pytest

from understudy.app import create_app
from understudy.casting.scenario_file import find_scenario, load_scenario
from understudy.core.misconfigured import Misconfigured
from understudy.settings import Settings
from understudy.state.world import World

KEPT = {
    "contacthub.sessions": "sessions",
    "contacthub.events": "events",
    "crmcom.purchases": "purchases",
    "ecdp.custom_events": "occurrences",
    "capillary.occurrences": "occurrences",
    "capillary.events": "events",
    "twc.events": "events",
    "twc.jobs": "jobs",
}
"""Where what a kind's records tell is kept."""


def begin(scenario: str | Path, *vendors: str) -> World:
    return create_app(Settings(scenario=Path(scenario), vendors=vendors)).worlds.start_world


def test_what_has_been_done_is_there_when_the_world_begins() -> None:
    said = load_scenario(find_scenario("small-shop"))
    before, after = begin("start"), begin("small-shop")

    for kind, count in said.records.items():
        if kind not in KEPT:
            continue
        vendor = kind.partition(".")[0]
        kept = len(after.vendors[vendor].collection(KEPT[kind]))
        assert kept >= count, kind
    assert len(after.vendors["contacthub"].collection("customers")) < len(
        before.vendors["contacthub"].collection("customers")
    )
    assert after.clock.now().date() == said.instant.date()


def test_nothing_is_done_by_strangers() -> None:
    world = begin("small-shop", "contacthub")
    people = {customer["id"] for customer in world.vendors["contacthub"].collection("customers")}

    events = [row["data"] for row in world.vendors["contacthub"].collection("events")]

    assert {event["customerId"] for event in events} <= people
    assert Counter(event["type"] for event in events)["completedOrder"] > 10


def test_a_world_without_people_has_only_the_examples() -> None:
    world = begin("empty")

    assert len(world.vendors["contacthub"].collection("customers")) == 10
    assert len(world.vendors["crmcom"].collection("contacts")) == 2
    assert len(world.vendors["ecdp"].collection("customers")) == 2
    assert len(world.vendors["capillary"].collection("customers")) == 0


def test_a_vendor_that_a_scenario_leaves_out_knows_nobody() -> None:
    world = begin("gdpr-requests", "ecdp", "crmcom")

    assert len(world.vendors["ecdp"].collection("customers")) == 122
    assert len(world.vendors["crmcom"].collection("contacts")) == 2


def test_some_ask_for_a_copy_and_some_are_forgotten() -> None:
    said = load_scenario(find_scenario("gdpr-requests"))
    world = begin("gdpr-requests", "contacthub").vendors["contacthub"]

    asked = Counter(row["data"]["type"] for row in world.collection("consentLogs"))

    assert asked["DATA_PORTABILITY_REQUESTED"] > 0
    assert len(world.collection("customers")) == said.people + 10 - said.records["contacthub.erasures"]


def test_a_share_that_a_scenario_sets_is_kept() -> None:
    customers = begin("gdpr-requests", "contacthub").vendors["contacthub"].collection("customers")
    asked = [
        row["consents"]["marketing"]["automatic"]["email"] for row in customers if row["externalId"][:8] != "customer"
    ]
    answers = Counter(answer["status"] for answer in asked if answer)

    assert answers[True] < answers[False]


def test_the_same_scenario_makes_the_same_world() -> None:
    one, two = (begin("small-shop", "crmcom").vendors["crmcom"].collection("purchases") for _ in range(2))

    assert list(one) == list(two)


def test_a_vendor_that_is_not_served_is_not_told() -> None:
    assert "crmcom" not in begin("small-shop", "ecdp").vendors


def test_a_record_that_a_vendor_refuses_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("people: 3\nrecords:\n  contacthub.erasures: 4\n", encoding="utf-8")

    with pytest.raises(Misconfigured, match=r"^contacthub\.erasures: contacthub refuses record 3: customer not found"):
        begin(path, "contacthub")


def test_an_unknown_scenario_is_told_the_nearest_right_name() -> None:
    with pytest.raises(Misconfigured, match="no scenario 'smal-shop'; did you mean 'small-shop'"):
        begin("smal-shop")
