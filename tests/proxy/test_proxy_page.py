"""Commands of docs/proxy.md, run as they stand against a service; and the command's refusals."""

import json
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import yaml
from click.testing import CliRunner

from tests.proxy.drifting_service import DOCUMENT, KEY, drifting_service
from tests.proxy.running_proxy import passing
from understudy.cli import main
from understudy.proxy.relay import Relay

PAGE = (Path(__file__).parents[2] / "docs" / "proxy.md").read_text()
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.strip().splitlines()]
UPSTREAM = "https://sandbox.example.com"
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


def command(*words: str, without: str = "") -> list[str]:
    """Return the words of the page's one command that has some and not others, without the program's name."""
    lines = [shlex.split(line, comments=True) for line in COMMANDS]
    [found] = [line for line in lines if {*words} <= {*line} and not {*without.split()} & {*line}]
    return found[1:]


@contextmanager
def running(folder: Path, words: list[str]) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Yield the address of a server of a command, which is interrupted at the end."""
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("understudy")), *words, "--port", "0"],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        lines = iter(process.stdout.readline, "")
        yield next(found[0] for line in lines if (found := ADDRESS.search(line))), process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


def stop(process: subprocess.Popen[str], number: int = signal.SIGINT) -> tuple[int, str]:
    process.send_signal(number)
    output, _ = process.communicate(timeout=30)
    return process.returncode, output


def ask(url: str, method: str = "GET", body: Any = None) -> tuple[int, Any]:
    answer = httpx.request(method, url, json=body, headers={"X-Key": KEY}, timeout=10)
    return answer.status_code, answer.json() if answer.content and answer.is_success else None


def buy(url: str) -> None:
    _, order = ask(f"{url}/v1/orders", "POST", {"item": "tea"})
    ask(f"{url}/v1/orders/{order['id']}/settlement", "PUT", {"amount": 3.5})
    ask(f"{url}/v1/orders")


def buy_tea(url: str) -> None:
    ask(f"{url}/v1/orders", "POST", {"item": "tea"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop.yaml").write_text(DOCUMENT)
    return tmp_path


@pytest.fixture
def in_process(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """Return a function that runs a command of the page in this process: words, the client's calls, the drifts."""
    monkeypatch.chdir(folder)

    def run(words: list[str], act: Callable[[str], None], *drifts: str) -> tuple[int, str]:
        def serve(relay: Relay, listener: socket.socket, announce: Callable[[], None]) -> None:
            announce()
            with passing(relay, listener) as url:
                act(url)

        monkeypatch.setattr("understudy.commands.proxy.serve", serve)
        with drifting_service(*drifts) as service:
            given = [service.url if word == UPSTREAM else word for word in words]
            result = CliRunner().invoke(main, [*given, "--port", "0"])
        return result.exit_code, result.output

    return run


InProcess = Callable[..., tuple[int, str]]


def test_the_first_command_finds_who_moved(in_process: InProcess) -> None:
    def act(url: str) -> None:
        assert ask(f"{url}/v1/orders") == (203, [])

    words = [*command("proxy", "shop.yaml", without="--html --write-overlay"), "--stand-in"]
    code, output = in_process(words, act, "status")

    assert code == 1
    [sample] = re.findall(r"```\n(vendor: .*)\n```", PAGE)
    assert sample in output
    assert output.endswith("1 call: 1 finding (1 of the vendor)\n")


def test_a_session_without_findings_ends_with_0(in_process: InProcess, folder: Path) -> None:
    words = [*command("--write-remap"), "--no-stand-in"]

    code, output = in_process(words, buy_tea)

    assert (code, output.splitlines()[-1]) == (0, "1 call: nothing found")
    assert "fields.yaml: not written: the document lacks no field" in output
    assert "paths.yaml: not written: no inferred path is wrong" in output
    assert not (folder / "fields.yaml").exists()
    assert not (folder / "paths.yaml").exists()


def test_a_session_without_a_call_does_not_pass(in_process: InProcess) -> None:
    code, output = in_process(command("proxy", "shop.yaml", without="--html --write-overlay"), lambda _url: None)

    assert code == 1
    assert output.splitlines()[-2] == "no call came: nothing was compared"
    assert re.fullmatch(
        r"understudy: no call came; point the client's base URL at http://127\.0\.0\.1:\d+", output.splitlines()[-1]
    )


@pytest.mark.parametrize("upstream", ["http://127.0.0.1:{port}", "http://localhost:{port}/v1"])
def test_a_proxy_does_not_call_itself(folder: Path, monkeypatch: pytest.MonkeyPatch, upstream: str) -> None:
    monkeypatch.chdir(folder)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    url = upstream.format(port=port)

    result = CliRunner().invoke(main, ["proxy", "shop.yaml", "--upstream", url, "--port", str(port)])

    assert result.exit_code == 2
    assert result.stderr == f"understudy: --upstream {url}: is this proxy itself; choose another port with --port\n"


def test_the_files_of_a_session_are_taken_by_other_commands(folder: Path, in_process: InProcess) -> None:
    words = command("--record") + command("--write-remap")[4:]
    code, output = in_process(words, buy, "field", "moved path")

    assert code == 1
    assert "inferred path: pay_order: PUT /orders/{orderId}/payment is wrong" in output
    assert json.loads((folder / "drift.json").read_text())["calls"] == 3
    assert "undocumented-field" in (folder / "drift.html").read_text()
    assert yaml.safe_load((folder / "paths.yaml").read_text()) == {"pay_order": "PUT /orders/{orderId}/settlement"}
    recorded = (folder / "calls.har").read_text()
    assert KEY not in recorded + (folder / "drift.json").read_text() + (folder / "drift.html").read_text() + output
    words = [*command("--replay", "shop.yaml"), "--overlay", "fields.yaml", "--remap", "paths.yaml"]
    with running(folder, words) as (url, _):
        assert ask(f"{url}/v1/orders/ord-0001-live") == (404, None)  # it was not read while calls were recorded
        assert ask(f"{url}/v1/orders/ord-0001-live/settlement", "PUT", {"amount": 3.5})[0] == 200


def test_the_page_is_tried_on_one_machine(folder: Path) -> None:
    with running(folder, command("serve", "--vendor")) as (service, _):
        words = [word.replace("http://127.0.0.1:8081", service) for word in command("proxy", "crmcom")]
        [asked] = [word for line in COMMANDS for word in shlex.split(line, comments=True) if word.endswith("/loans")]
        with running(folder, words) as (url, process):
            assert httpx.get(asked.replace("http://127.0.0.1:8080", url), timeout=10).status_code == 404
            code, output = stop(process)

    assert code == 1
    assert "client: no operation: undocumented-path GET /crmcom/crmapi/rest/v2/loans: " in output


def test_an_archive_alone_is_served(folder: Path, in_process: InProcess) -> None:
    in_process(command("--record"), buy)
    words = command("serve", "--replay", without="shop.yaml")

    with running(folder, words) as (url, _):
        status, order = ask(f"{url}/v1/orders", "POST", {"item": "tea"})

    assert (status, order["id"]) == (201, "ord-0001-live")


@pytest.mark.deep
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_session_in_order(folder: Path, number: int) -> None:
    with drifting_service("status") as service:
        words = [service.url if word == UPSTREAM else word for word in command("--record")]
        with running(folder, words) as (url, process):
            ask(f"{url}/v1/orders")
            code, output = stop(process, number)

    assert (code, output.splitlines()[-1]) == (1, "1 call: 1 finding (1 of the vendor)")
    assert (folder / "drift.html").exists()


@pytest.mark.deep
def test_an_archive_is_whole_when_the_proxy_is_killed(folder: Path) -> None:
    def entries() -> int:
        return len(orjson.loads((folder / "calls.har").read_bytes())["log"]["entries"])

    with drifting_service() as service:
        words = [service.url if word == UPSTREAM else word for word in command("--record")]
        with running(folder, words) as (url, process):
            buy_tea(url)
            while not entries():
                pass
            process.kill()

    assert entries() == 1


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["shop.yaml"], "Missing option '--upstream'"),
        (["--upstream", UPSTREAM], "Missing argument 'VENDOR|SPEC'"),
        (["contacthb", "--upstream", UPSTREAM], "did you mean 'contacthub'?"),
        (["shop.yaml", "--upstream", "sandbox.example.com"], "write it as https://api.example.com"),
        (["shop.yaml", "--upstream", "https://a:b@c.example"], "leave out the credentials"),
        (["shop.yaml", "--upstream", "https://c.example/?x=1"], "leave out what is behind the path"),
        (["shop.yaml", "--upstream", "https://c.example:99999"], "--upstream https://c.example:99999"),
        (["shop.yaml", "--upstream", UPSTREAM, "--ca", "none.pem"], "--ca none.pem: cannot be read"),
        (["shop.yaml", "--upstream", UPSTREAM, "--ca", "shop.yaml"], "--ca shop.yaml: holds no certificate in PEM"),
        (
            ["shop.yaml", "--upstream", UPSTREAM, "--json", "none/drift.json"],
            "none/drift.json: is in a folder that does not exist",
        ),
        (["shop.yaml", "--upstream", UPSTREAM, "--html", "none/drift.html"], "is in a folder"),
        (["shop.yaml", "--upstream", UPSTREAM, "--html", "."], "is a folder"),
        (["shop.yaml", "--upstream", UPSTREAM, "--record", "none/calls.har"], "is in a folder"),
        (["shop.yaml", "--upstream", UPSTREAM, "--write-overlay", "none/o.yaml"], "is in a folder"),
        (["shop.yaml", "--upstream", UPSTREAM, "--insecure", "--stand-inn"], "No such option"),
        (["shop.yaml", "--url", UPSTREAM], "No such option '--url': the real service is --upstream URL"),
    ],
)
def test_a_mistake_is_refused_in_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], why: str
) -> None:
    monkeypatch.chdir(folder)

    result = CliRunner().invoke(main, ["proxy", *words])

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.output
    assert why in result.stderr
