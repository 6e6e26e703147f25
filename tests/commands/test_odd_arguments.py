"""Odd arguments of the command line: refused in one line, or taken as they are meant; none is silently ignored."""

import json
import re
import subprocess
import sys
from itertools import combinations, pairwise
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from tests.commands.test_options_alone import COMMANDS
from tests.commands.test_steering import Terminal, assert_refused
from tests.commands.test_steering import terminal as terminal  # noqa: PLC0414 - a fixture of another file
from understudy import cli
from understudy.client import Control
from understudy.commands.options import Finite
from understudy.core.misconfigured import Misconfigured
from understudy.settings import Settings, control_token

UNDERSTUDY = Path(sys.executable).with_name("understudy")
WORDS = {"log_format": ["text"], "scenario": ["empty"], "like": ["main"], "snapshot": ["kept"], "duplicates": ["3%"]}
"""Values of the options that take one."""

EXCLUSIVE = {
    ("journal",): ("is_har", "is_curl", "as_json"),
    ("env",): ("shell", "dotenv", "as_json"),
    ("serve",): ("quiet", "log_format"),
    ("world", "create"): ("scenario", "like", "snapshot"),
    ("generate",): ("is_invalid", "duplicates"),
}
"""Options of each command of which only one may be given."""

LISTED_WITH = ["--count 3", "--people 0", "--out x", "--only a", "--invalid", "--seed 1", "--shard 1/1", "--workers 1"]


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.main, list(words))


@pytest.mark.parametrize(
    ("path", "pair"), [(path, pair) for path, names in EXCLUSIVE.items() for pair in combinations(names, 2)]
)
def test_options_that_exclude_each_other_are_refused_together(path: tuple[str, ...], pair: tuple[str, str]) -> None:
    known = {option.name: option.opts[0] for option in COMMANDS[path].params}
    words = [word for name in pair for word in (known[name], *WORDS.get(name, []))]
    for order in (words, words[::-1] if not any(name in WORDS for name in pair) else words):
        result = run(*path, *order)
        assert_refused(result, known[pair[0]], known[pair[1]], "exclude each other: give one of them")


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_no_two_options_have_one_value(path: tuple[str, ...]) -> None:
    names = sorted(str(option.name) for option in COMMANDS[path].params)
    assert [one for one, other in pairwise(names) if one == other] == []


@pytest.mark.parametrize("words", LISTED_WITH)
def test_a_list_of_kinds_takes_no_other_option(words: str) -> None:
    assert_refused(
        run("generate", "--list", *words.split()), f"--list and {words.split(maxsplit=1)[0]} exclude each other"
    )


def test_a_list_of_kinds_takes_no_kind() -> None:
    assert_refused(run("generate", "ecdp.customers", "--list"), "--list and ecdp.customers exclude each other")


NUMBERS = [
    (path, option)
    for path, command in COMMANDS.items()
    for option in command.params
    if isinstance(option.type, click.types.FloatParamType)
]


def test_there_are_numbers_to_try() -> None:
    assert len(NUMBERS) >= 9


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e999"])
@pytest.mark.parametrize("option", [option for _, option in NUMBERS], ids=[" ".join(path) for path, _ in NUMBERS])
def test_a_number_is_finite(option: click.Parameter, value: str) -> None:
    assert isinstance(option.type, Finite)
    with pytest.raises(click.BadParameter, match=r"no finite number|not in the range"):
        option.type.convert(value, option, None)


def test_a_span_that_no_clock_can_move_by_is_refused() -> None:
    assert_refused(run("clock", "move", "9" * 400 + "d"), "too long a span")


@pytest.mark.parametrize("fields", ["", ",", "base.firstName,", ",base.firstName", " "])
def test_only_takes_no_empty_name(fields: str) -> None:
    assert_refused(run("generate", "contacthub.customers", "--count", "1", "--only", fields), "one is empty")


@pytest.mark.parametrize(("people", "count"), [(0, 1), (2, 3)])
def test_there_are_no_more_records_of_people_than_people(people: int, count: int) -> None:
    words = ("generate", "ecdp.customers", "--people", str(people), "--count")
    assert_refused(run(*words, str(count)), f"--count {count} is more than --people {people}")


def test_as_many_records_as_people_are_made(tmp_path: Path) -> None:
    for people in (0, 2):
        out = tmp_path / "out.jsonl"
        assert run("generate", "ecdp.customers", "--people", str(people), "--out", str(out)).exit_code == 0
        assert len(out.read_text().splitlines()) == people


def test_the_truth_on_duplicates_stays_beside_selected_fields(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    words = ("--people", "60", "--duplicates", "20%", "--only", "base.lastName", "--out", str(out))

    assert run("generate", "contacthub.customers", *words).exit_code == 0

    records = [json.loads(line) for line in out.read_text().splitlines()]
    assert {tuple(record) for record in records} == {("base", "duplicate_of")}
    assert any(record["duplicate_of"] for record in records)


@pytest.mark.parametrize("out", ["new/", "./", "", "a/b/"])
def test_an_output_that_cannot_be_a_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str) -> None:
    monkeypatch.chdir(tmp_path)
    assert_refused(run("generate", "ecdp.customers", "--count", "1", "--out", out), "name a file")
    assert list(tmp_path.iterdir()) == []


def test_a_snapshot_is_printed_for_a_dash(terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert (
        json.loads(terminal.output("snapshot", "take", "-")).keys()
        == json.loads(terminal.output("snapshot", "take")).keys()
    )
    assert_refused(terminal.run("snapshot", "take", "new/"), "'new/' is a folder; name a file in it")
    assert list(tmp_path.iterdir()) == []


DEEP = "[" * 65 + "]" * 65


@pytest.mark.parametrize(
    "words", [("verify-calls", "--request"), ("journal", "--response"), ("fault", "add", "status", "--body")]
)
@pytest.mark.parametrize("text", [DEEP, "[" * 100_000, "{", "NaN", '{"a": Infinity}'])
def test_json_on_the_command_line_is_checked(words: tuple[str, ...], text: str) -> None:
    result = run(*words, text)
    assert_refused(result, "not JSON" if len(text) < 100 else "")
    assert len(result.stderr) < 400


def test_json_of_the_greatest_depth_is_sent(terminal: Terminal) -> None:
    assert terminal.run("verify-calls", "--request", DEEP[1:-1], "--exactly", "0").exit_code == 0


@pytest.mark.parametrize("words", [("verify-calls", "--file"), ("snapshot", "restore")])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x1f\x8b\x08\x00\xff", "not JSON: byte 1 is no UTF-8 text"),
        (b"\x00\x01", "not JSON"),
        (b"", "not JSON"),
        (b"[]", "an object is due, not []"),
        (b"[" * 100_000, "nested too deep"),
    ],
)
def test_a_file_that_is_no_json_object_is_refused(
    tmp_path: Path, words: tuple[str, ...], content: bytes, reason: str
) -> None:
    path = tmp_path / "given.json"
    path.write_bytes(content)
    assert_refused(run(*words, str(path)), f"{path}: ", reason)
    assert_refused(CliRunner().invoke(cli.main, [*words, "-"], input=content), reason)


def test_a_file_may_begin_with_a_byte_order_mark(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "given.json"
    path.write_bytes(b'\xef\xbb\xbf{"expect": [{"calls": {}, "exactly": 0}]}')
    assert terminal.run("verify-calls", "--file", str(path)).exit_code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of Unix closes the output")
@pytest.mark.parametrize("closed", [">&-", "<&- >&-", ">&- 2>&-", "2>&-"])
@pytest.mark.parametrize(
    "command", ["--version", "--help", "generate --list", "generate ecdp.customers --count 2", "spec ecdp"]
)
def test_an_output_that_is_closed_is_named_and_an_error_output_is_not_needed(command: str, closed: str) -> None:
    done = subprocess.run(["/bin/sh", "-c", f"'{UNDERSTUDY}' {command} {closed}"], check=False, capture_output=True)

    is_lost = ">&-" in closed.replace("2>&-", "")
    assert done.returncode == (2 if is_lost else 0)
    if is_lost and "2>&-" not in closed:
        assert re.fullmatch(rb"understudy: .*standard output .*\n", done.stderr)
    else:
        assert done.stderr == b""


@pytest.mark.skipif(sys.platform == "win32", reason="the same")
def test_a_file_and_a_run_need_no_standard_output(tmp_path: Path) -> None:
    written = tmp_path / "found.jsonl"
    for command in (f"generate ecdp.customers --count 2 --out {written}", f"run -- sh -c 'echo run >> {written}'"):
        done = subprocess.run(["/bin/sh", "-c", f"'{UNDERSTUDY}' {command} >&-"], check=False, capture_output=True)
        assert (done.returncode, done.stderr) == (0, b""), command
    assert written.read_text().splitlines()[-1] == "run"
    assert len(written.read_text().splitlines()) == 3


TOKENS = ["a\nb", "a\rb", "a b", " a", "a ", "ü", "\t", "a\x7f", "€"]


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("words", ["serve --port 0", "run -- true", "world list", "seed", "generate --list", "env"])
def test_a_token_that_no_header_can_carry_is_refused_and_not_printed(
    monkeypatch: pytest.MonkeyPatch, token: str, words: str
) -> None:
    monkeypatch.setenv("UNDERSTUDY_TOKEN", f"secret-{token}-part")

    result = run(*words.split())

    assert_refused(result, "UNDERSTUDY_TOKEN cannot be sent in a header")
    assert "secret" not in result.output
    assert "part" not in result.output.replace("understudy", "")


@pytest.mark.parametrize("token", ["a\nb", "a b", "ü"])
def test_a_token_in_python_is_checked_too(token: str) -> None:
    for use in (lambda: Settings(token=token), lambda: Control("http://127.0.0.1:1", token)):
        with pytest.raises(Misconfigured, match="the token cannot be sent in a header") as caught:
            use()
        assert token not in str(caught.value)


def test_any_sign_of_ascii_may_be_in_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERSTUDY_TOKEN", "!a~Z0+/=.")
    assert control_token() == "!a~Z0+/=."


@pytest.mark.parametrize("world", ["a/b", "", "-a", ".a", "a b", "x" * 65, "ü"])
@pytest.mark.parametrize(
    "words", ["journal --world", "clock show --world", "env --world", "seed --world", "world create", "world delete"]
)
def test_an_invalid_name_of_a_world_is_named_as_such(words: str, world: str) -> None:
    if world.startswith("-") and "--world" not in words:
        pytest.skip("an option")
    assert_refused(run(*words.split(), world), "is no world's name: take letters, digits")
