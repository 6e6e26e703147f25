"""Options given alone: each has its effect without another option beside it.

``test_no_option_is_left_out`` finds an option that neither this file's tables nor another test of commands names.
"""

import importlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import httpx
import pytest
from click.testing import CliRunner

from tests.commands.test_steering import Terminal, assert_refused
from tests.commands.test_steering import terminal as terminal  # noqa: PLC0414 - a fixture of another file
from understudy import cli
from understudy.client import Control, RemoteWorld
from understudy.commands import connections
from understudy.commands.options import OPTIONS
from understudy.serving import listen
from understudy.settings import Settings

TESTS = Path(__file__).parents[1]
ACME = TESTS.parent / "src/understudy/control/control.yaml"
"""An OpenAPI document."""

SETTINGS: dict[str, tuple[list[str], dict[str, Any]]] = {
    "host": (["--host", "::1"], {"host": "::1"}),
    "port": (["--port", "0"], {"port": 0}),
    "vendors": (["--vendor", "ecdp", "--vendor", "twc"], {"vendors": ("ecdp", "twc")}),
    "documents": (["--spec", f"mine={ACME}"], {"documents": (("mine", str(ACME)),)}),
    "remote_hosts": (["--remote-refs", "example.com"], {"remote_hosts": ("example.com",)}),
    "behaviour": (["--behaviour", "mine"], {"behaviour": (Path("mine"),)}),
    "refuses_findings": (["--strict-spec"], {"refuses_findings": True}),
    "scenarios": (["--scenarios", "more"], {"scenarios": (Path("more"),)}),
    "overlays": (["--overlay", "mine.yaml"], {"overlays": (Path("mine.yaml"),)}),
    "records": (["--records", "0"], {"records": 0}),
    "references": (["--references", "checked"], {"references": "checked"}),
    "quota": (["--quota", "0"], {"quota": 0}),
    "is_strict": (["--auth", "any"], {"is_strict": False}),
    "seed": (["--seed", "0"], {"seed": 0}),
    "scenario": (["--scenario", "empty"], {"scenario": Path("empty")}),
    "remap": (["--remap", "moved.yaml"], {"remap": Path("moved.yaml")}),
    "body_limit": (["--body-limit", "1"], {"body_limit": 1}),
    "upload_limit": (["--upload-limit", "1"], {"upload_limit": 1}),
    "snapshot_limit": (["--snapshot-limit", "1"], {"snapshot_limit": 1}),
    "journal": (["--journal", "1"], {"journal": 1}),
    "replays": (["--replay", "calls.har"], {"replays": (Path("calls.har"),)}),
    "max_worlds": (["--max-worlds", "1"], {"max_worlds": 1}),
    "world_age": (["--world-age", "0.5"], {"world_age": 0.5}),
    "allows_cors": (["--cors"], {"allows_cors": True}),
    "keep_alive": (["--keep-alive", "1"], {"keep_alive": 1}),
    "deliver": (
        ["--deliver", "*/hook=http://127.0.0.1:9/a=b"],
        {"deliver": (("*/hook", "http://127.0.0.1:9/a=b"),)},
    ),
    "deliver_hosts": (["--deliver-host", "Consumer"], {"deliver_hosts": ("consumer",)}),
    "is_secure": (["--tls"], {"is_secure": True}),
    "reloads": (["--reload"], {"reloads": True}),
}
"""Setting: the words of its option, and the settings that they make of the default ones."""

TAKE_SETTINGS = ("serve", "run", "env", "credentials")
ATTRIBUTES = "list_customer_attributes"

JOURNAL: dict[str, tuple[list[str], list[int]]] = {
    "vendor": (["--vendor", "twc"], [4]),
    "operation": (["--operation", ATTRIBUTES], [1, 2]),
    "status": (["--status", "401"], [2, 4]),
    "outcome": (["--outcome", "accepted"], [1]),
    "since": (["--since", "2026-06-02T00:00:00Z"], [3, 4]),
    "until": (["--until", "2026-06-02T00:00:00Z"], [1, 2]),
    "after": (["--after", "3"], [4]),
    "request": (["--request", '{"mode": "wrong"}'], [3]),
    "response": (["--response", '{"status": 400}'], [3]),
    "limit": (["--limit", "1"], [4]),
}
"""Option of ``journal``: its words, and the numbers of the calls that they leave of the four in ``four_calls``."""

COUNTS: list[tuple[list[str], int]] = [
    (["--exactly", "3"], 1), (["--exactly", "4"], 0), (["--exactly", "5"], 1),
    (["--at-least", "4"], 0), (["--at-least", "5"], 1),
    (["--at-most", "3"], 1), (["--at-most", "4"], 0), (["--at-most", "0"], 1),
    ([], 0),
]  # fmt: skip
"""Counts of ``verify-calls`` for four calls, with the exit code."""

FAULTS: dict[str, tuple[str, list[str], Any]] = {
    "vendor": ("status", ["--vendor", "ecdp"], "ecdp"),
    "operation": ("status", ["--vendor", "ecdp", "--operation", ATTRIBUTES], ATTRIBUTES),
    "when": ("status", ["--when", "after"], "after"),
    "nth": ("status", ["--nth", "2"], 2),
    "probability": ("status", ["--probability", "0.25"], 0.25),
    "seed": ("status", ["--seed", "7"], 7),
    "times": ("status", ["--times", "3"], 3),
    "lasting": ("status", ["--lasting", "1.5"], 1.5),
    "status": ("status", ["--status", "502"], 502),
    "retry_after": ("throttle", ["--retry-after", "9"], 9),
    "delay": ("latency", ["--delay", "0.5"], 0.5),
    "distribution": ("latency", ["--delay", "1", "--distribution", "fixed"], "fixed"),
    "spread": ("latency", ["--delay", "1", "--distribution", "normal", "--spread", "0.5"], 0.5),
    "bytes": ("truncate", ["--bytes", "3"], 3),
}
"""Property of a fault: a kind that has it, the words of its option, and the property's value."""

HERE = {
    *(f"{command} {words[0]}" for command in TAKE_SETTINGS for words, _ in SETTINGS.values()),
    *(f"{command} {words[0]}" for command in ("journal", "verify-calls") for words, _ in JOURNAL.values()),
    *(f"verify-calls {words[0]}" for words, _ in COUNTS if words),
    *(f"fault add {words[-2]}" for _, words, _ in FAULTS.values()),
    *(f"world create --{name}" for name in ("scenario", "like", "snapshot", "seed", "at", "rate")),
}
"""Options, with their commands, that this file tries alone."""


class Started(Exception):  # noqa: N818 - not an error
    """Settings with which a command would have started."""


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield the commands of the command line, with their names."""
    loaded = command.load() if isinstance(command, cli.Deferred) else command
    if isinstance(loaded, click.Group):
        for name, each in loaded.commands.items():
            yield from commands(each, (*path, name))
    else:
        yield path, loaded


COMMANDS = dict(commands(cli.main))


def options(path: tuple[str, ...]) -> list[str]:
    return [each.opts[0] for each in COMMANDS[path].params if isinstance(each, click.Option)]


OTHER_SERVER = ("verify",)
"""Command whose ``--url`` is that of any server."""

STEERING = [path for path in COMMANDS if {"--url", "--json"} <= {*options(path)} and path != OTHER_SERVER]
NEEDED = {("pact", "write"): ["--consumer", "some-name"], ("coverage",): ["--journal"]}
"""Options that a command of a running server needs."""


def words_for(path: tuple[str, ...]) -> list[str]:
    """Return words for a command's required arguments, of which none is at fault."""
    values = {"TIME": "2026-01-01T00:00:00Z", "SPAN": "1d", "RATE": "2", "KIND": "status", "FILE": __file__}
    arguments = [each for each in COMMANDS[path].params if isinstance(each, click.Argument) and each.required]
    given = (values.get(each.human_readable_name, "some-name") for each in arguments)
    return [*path, *given, *NEEDED.get(path, [])]


@pytest.mark.parametrize(
    ("command", "setting"),
    [
        pytest.param(command, setting, id=f"{command}-{words[0]}")
        for command in TAKE_SETTINGS
        for setting, (words, _) in SETTINGS.items()
        if words[0] in options((command,))
    ],
)
def test_an_option_alone_changes_its_setting_and_no_other(
    monkeypatch: pytest.MonkeyPatch, command: str, setting: str
) -> None:
    def start(settings: Settings) -> Any:
        raise Started(settings)

    module = importlib.import_module(f"understudy.commands.{command}")
    monkeypatch.delenv("UNDERSTUDY_URL", raising=False)
    monkeypatch.setattr(connections, "create_app", start)
    for name in ("create_app", "ReloadingApp"):
        if hasattr(module, name):
            monkeypatch.setattr(module, name, start)
    if hasattr(module, "CertificateAuthority"):
        monkeypatch.setattr(module, "CertificateAuthority", lambda _keys: None)
    words, changed = SETTINGS[setting]
    rest = ["--", "true"] if command == "run" else []

    result = CliRunner().invoke(COMMANDS[(command,)], [*words, *rest], standalone_mode=False)

    assert isinstance(result.exception, Started), result.output
    assert result.exception.args == (replace(Settings(), **changed),)


def test_every_setting_with_an_option_is_tried() -> None:
    assert SETTINGS.keys() == OPTIONS.keys()


@pytest.fixture
def four_calls(terminal: Terminal) -> Terminal:
    """Four calls on two days: of ECDP, accepted, with a wrong key, and invalid; of TWC, without credentials."""
    terminal.output("clock", "freeze", "2026-06-01T12:00:00Z")
    assert [terminal.call(), terminal.call(key="wrong")] == [200, 401]
    terminal.output("clock", "move", "1d")
    send(terminal, "POST", "ecdp", "/customers", '{"mode": "wrong"}')
    send(terminal, "GET", "twc", "/services/eventcollector/api/v1/event-subscription", "")
    return terminal


def send(terminal: Terminal, method: str, vendor: str, path: str, body: str) -> None:
    key = {"x-api-key": "understudy-ecdp-dev-key", "content-type": "application/json"}
    headers = key if vendor == "ecdp" else {}
    httpx.request(method, f"{terminal.stand_in.url(vendor)}{path}", content=body, headers=headers)


@pytest.mark.parametrize("option", JOURNAL)
def test_an_option_of_the_journal_leaves_its_calls(four_calls: Terminal, option: str) -> None:
    words, left = JOURNAL[option]

    assert [each["number"] for each in four_calls.json("journal")] == [1, 2, 3, 4]
    assert [each["number"] for each in four_calls.json("journal", *words)] == left


@pytest.mark.parametrize("option", [name for name in JOURNAL if name != "limit"])
def test_an_option_of_an_expectation_leaves_its_calls(four_calls: Terminal, option: str) -> None:
    words, left = JOURNAL[option]

    assert four_calls.json("verify-calls", *words, "--exactly", str(len(left)))["findings"][0]["found"] == len(left)
    assert four_calls.run("verify-calls", *words, "--exactly", str(len(left) + 1)).exit_code == 1


@pytest.mark.parametrize(("words", "code"), COUNTS)
def test_a_count_alone_is_of_all_calls(four_calls: Terminal, words: list[str], code: int) -> None:
    assert four_calls.run("verify-calls", *words).exit_code == code


@pytest.mark.parametrize("name", FAULTS)
def test_an_option_of_a_fault_is_its_property(terminal: Terminal, name: str) -> None:
    kind, words, value = FAULTS[name]

    terminal.output("fault", "add", kind, *words)

    [listed] = terminal.json("fault", "list")
    assert (listed["kind"], listed[name]) == (kind, value)
    given = {word.removeprefix("--").replace("-", "_") for word in words[::2]}
    assert listed.keys() - {"id", "kind", "when", "seen", "struck"} == given - {"when"}


@pytest.fixture
def created(terminal: Terminal) -> Iterator[Any]:
    """Function that creates a world with these options and returns it."""
    name = f"alone-{terminal.world[-40:]}"

    def create(*words: str) -> Any:
        terminal.output("world", "create", name, *words)
        return terminal.json("world", "show", "--world", name)

    yield create
    terminal.run("world", "delete", name)


def test_a_rate_alone_runs_from_the_real_time(terminal: Terminal, created: Any) -> None:
    real = terminal.json("clock", "show")
    clock = created("--rate", "0")["clock"]

    assert (clock["rate"], clock["is_real"]) == (0, False)
    assert clock["now"][:10] in (real["now"][:10], terminal.json("clock", "show")["now"][:10])


@pytest.mark.parametrize("rate", ["0", "0.5", "1", "2", "86400"])
def test_a_rate_alone_is_the_worlds_rate(created: Any, rate: str) -> None:
    assert created("--rate", rate)["clock"]["rate"] == float(rate)


def test_a_time_alone_runs_on_at_the_rate_of_one(created: Any) -> None:
    clock = created("--at", "2026-01-01T09:00:00Z")["clock"]

    assert clock["now"].startswith("2026-01-01T09:0")
    assert (clock["rate"], clock["is_real"]) == (1, False)


def test_a_seed_alone_makes_other_people(terminal: Terminal, created: Any) -> None:
    name = created("--seed", "2")["name"]

    with Control(terminal.stand_in.root) as control:
        worlds = [RemoteWorld(control, each) for each in (terminal.world, name)]
        assert len({each.introduce("crmcom")["credentials"]["cim"] for each in worlds}) == 2


def test_an_origin_alone_is_the_worlds_origin(created: Any) -> None:
    assert created("--scenario", "empty")["origin"] == {"scenario": "empty"}


def test_a_world_like_another_is_a_copy_of_it(terminal: Terminal, created: Any) -> None:
    terminal.output("clock", "freeze", "2001-02-03T04:05:06Z")

    made = created("--like", terminal.world)

    assert made["clock"]["now"] == "2001-02-03T04:05:06.000000Z"
    assert made["records"] == terminal.json("world", "show")["records"]


def test_a_world_of_a_snapshot_is_as_it_was(terminal: Terminal, created: Any) -> None:
    terminal.output("clock", "freeze", "2001-02-03T04:05:06Z")
    kept = f"kept-{terminal.world[-40:]}"
    terminal.output("snapshot", "keep", kept)
    terminal.output("clock", "move", "1d")

    assert created("--snapshot", kept)["clock"]["now"] == "2001-02-03T04:05:06.000000Z"


@pytest.mark.parametrize("path", STEERING, ids=" ".join)
def test_every_steering_command_goes_to_the_server_of_its_url(terminal: Terminal, path: tuple[str, ...]) -> None:
    with listen("127.0.0.1", 0) as unused:
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    words = [*path, "-"] if path == ("snapshot", "restore") else words_for(path)

    assert_refused(terminal.run(*words, "--url", url, text="{}"), f"no server answers at {url}")


@pytest.mark.parametrize("path", [path for path in STEERING if "--world" in options(path)], ids=" ".join)
def test_every_command_of_a_world_goes_to_the_world_of_its_option(terminal: Terminal, path: tuple[str, ...]) -> None:
    words = [*path, "-"] if path == ("snapshot", "restore") else words_for(path)
    text = terminal.output("snapshot", "take") if "-" in words else ""

    result = terminal.run(*words, "--world", f"{terminal.world}x", text=text)

    assert_refused(result, f"{terminal.world}x")


def test_json_alone_prints_json(terminal: Terminal) -> None:
    for path in (("world", "list"), ("world", "show"), ("snapshot", "list"), ("journal",), ("fault", "list")):
        assert isinstance(terminal.json(*path), list | dict)
    for path in (("clock", "show"), ("clock", "freeze"), ("clock", "follow"), ("world", "reset"), ("fault", "clear")):
        assert isinstance(terminal.json(*path), dict)


def test_a_reset_keeps_the_journal_unless_asked(terminal: Terminal) -> None:
    terminal.call()
    terminal.output("world", "reset")
    assert len(terminal.json("journal")) == 1

    terminal.output("world", "reset", "--clear-journal")
    assert terminal.json("journal") == []


def test_revealed_credentials_need_no_other_form(terminal: Terminal) -> None:
    terminal.call()

    assert "understudy-ecdp-dev-key" not in json.dumps(terminal.json("journal"))
    assert "understudy-ecdp-dev-key" in json.dumps(terminal.json("journal", "--reveal"))


def test_shell_alone_is_the_default_form() -> None:
    printed = [CliRunner().invoke(cli.main, ["env", "--vendor", "ecdp", *words]).stdout for words in ([], ["--shell"])]

    assert printed[0] == printed[1]
    assert printed[0].startswith("export ")


@pytest.mark.parametrize("people", [1, 2, 8])
def test_generated_records_are_about_as_many_people_as_asked_for(people: int, tmp_path: Path) -> None:
    out = tmp_path / "exports.jsonl"
    words = ["generate", "contacthub.exports", "--people", str(people), "--count", "8", "--out", str(out)]
    assert CliRunner().invoke(cli.main, words).exit_code == 0

    customers = {json.loads(line)["customerId"] for line in out.read_text().splitlines()}
    assert len(customers) == people


def test_no_option_is_left_out() -> None:
    texts = "\n".join(path.read_text() for path in TESTS.rglob("test_*.py"))
    generic = ("--json", "--url", "--world")
    missing = [
        f"{' '.join(path)} {option}"
        for path in COMMANDS
        for option in options(path)
        if f"{' '.join(path)} {option}" not in HERE and option not in generic and f'"{option}"' not in texts
    ]
    assert missing == []
