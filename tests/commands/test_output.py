"""Output of commands: readers that leave, files of every ending, tables on a terminal, and the nearest right name."""

import csv
import gzip
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from fcntl import ioctl
from pathlib import Path

import pytest

from understudy.casting import Cast
from understudy.commands.tables import fit, wrap
from understudy.core.misconfigured import Misconfigured

COMMAND = Path(sys.executable).with_name("understudy")
PEOPLE = ("generate", "cast.people", "--count", "2")
CUSTOMERS = ("generate", "contacthub.customers", "--count", "1")


def run(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=cwd,
        env={**os.environ, **environment},
    )


def refusal(*arguments: str, cwd: Path | None = None) -> str:
    """Return the one line with which a command refuses its arguments."""
    result = run(*arguments, cwd=cwd)
    assert result.returncode == 2, result.stderr
    assert result.stdout == ""
    [line] = result.stderr.splitlines()
    return line


@pytest.mark.parametrize(
    "arguments",
    [
        ("generate", "contacthub.customers", "--count", "30000"),
        ("generate", "contacthub.customers", "--count", "9000", "--workers", "2"),
        ("generate", "cast.people", "--count", "9000", "--format", "csv"),
        ("generate", "--list"),
        ("operations",),
        ("spec", "twc"),
        ("credentials", "--json"),
        ("env",),
        ("serve", "--port", "0", "--vendor", "ecdp"),
        ("completion", "bash"),
        ("--help",),
        ("--version",),
        ("serve", "--help"),
    ],
    ids=" ".join,
)
def test_a_command_whose_reader_has_gone_ends_silently(arguments: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        result = subprocess.run([COMMAND, *arguments], stdout=writer, stderr=subprocess.PIPE, check=False, timeout=60)
    finally:
        os.close(writer)

    assert result.returncode == 141
    assert result.stderr == b""


def test_a_reader_that_takes_one_line_ends_the_rest() -> None:
    script = f"{COMMAND} generate contacthub.customers --count 40000 --workers 2 | head -1; echo ${{PIPESTATUS[0]}}"

    result = subprocess.run(["/bin/bash", "-c", script], capture_output=True, text=True, check=False, timeout=60)

    record, code = result.stdout.splitlines()
    assert json.loads(record)["externalId"]
    assert code == "141"
    assert result.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("arguments", [("operations",), ("generate", "cast.people"), ("--help",)], ids=" ".join)
def test_an_output_that_is_full_is_reported_in_one_line(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run([COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False)

    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert "output" in result.stderr
    assert "No space left" in result.stderr


@pytest.mark.parametrize(
    "name",
    ["x.xlsx", "x.xml", "x.yaml", "x.yml", "x.txt", "x.csv.bz2", "x.tar.gz", "x.jsonl.zip", "x.2026-01-01", "x.jsn"],
)
def test_a_file_of_no_known_ending_is_refused_with_the_known_ones(name: str, tmp_path: Path) -> None:
    line = refusal(*PEOPLE, "--out", name, cwd=tmp_path)

    assert name in line
    assert all(ending in line for ending in (".jsonl", ".json", ".csv", ".tsv", ".parquet", ".gz"))
    assert list(tmp_path.iterdir()) == []


def test_saved_records_have_the_same_endings(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"no format has the ending '\.xlsx'"):
        Cast()["cast.people"].save(tmp_path / "people.xlsx")


@pytest.mark.parametrize("name", ["people", "people.jsonl", "people.JSONL", "people.ndjson", "2026.people.jsonl"])
def test_lines_of_json_have_their_endings_or_none(name: str, tmp_path: Path) -> None:
    assert run(*PEOPLE, "--out", name, cwd=tmp_path).returncode == 0

    assert [json.loads(line)["number"] for line in (tmp_path / name).read_text().splitlines()] == [0, 1]


def test_a_format_that_is_named_takes_any_ending(tmp_path: Path) -> None:
    assert run(*PEOPLE, "--out", "people.txt", "--format", "json", cwd=tmp_path).returncode == 0

    assert len(json.loads((tmp_path / "people.txt").read_text())) == 2


def test_tsv_has_the_values_of_csv_between_tabs(tmp_path: Path) -> None:
    for name in ("x.tsv", "x.csv", "x.tsv.gz"):
        assert run(*PEOPLE, "--out", name, "--set", 'first_name="A\\tb"', cwd=tmp_path).returncode == 0

    with (tmp_path / "x.tsv").open(newline="") as tabs, (tmp_path / "x.csv").open(newline="") as commas:
        rows = list(csv.reader(tabs, delimiter="\t"))
        assert rows == list(csv.reader(commas))
    assert "A\tb" in rows[1]
    assert gzip.decompress((tmp_path / "x.tsv.gz").read_bytes()) == (tmp_path / "x.tsv").read_bytes()


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("base.emial", "base.contacts.email"),
        ("base.contacts.emial", "base.contacts.email"),
        ("BASE.GENDER", "base.gender"),
        ("firstname", "base.firstName"),
        ("base.adress.city", "base.address.city"),
        ("externalid", "externalId"),
    ],
)
@pytest.mark.parametrize("option", ["--only", "--set"])
def test_an_unknown_field_is_refused_with_the_nearest(option: str, path: str, hint: str) -> None:
    line = refusal(*CUSTOMERS, option, f"{path}=1" if option == "--set" else path)

    assert f"{path!r}; did you mean {hint!r}?" in line


@pytest.mark.parametrize("path", ["base..x", ".", "tags.manual.0", "base.firstName.x", "extended.viists", "nonsense"])
def test_a_value_is_not_set_where_no_record_has_a_field(path: str) -> None:
    assert repr(path) in refusal(*CUSTOMERS, "--set", f"{path}=1")


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("contacthub.customers", "base.contacts.fax"),
        ("contacthub.customers", "extended.visits"),
        ("contacthub.customers", "tags.manual"),
        ("crmcom.purchases", "contact_id"),
        ("crmcom.purchases", "merchant_tap.code"),
        ("crmcom.contacts", "name"),
        ("cast.people", "email"),
    ],
)
def test_a_value_is_set_where_a_record_has_a_field_or_the_contract_declares_one(kind: str, path: str) -> None:
    result = run("generate", kind, "--count", "1", "--set", f'{path}="here"')

    value = json.loads(result.stdout)
    for name in path.split("."):
        value = value[name]
    assert value == "here"


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("serve", "--vendor", "CRMCOM"), "crmcom"),
        (("spec", "Twc"), "twc"),
        (("seed", "--vendor", "ContactHub"), "contacthub"),
        (("seed", "--at", "ECDP=http://127.0.0.1:1"), "ecdp"),
        (("generate", "CRMCOM.PURCHASES"), "crmcom.purchases"),
        (("generate", "Contacthub.Customer"), "contacthub.customers"),
        (("serve", "--scenario", "SMALL-SHOP"), "small-shop"),
        (("generate", "cast.people", "--locale", "it_it"), "it_IT"),
        (("generate", "cast.people", "--format", "CSV"), "csv"),
        (("fault", "add", "STATUS"), "status"),
        (("journal", "--outcome", "Rule"), "rule"),
        (("serve", "--log-format", "JSON"), "json"),
        (("completion", "Bash"), "bash"),
        (("serve", "--auth", "ANY"), "any"),
    ],
)
def test_a_name_is_suggested_whatever_its_case(arguments: tuple[str, ...], hint: str) -> None:
    assert f"did you mean {hint!r}?" in refusal(*arguments)


PLAIN = {"NO_COLOR": "1", "TERM": "xterm-256color"}


def on_terminal(columns: int, *arguments: str, variables: Mapping[str, str] = PLAIN) -> list[str]:
    """Return the lines that a command prints on a terminal of a width."""
    reader, writer = pty.openpty()
    ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    unset = {"COLUMNS", "LINES", "NO_COLOR", "TERM"}
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    process = subprocess.Popen([COMMAND, *arguments], stdout=writer, env={**environment, **variables})
    os.close(writer)
    found = b""
    try:
        while part := os.read(reader, 65536):
            found += part
    except OSError:  # Linux has no end of file for a terminal that is closed
        pass
    os.close(reader)
    assert process.wait(10) == 0
    return found.decode().splitlines()


@pytest.mark.parametrize(
    ("variables", "is_styled"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, True),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
    ],
    ids=str,
)
def test_text_is_plain_where_no_colour_is_wanted(variables: dict[str, str], *, is_styled: bool) -> None:
    lines = on_terminal(80, "diff", "ecdp", "twc", "--fail-on", "none", variables=variables)

    assert any("\x1b" in line for line in lines) is is_styled


def test_a_row_on_a_narrow_terminal_begins_with_its_first_column() -> None:
    lines = on_terminal(80, "coverage", "crmcom")

    assert lines[1].startswith("operation ")
    starts = [line.split()[0] for line in lines[2:] if line and line[0].islower() and "not modelled" not in line]
    assert starts[:2] == ["list_purchases", "create_purchase"]
    assert len(starts) == 10


def is_made_of(text: str, cells: set[str]) -> bool:
    """Return whether a text is one cell, or several one after another: it may take several lines."""
    return not text or any(text.startswith(cell) and is_made_of(text[len(cell) :], cells) for cell in cells if cell)


@pytest.mark.parametrize("columns", [80, 100, 132])
def test_tables_fit_the_terminal_and_lose_nothing(columns: int) -> None:
    lines = on_terminal(columns, "operations", "--vendor", "twc")

    assert max(map(len, lines)) <= columns
    rows = json.loads(run("operations", "--vendor", "twc", "--json").stdout)
    cells = {cell for line in lines for cell in line.split()}
    assert {row["operationId"] for row in rows} <= cells
    for path in (row["path"] for row in rows):
        assert is_made_of(path, cells), path


def test_a_row_without_room_has_its_widest_columns_below() -> None:
    head, below, *lines = on_terminal(80, "operations", "--vendor", "twc")

    assert head.split()[:3] == ["vendor", "operationId", "method"]
    assert below.startswith("    path ")
    firsts = [number for number, line in enumerate(lines) if line.startswith("twc ")]
    assert len(firsts) == len(json.loads(run("operations", "--vendor", "twc", "--json").stdout))
    assert all(lines[number + 1].startswith("    /") for number in firsts)


def test_the_list_of_kinds_fits_the_terminal() -> None:
    assert max(map(len, on_terminal(80, "generate", "--list"))) <= 80


def test_a_table_in_a_pipe_has_a_line_a_row() -> None:
    lines = run("operations", COLUMNS="60").stdout.splitlines()

    assert len(lines) == 1 + len(json.loads(run("operations", "--json").stdout))
    assert max(map(len, lines)) > 132


def test_columns_are_narrowed_from_the_widest_down_to_a_bound() -> None:
    assert fit([4, 30, 10], None) == [4, 30, 10]
    assert fit([4, 30, 10], 48) == [4, 30, 10]
    assert fit([4, 30, 10], 47) == [4, 29, 10]
    assert fit([4, 30, 10], 28) == [4, 10, 10]
    assert fit([4, 30, 10], 1) == [4, 6, 6]


def test_texts_are_broken_after_a_separator_where_one_is_near() -> None:
    assert list(wrap("create_purchase", 15)) == ["create_purchase"]
    assert list(wrap("create_purchase", 14)) == ["create_", "purchase"]
    assert list(wrap("abcdefgh", 3)) == ["abc", "def", "gh"]
    assert list(wrap("one two three", 9)) == ["one two", "three"]
    assert list(wrap("", 5)) == [""]
