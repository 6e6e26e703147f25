"""Records of users' own documents: kinds of schemas and collections, pure functions of the seed and their number."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from understudy.casting import Cast
from understudy.casting.document_kinds import DocumentSource, document_kinds
from understudy.casting.kind_registry import find_kinds
from understudy.cli import main
from understudy.core.misconfigured import Misconfigured

DOMAINS = str(Path(__file__).parent.parent / "samples" / "domains.yaml")
SHOP = str(Path(__file__).parent.parent / "resources" / "shop.yaml")
COMMAND = Path(sys.executable).with_name("understudy")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["generate", *arguments])


def generated(*arguments: str) -> list[Any]:
    """Return the records that the command writes."""
    found = subprocess.run([COMMAND, "generate", *arguments], capture_output=True, check=True)
    return [json.loads(line) for line in found.stdout.splitlines()]


def test_schemas_and_collections_are_listed_before_the_shipped_kinds() -> None:
    listed = run("--list", "--spec", SHOP).output.splitlines()
    assert [line.split()[0] for line in listed[:4]] == ["shop.pots", "shop.Error", "shop.NewPot", "shop.Pot"]
    assert "contacthub.customers" in {line.split()[0] for line in listed if line}
    assert "shop.pots" not in run("--list").output


def test_records_are_the_same_each_time_and_alone() -> None:
    whole = generated("domains.Customer", "--count", "6", "--spec", DOMAINS)
    assert generated("domains.Customer", "--count", "2", "--from", "4", "--spec", DOMAINS) == whole[4:]
    assert len({each["id"] for each in whole}) == 6
    assert generated("domains.Customer", "--count", "6", "--seed", "9", "--spec", DOMAINS) != whole


def test_several_processes_write_the_same_records() -> None:
    arguments = ("domains.Pet", "--count", "2100", "--spec", DOMAINS)
    assert generated(*arguments, "--workers", "2") == generated(*arguments, "--workers", "1")


def test_numbers_as_ids_are_never_repeated() -> None:
    found = generated("domains.User", "--count", "1000", "--spec", DOMAINS)
    assert [each["id"] for each in found] == [*range(1, 1001)]


def test_a_locale_chooses_the_country() -> None:
    found = generated("domains.Address", "--count", "5", "--locale", "pl_PL", "--spec", DOMAINS)
    assert {each["country"] for each in found} == {"PL"}
    assert {each["country"] for each in generated("domains.Address", "--count", "5", "--spec", DOMAINS)} == {"US"}


def test_values_are_set_and_fields_are_selected() -> None:
    arguments = ("--set", "address.city=Bern", "--only", "email,address.city", "--count", "1", "--spec", DOMAINS)
    [found] = generated("domains.Customer", *arguments)
    assert found["address"] == {"city": "Bern"}
    assert [*found] == ["email", "address"]


def test_a_table_has_dotted_columns(tmp_path: Path) -> None:
    file = tmp_path / "users.csv"
    assert run("domains.Track", "--count", "3", "--out", str(file), "--spec", DOMAINS).exit_code == 0
    header, *rows = file.read_text().splitlines()
    assert "artist.name" in header.split(",")
    assert len(rows) == 3


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("domains.Custmer",), "no kind of record 'domains.Custmer'; did you mean 'domains.Customer'?"),
        (("domains.Customer", "--set", "adress.city=x"), "has the field 'adress.city'; did you mean 'address.city'?"),
        (("domains.Customer", "--only", "emial"), "did you mean 'email'?"),
        (("domains.Customer", "--invalid"), "no request takes such records"),
        (("domains.Customer", "--duplicates", "3%"), "only records that are people have duplicates"),
    ],
)
def test_a_mistake_is_one_line(arguments: tuple[str, ...], reason: str) -> None:
    found = run(*arguments, "--spec", DOMAINS, "--count", "1")
    assert found.exit_code != 0
    assert reason in str(found.output) + str(found.exception)


def test_a_schema_that_allows_nothing_is_named(tmp_path: Path) -> None:
    file = tmp_path / "odd.json"
    schema = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer", "minimum": 5, "maximum": 4}}}
    file.write_text(json.dumps({"openapi": "3.0.0", "paths": {}, "components": {"schemas": {"Odd": schema}}}))
    with pytest.raises(Misconfigured, match=r"odd\.Odd: no record was found that its schema allows"):
        Cast(specs=[str(file)])["odd.Odd"][0]


def test_python_has_the_same_records() -> None:
    cast = Cast(specs=[DOMAINS])
    assert [*cast["domains.Hotel"][:2]] == generated("domains.Hotel", "--count", "2", "--spec", DOMAINS)
    assert len(cast["domains.Hotel"]) == 60
    with pytest.raises(Misconfigured, match="no kind of record"):
        Cast()["domains.Hotel"]


def test_only_objects_are_kinds(tmp_path: Path) -> None:
    file = tmp_path / "few.json"
    schemas = {"Word": {"type": "string"}, "Words": {"type": "array", "items": {}}, "Thing": {"type": "object"}}
    file.write_text(json.dumps({"openapi": "3.0.0", "paths": {}, "components": {"schemas": schemas}}))
    assert [*document_kinds(DocumentSource("few", str(file)))] == ["few.Thing"]


def test_the_kinds_of_a_document_do_not_stay() -> None:
    document_kinds(DocumentSource("domains", DOMAINS))
    assert "domains.Pet" not in find_kinds()


def test_faker_is_imported_only_for_a_document() -> None:
    code = "import sys; from understudy.casting import Cast; Cast()['cast.people'][0]; print('faker' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert found.stdout.strip() == "False"
