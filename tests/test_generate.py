"""``understudy generate`` from the command line: files, pipes, shards, Ctrl-C, a full disk."""

import csv
import gzip
import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet
import pytest
import zstandard
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.cli import main

COMMAND = Path(sys.executable).with_name("understudy")
KIND = "contacthub.customers"


def run(*arguments: str, kind: str = KIND) -> Result:
    return CliRunner().invoke(main, ["generate", kind, *arguments])


def made(*arguments: str, kind: str = KIND) -> bytes:
    """Return the output of a successful run; click's runner has no file descriptor for the standard output."""
    with pytest.MonkeyPatch.context() as patched, io.BytesIO() as file:
        patched.setattr("understudy.commands.write_with_progress.open_output", lambda _: _Output(file))
        result = run(*arguments, kind=kind)
        assert result.exit_code == 0, result.output
        return file.getvalue()


class _Output:
    def __init__(self, file: io.BytesIO) -> None:
        self.file = file

    def __enter__(self) -> io.BytesIO:
        return self.file

    def __exit__(self, *_: object) -> None: ...


def records(text: bytes) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in text.splitlines()]


WHOLE = made("--count", "120")


def assert_refused(result: Result, *parts: str) -> None:
    assert result.exit_code == 2, result.output
    [line] = result.output.splitlines()
    for part in parts:
        assert part in line


def test_kinds_are_listed() -> None:
    result = CliRunner().invoke(main, ["generate", "--list"])

    assert result.exit_code == 0
    assert [line.split()[0] for line in result.output.splitlines() if line.startswith("cast.")] == [
        "cast.people",
        "cast.merchants",
        "cast.shops",
        "cast.products",
    ]


def test_the_default_count_is_the_scenario_s() -> None:
    assert len(records(made())) == 60
    assert len(records(made(kind="cast.shops"))) == 24


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 119), st.integers(0, 40))
def test_records_from_a_number_on_are_the_same(start: int, count: int) -> None:
    lines = WHOLE.splitlines(keepends=True)

    assert made("--from", str(start), "--count", str(min(count, 120 - start))) == b"".join(lines[start : start + count])


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 9))
def test_shards_in_their_order_are_the_whole(of: int) -> None:
    shards = [made("--count", "120", "--shard", f"{number}/{of}") for number in range(1, of + 1)]

    assert b"".join(shards) == WHOLE


def test_several_processes_write_the_same_bytes(tmp_path: Path) -> None:
    for workers in ("1", "2"):
        done = subprocess.run(
            [COMMAND, "generate", KIND, "--count", "5000", "--workers", workers, "--out", tmp_path / workers],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")  # and no progress bar without a terminal

    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()
    assert len((tmp_path / "1").read_bytes().splitlines()) == 5000


def test_another_seed_and_other_locales_change_the_records() -> None:
    assert made("--count", "3", "--seed", "2") != made("--count", "3")
    locales = {record["base"]["locale"] for record in records(made("--locale", "it_IT", "--locale", "pl_PL"))}
    assert locales == {"it_IT", "pl_PL"}


def test_values_are_set_and_fields_are_selected() -> None:
    [record] = records(
        made("--count", "1", "--set", "base.contacts.email=ada@example.com", "--set", "extended.visits=3",
             "--set", 'tags.manual=["vip"]', "--only", "base.contacts.email,extended.visits", "--only", "tags.manual")
    )  # fmt: skip

    assert record == {
        "base": {"contacts": {"email": "ada@example.com"}},
        "extended": {"visits": 3},
        "tags": {"manual": ["vip"]},
    }


def test_a_list_of_json_is_valid_even_if_empty() -> None:
    assert json.loads(made("--count", "7", "--format", "json")) == records(WHOLE)[:7]
    assert json.loads(made("--count", "0", "--format", "json")) == []


def test_a_table_has_dotted_columns_and_an_empty_one_has_its_names() -> None:
    rows = list(csv.DictReader(io.StringIO(made("--count", "5", "--format", "csv").decode())))

    assert [row["base.contacts.email"] for row in rows] == [
        record["base"]["contacts"]["email"] for record in records(WHOLE)[:5]
    ]
    empty = made("--count", "0", "--format", "csv").decode()
    assert empty.splitlines() == [",".join(rows[0])]


def test_parquet_holds_the_same_records(tmp_path: Path) -> None:
    assert run("--count", "50", "--out", str(tmp_path / "x.parquet")).exit_code == 0

    table = pyarrow.parquet.read_table(tmp_path / "x.parquet")
    assert table.num_rows == 50
    assert [base["firstName"] for base in table["base"].to_pylist()] == [
        record["base"]["firstName"] for record in records(WHOLE)[:50]
    ]


def test_a_file_s_name_chooses_its_format_and_compression(tmp_path: Path) -> None:
    for name in ("x.jsonl.gz", "x.jsonl.zst", "x.csv.gz"):
        assert run("--count", "120", "--out", str(tmp_path / name)).exit_code == 0

    assert gzip.decompress((tmp_path / "x.jsonl.gz").read_bytes()) == WHOLE
    with zstandard.open(tmp_path / "x.jsonl.zst") as file:
        assert file.read() == WHOLE
    assert gzip.decompress((tmp_path / "x.csv.gz").read_bytes()).startswith(b"nodeId,")


def test_a_file_that_was_there_stays_when_the_new_one_fails(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("as it was")

    assert_refused(
        run("--count", "9", "--out", str(path), "--set", "base.firstName.x=1"), "'base.firstName.x'", "whole"
    )

    assert path.read_text() == "as it was"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("--shard", "3/2"), ("I/N", "'3/2'")),
        (("--shard", "x"), ("I/N", "'x'")),
        (("--count", "-1"), ("--count", "-1")),
        (("--seed", "x"), ("--seed",)),
        (("--locale", "it_IR"), ("--locale", "it_IT")),
        (("--format", "xml"), ("--format", "jsonl")),
        (("--set", "base"), ("--set", "path=value")),
        (("--only", "base.contacts.emial"), ("'base.contacts.emial'", "did you mean 'base.contacts.email'?")),
        (("--scenario", "nowhere"), ("no scenario 'nowhere'", "start")),
        (("--out", "x.parquet.gz"), ("x.parquet.gz", "inside")),
        (("--out", "/nowhere/at/all"), ("/nowhere/at/all", "No such file or directory")),
        (("--out", "/"), ("/ is a folder",)),
        (("--out", "/dev/full"), ("/dev/full", "No space left")),
    ],
    ids=lambda value: value[-1] if isinstance(value, tuple) else value,
)
def test_an_error_is_one_line(arguments: tuple[str, ...], parts: tuple[str, ...]) -> None:
    assert_refused(run(*arguments), *parts)


def test_the_nearest_kind_is_named_for_an_unknown_one() -> None:
    assert_refused(run(kind="contacthub.custumers"), "'contacthub.custumers'", "did you mean 'contacthub.customers'?")
    assert_refused(CliRunner().invoke(main, ["generate"]), "--list")


def test_a_closed_pipe_ends_the_command_silently() -> None:
    command: list[str | Path] = [COMMAND, "generate", KIND, "--count", "30000", "--workers", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        error = process.stderr.read().decode()

    assert process.returncode == 141
    assert error == ""


@pytest.mark.parametrize(("ending", "workers"), [("json", "1"), ("csv.gz", "2"), ("parquet", "1")])
def test_ctrl_c_leaves_a_whole_file_of_whole_records(tmp_path: Path, ending: str, workers: str) -> None:
    out = tmp_path / f"x.{ending}"
    command: list[str | Path] = [COMMAND, "generate", KIND, "--count", "5000000", "--workers", workers, "--out", out]
    with subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True) as process:
        while not list(tmp_path.iterdir()):
            time.sleep(0.02)
        time.sleep(0.5)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: all processes in the foreground get it
        assert process.stderr
        error = process.stderr.read().decode()

    assert process.returncode == 130
    assert len(error.splitlines()) == 1
    count = int(error.split("stopped after ")[1].split(" of ")[0].replace(",", ""))
    assert 0 < count == _rows(out) < 5_000_000
    assert list(tmp_path.iterdir()) == [out]


def _rows(path: Path) -> int:
    if path.suffix == ".parquet":
        return int(pyarrow.parquet.read_metadata(path).num_rows)
    if path.suffix == ".gz":
        return len(list(csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode()))))
    return len(json.loads(path.read_bytes()))


def test_a_terminal_shows_the_progress(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command: list[str | Path] = [
        COMMAND,
        "generate",
        KIND,
        "--count",
        "4096",
        "--workers",
        "1",
        "--out",
        tmp_path / "x.jsonl",
    ]
    subprocess.run(command, stderr=theirs, check=True)
    os.close(theirs)

    shown = os.read(ours, 65536).decode()
    os.close(ours)

    assert "4096/4096" in shown
    assert "/s" in shown
