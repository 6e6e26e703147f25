"""Commands beside a server that runs: they describe it, and the lines that it prints can be pasted."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.acme import serving
from tests.conftest import StandIn
from understudy import cli
from understudy.app import create_app
from understudy.settings import Settings

COMMAND = Path(sys.executable).with_name("understudy")


def output(*words: str, **variables: str) -> str:
    result = CliRunner().invoke(cli.main, list(words), env=variables)
    assert result.exit_code == 0, result.output
    return result.stdout


class Guarded(BaseHTTPRequestHandler):
    """Handler of a server of another kind, which asks for credentials."""

    def do_GET(self) -> None:
        self.send_response(401)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def test_another_server_that_asks_for_credentials_is_not_taken_for_one_with_a_token() -> None:
    with HTTPServer(("127.0.0.1", 0), Guarded) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        root = f"http://127.0.0.1:{server.server_port}"
        try:
            result = CliRunner().invoke(cli.main, ["coverage", "--journal", "--url", root])
        finally:
            server.shutdown()
            thread.join()

    assert result.exit_code == 2
    assert result.stderr == (
        f"understudy: {root} answers 401 to GET /_understudy/api/calls: is it a server of Understudy?\n"
    )


def test_env_describes_the_server_of_the_environment(stand_in: StandIn) -> None:
    stand_in.world  # noqa: B018 - creates the world
    found = json.loads(output("env", "--json", UNDERSTUDY_URL=stand_in.root, UNDERSTUDY_WORLD=stand_in.world_name))

    assert found["UNDERSTUDY_URL"] == stand_in.root
    assert found["UNDERSTUDY_WORLD"] == stand_in.world_name
    assert found["UNDERSTUDY_ECDP_URL"] == stand_in.url("ecdp")


def test_a_world_that_is_not_in_use_yet_is_described(stand_in: StandIn) -> None:
    words = ("env", "--json", "--world", "not-yet", "--vendor", "ecdp")
    found = json.loads(output(*words, UNDERSTUDY_URL=stand_in.root))

    assert found["UNDERSTUDY_ECDP_URL"] == f"{stand_in.root}/@not-yet/ecdp"
    assert not any("TWC" in name for name in found)
    assert stand_in.understudy.worlds.get("not-yet") is None


def test_credentials_are_those_of_the_server_of_the_environment(stand_in: StandIn) -> None:
    found = json.loads(output("credentials", "--json", UNDERSTUDY_URL=stand_in.root, UNDERSTUDY_WORLD=""))

    assert found == stand_in.understudy.credentials(stand_in.root)


@pytest.mark.parametrize(
    ("words", "root"),
    [
        (["--port", "9000"], "http://127.0.0.1:9000"),
        (["--host", "::1"], "http://[::1]:8080"),
        (["--tls"], "https://127.0.0.1:8080"),
        (["--seed", "7"], "http://127.0.0.1:8080"),
        (["--scenario", "start"], "http://127.0.0.1:8080"),
    ],
)
def test_options_that_describe_a_server_come_before_the_environment(words: list[str], root: str) -> None:
    found = json.loads(output("env", "--json", "--vendor", "ecdp", *words, UNDERSTUDY_URL="http://127.0.0.1:1"))

    assert found["UNDERSTUDY_URL"] == root


def test_a_server_that_does_not_answer_is_reported() -> None:
    result = CliRunner().invoke(cli.main, ["env"], env={"UNDERSTUDY_URL": "http://127.0.0.1:1"})

    assert result.exit_code == 2
    assert result.stderr.startswith("understudy: no server answers at http://127.0.0.1:1 (")


@pytest.mark.parametrize("words", [[], ["--scenario", "small-shop", "--vendor", "ecdp", "--seed", "3"]])
def test_the_command_that_serve_prints_describes_the_server(words: list[str]) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "UNDERSTUDY_URL"}
    server = subprocess.Popen(
        [COMMAND, "serve", "--port", "0", *words], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert server.stdout is not None
    try:
        lines: list[str] = []
        while not lines or not lines[-1].startswith("Stop:"):
            lines.append(next(server.stdout))
        [command] = [line.removeprefix("Credentials: ").split() for line in lines if line.startswith("Credentials: ")]
        root = lines[0].split()[-1]
        found = CliRunner().invoke(cli.main, [*command[1:], "--json"], env={"UNDERSTUDY_URL": None})
        running = output("credentials", "--json", UNDERSTUDY_URL=root, UNDERSTUDY_WORLD="")
    finally:
        server.terminate()
        server.communicate(timeout=10)
    assert command[0] == "understudy"
    assert json.loads(found.stdout) == json.loads(running)
    assert all(values["base_url"].startswith(root) for values in json.loads(running).values())


@pytest.mark.parametrize(
    ("token", "reason"), [("", "takes calls only with its token"), ("wrong", "takes another token")]
)
def test_a_refused_token_names_its_variable(token: str, reason: str) -> None:
    with serving(create_app(Settings(vendors=("ecdp",), scenario=Path("empty"), token="right"))) as root:
        result = CliRunner().invoke(cli.main, ["world", "list", "--url", root], env={"UNDERSTUDY_TOKEN": token})
        assert output("world", "list", "--url", root, UNDERSTUDY_TOKEN="right")

    assert result.exit_code == 2
    assert result.stderr == (f"understudy: {root} {reason}: set UNDERSTUDY_TOKEN to the one that it was started with\n")
