"""Command ``understudy seed``: records of a scenario, sent to a running server."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.conftest import StandIn
from understudy.casting.scenario_file import START, open_scenario
from understudy.client.seeding import seeding_plan
from understudy.commands.seed import seed
from understudy.core.misconfigured import Misconfigured

SCENARIO = """
people: 12
merchants: 1
shops: 2
products: 9
locales: [it_IT]
records:
  contacthub.sessions: 12
  contacthub.consents: 12
  contacthub.events: 64
  ecdp.custom_events: 10
  twc.events: 8
  twc.jobs: 2
  capillary.events: 3
  capillary.occurrences: 5
"""


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def run(stand_in: StandIn, *arguments: str) -> Result:
    return CliRunner().invoke(
        seed, ["--url", stand_in.root, "--world", stand_in.world_name, *arguments], standalone_mode=False
    )


def test_a_running_server_takes_every_record(stand_in: StandIn, scenario: Path) -> None:
    before = {name: len(world.collection("customers")) for name, world in stand_in.world.vendors.items()
              if name in {"contacthub", "ecdp"}}  # fmt: skip

    result = run(stand_in, "--scenario", str(scenario), "--seed", "5")

    assert result.return_value == 0, result.output
    assert "refused" not in result.output
    after = stand_in.world.vendors
    assert len(after["contacthub"].collection("customers")) == before["contacthub"] + 12
    assert len(after["ecdp"].collection("customers")) == before["ecdp"] + 12
    assert len(after["contacthub"].collection("sessions")) == 14
    assert len(after["twc"].collection("jobs")) >= 2


def test_events_are_of_the_customers_that_the_server_has_made(stand_in: StandIn, scenario: Path) -> None:
    world = stand_in.world.vendors["contacthub"]
    before = {name: {*world.collection(name).keys()} for name in ("customers", "events")}

    run(stand_in, "--scenario", str(scenario), "--seed", "5", "--vendor", "contacthub")

    made = {*world.collection("customers").keys()} - before["customers"]
    events = [row["data"] for row in world.collection("events") if row["id"] not in before["events"]]
    owners = {event["customerId"] for event in events}
    assert len(events) == 64
    assert len(made) == 12
    assert owners <= made | {None}
    assert len(owners) > 3


def test_a_refused_record_is_reported_and_ends_with_1(stand_in: StandIn, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "people: 3\nmerchants: 1\nshops: 1\nproducts: 3\nrecords:\n  crmcom.purchases: 4\n", encoding="utf-8"
    )

    result = run(stand_in, "--scenario", str(path), "--seed", "99", "--vendor", "crmcom")

    assert result.return_value == 1
    assert "0 taken, 4 refused (400:" in result.output
    assert "No contact has" in result.output


def test_records_whose_people_no_operation_makes_are_left_out_and_named(stand_in: StandIn) -> None:
    result = run(stand_in)

    assert result.return_value == 0, result.output
    assert "crmcom.purchases         60 left out: they need the scenario's contacts" in result.output
    assert "No contact has" in result.output
    assert "refused" not in result.output


def test_unknown_credentials_are_no_reason_to_leave_records_out(stand_in: StandIn, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "vendors: [crmcom]\npeople: 3\nmerchants: 1\nshops: 1\nproducts: 3\nrecords:\n  crmcom.purchases: 2\n"
        "credentials:\n  crmcom: {api_key: wrong}\n",
        encoding="utf-8",
    )

    result = run(stand_in, "--scenario", str(path))

    assert result.return_value == 1
    assert "0 taken, 2 refused (401:" in result.output


def test_a_server_elsewhere_is_sent_only_its_vendors_records(stand_in: StandIn, scenario: Path) -> None:
    result = CliRunner().invoke(seed, ["--scenario", str(scenario), "--at", f"ecdp={stand_in.url('ecdp')}"])

    assert result.exit_code == 0, result.output
    assert [line.split()[0] for line in result.output.splitlines() if "taken" in line] == [
        "ecdp.customers",
        "ecdp.custom_events",
    ]


def test_unknown_credentials_are_reported(stand_in: StandIn, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("people: 2\ncredentials:\n  ecdp: {api_key: wrong}\n", encoding="utf-8")

    result = run(stand_in, "--scenario", str(path), "--vendor", "ecdp")

    assert "0 taken, 2 refused (401:" in result.output


def test_a_mistyped_credential_is_named(stand_in: StandIn, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("people: 2\ncredentials:\n  ecdp: {key: wrong}\n", encoding="utf-8")

    result = run(stand_in, "--scenario", str(path), "--vendor", "ecdp")

    assert isinstance(result.exception, Misconfigured)
    assert str(result.exception) == f"{path}:3: credentials of ecdp have an unknown key 'key'; did you mean 'api_key'?"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--url", "http://127.0.0.1:1"], "no server answers at http://127.0.0.1:1/"),
        (["--url", "localhost"], "'localhost/ecdp' is no server's URL: give one such as http://127.0.0.1:8080"),
        (["--scenario", "smal-shop"], "no scenario 'smal-shop'; did you mean 'small-shop'?"),
        (["--vendor", "ecpd"], "no vendor 'ecpd'; did you mean 'ecdp'?"),
        (["--at", "https://api.ecdp.app"], "--at takes VENDOR=URL, such as acme=https://api.example.com, not "),
        (["--vendor", "ecdp", "--at", "twc=https://x.example"], "--at names 'twc', which is not among the vendors"),
    ],
)
def test_a_mistake_is_reported_in_one_line(arguments: list[str], message: str) -> None:
    result = CliRunner().invoke(seed, ["--vendor", "ecdp", *arguments])

    assert isinstance(result.exception, Misconfigured)
    assert str(result.exception).startswith(message)


def test_people_are_sent_before_their_other_records() -> None:
    plan = [kind.name for kind, _ in seeding_plan(open_scenario("small-shop"), ["contacthub", "ecdp"])]

    assert plan[:2] == ["contacthub.customers", "ecdp.customers"]
    assert "crmcom.purchases" not in plan
    assert seeding_plan(open_scenario(START), ["twc"]) == []


def test_records_are_sent_to_the_server_and_world_of_the_environment(stand_in: StandIn, scenario: Path) -> None:
    variables = {"UNDERSTUDY_URL": stand_in.root, "UNDERSTUDY_WORLD": stand_in.world_name}
    words = ["--scenario", str(scenario), "--vendor", "ecdp"]

    done = CliRunner().invoke(seed, words, env=variables, standalone_mode=False)

    assert done.exception is None, done.output
    assert stand_in.state("ecdp").collection("occurrences")
