"""Overview: what is served, how to call it, what was called; credentials only when asked for."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.asgi import call
from tests.conftest import StandIn
from tests.console.conftest import CONSOLE, Visitor, text_of
from understudy.app import Understudy, create_app
from understudy.console.call_chart import HEIGHT, MIN_BAR, call_chart
from understudy.console.first_commands import FirstCall, first_call, first_commands
from understudy.settings import Settings

BINARIES = Path(sys.executable).parent


def test_every_vendor_is_shown_with_its_address_its_documents_and_its_operations(visitor: Visitor) -> None:
    page = visitor.page("/")

    for name, mounted in visitor.understudy.vendors.items():
        assert f'data-copy="http://127.0.0.1{mounted.base_path}"' in page
        for target in (f"/{name}/openapi.json", f"/{name}/openapi.yaml", f"{CONSOLE}/reference/{name}"):
            assert f'href="{target}"' in page
        assert f'href="{CONSOLE}/operations?vendor={name}">{len(mounted.operations)} operations<' in page


def test_addresses_are_those_of_the_chosen_world(visitor: Visitor) -> None:
    page = visitor.page("/?world=mine")

    assert 'data-copy="http://127.0.0.1/@mine/ecdp"' in page
    assert f'href="{CONSOLE}/operations?vendor=ecdp&amp;world=mine"' in page


def test_credentials_are_hidden_until_they_are_asked_for(visitor: Visitor) -> None:
    credentials = visitor.understudy.credentials("")
    page = visitor.page("/")

    for vendor, values in credentials.items():
        secrets = [str(value) for name, value in values.items() if re.search("key|secret|token|password", name)]
        assert [secret for secret in secrets if secret in page] == []
        shown = visitor.page(f"{CONSOLE}/credentials/{vendor}")
        assert [secret for secret in secrets if secret not in shown] == []
        part = visitor.get(f"{CONSOLE}/credentials/{vendor}", headers={"hx-request": "true"}).body.decode()
        assert secrets[0] in part
        assert "<title>" not in part


def test_credentials_of_a_world_that_is_not_in_use_are_those_of_every_new_one(visitor: Visitor) -> None:
    page = visitor.page(f"{CONSOLE}/credentials/ecdp?world=not-yet-in-use")

    assert visitor.understudy.credentials("")["ecdp"]["api_key"] in page
    assert "not-yet-in-use" not in visitor.understudy.worlds.names()


@pytest.mark.parametrize(("headers", "client"), [({}, "192.0.2.7"), ({"sec-fetch-site": "cross-site"}, "127.0.0.1")])
def test_credentials_are_shown_to_nobody_else(understudy: Understudy, headers: dict[str, str], client: str) -> None:
    for path in (f"{CONSOLE}/credentials/ecdp", f"{CONSOLE}/calls"):
        assert call(understudy.asgi, "GET", path, headers=headers, client=client).status == 403
    page = call(understudy.asgi, "GET", "/", headers=headers, client=client).body.decode()
    assert "Credentials</a>" not in page
    assert "First commands" not in page


def test_credentials_of_an_unknown_vendor_are_a_page_with_the_reason(visitor: Visitor) -> None:
    assert "there is no API" in visitor.page(f"{CONSOLE}/credentials/acme", 404)


def test_calls_and_refusals_are_counted_and_charted() -> None:
    app = create_app(Settings(vendors=("ecdp",)))
    visitor = Visitor(app)
    key = app.credentials("")["ecdp"]["api_key"]
    for headers in ({"x-api-key": key}, {"x-api-key": key}, {}):
        visitor.get("/@drawn/ecdp/customerattributes", headers=headers)

    for page in (visitor.page("/"), visitor.page(f"{CONSOLE}/calls")):
        text = text_of(page)
        assert "3 calls so far, 1 refused" in text
        assert "3 in the last 10 minutes, 1 refused" in text
        assert page.count('<rect class="k-accepted"') >= 1
        assert page.count('<rect class="k-refused"') >= 1
        assert 'hx-trigger="every 5s"' in page


def test_bars_are_as_high_as_there_are_calls() -> None:
    spans = [{"calls": 0, "refused": 0}, {"calls": 4, "refused": 1}, {"calls": 1000, "refused": 0}]

    chart = call_chart({"seconds": 10, "is_complete": True, "spans": spans})

    assert [(bar.accepted, bar.refused) for bar in chart.bars] == [(0, 0), (MIN_BAR, MIN_BAR), (HEIGHT, 0)]
    assert [bool(bar.text) for bar in chart.bars] == [False, True, True]
    assert (chart.calls, chart.refused, chart.highest) == (1004, 1, 1000)
    assert call_chart({"seconds": 10, "is_complete": True, "spans": []}).highest == 0


def test_how_sure_the_operations_are_is_counted(visitor: Visitor) -> None:
    text = text_of(visitor.page("/").partition('id="sure"')[2])
    operations = [each for mounted in visitor.understudy.vendors.values() for each in mounted.operations]

    for part in ("path", "shapes", "errors"):
        known = [each.provenance.get(part) for each in operations]
        shown = text.partition(f" {part} ")[2]
        assert f"inferred {known.count('inferred')}" in shown.partition("inferred")[1] + shown.partition("inferred")[2]
    assert f"behaviour {len(operations)}" in text


def test_a_users_document_is_made_by_resources_and_samples(tmp_path: Path) -> None:
    visitor = Visitor(own(tmp_path))

    text = text_of(visitor.page("/"))

    assert "resource 2" in text
    assert "sample 1" in text
    assert "inferred" not in text.partition("Fidelity and provenance")[2]


def own(folder: Path) -> Understudy:
    """Return the application of a document with a key."""
    pet = {"type": "object", "properties": {"id": {"type": "string"}}}
    answer = {"200": {"description": "", "content": {"application/json": {"schema": {"type": "array", "items": pet}}}}}
    one = {"200": {"description": "", "content": {"application/json": {"schema": pet}}}}
    key = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    raw = {
        "openapi": "3.0.3",
        "info": {"title": "Pets", "version": "1"},
        "security": [{"key": []}],
        "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Pet-Key"}}},
        "paths": {
            "/pets": {"get": {"operationId": "list_pets", "responses": answer}},
            "/pets/{id}": {"get": {"operationId": "get_pet", "parameters": [key], "responses": one}},
            "/jokes/random": {"get": {"operationId": "random_joke", "responses": one}},
        },
    }
    file = folder / "pets.json"
    file.write_text(json.dumps(raw))
    return create_app(Settings(documents=(("pets", str(file)),)))


def commands(stand_in: StandIn, world: str = "main") -> dict[str, str]:
    vendors = stand_in.understudy.vendors
    found = first_call(vendors, stand_in.understudy.worlds.start_world.credentials)
    assert found
    assert found.header
    return dict(first_commands(found, stand_in.root, world, has_token=False))


def run(words: list[str], folder: Path) -> str:
    variables = {**os.environ, "PATH": f"{BINARIES}:{os.environ['PATH']}", "NO_PROXY": "127.0.0.1"}
    done = subprocess.run(words, cwd=folder, env=variables, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_first_commands_of_the_page_are_those_that_are_run_here(stand_in: StandIn) -> None:
    page = text_of(Visitor(stand_in.understudy).page("/"))

    for text in commands(StandIn(stand_in.understudy, "http://127.0.0.1", "")).values():
        assert " ".join(text.split()) in page


@pytest.mark.parametrize("name", ["curl", "Python", pytest.param("pytest", marks=pytest.mark.deep)])
def test_the_first_commands_call_the_api(stand_in: StandIn, tmp_path: Path, name: str) -> None:
    stand_in.understudy.worlds.get_or_create(stand_in.world_name)
    code = commands(stand_in, stand_in.world_name)[name]

    if name == "curl":
        assert '"status":200' in run(["/bin/sh", "-euc", code], tmp_path)
    elif name == "Python":
        (tmp_path / "first.py").write_text(code)
        assert "'status': 200" in run([sys.executable, "first.py"], tmp_path)
    else:
        (tmp_path / "test_first.py").write_text(code)
        options = code.splitlines()[0].removeprefix("# pytest ").split()
        assert "1 passed" in run([sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, "."], tmp_path)


def test_a_users_document_has_first_commands_too(tmp_path: Path) -> None:
    understudy = own(tmp_path)

    found = first_call(understudy.vendors, understudy.worlds.start_world.credentials)

    assert found == FirstCall("pets", "list_pets", "/pets", is_foreign=True, header="X-Pet-Key", credential="X-Pet-Key")
    texts = dict(first_commands(found, "http://h", "w", has_token=True))
    assert '-H "X-Pet-Key: $UNDERSTUDY_PETS_X_PET_KEY"' in texts["curl"]
    assert "UNDERSTUDY_TOKEN" in texts["curl"]
    assert 'understudy.vendor("pets")' in texts["pytest"]
    for name in ("Python", "pytest"):
        compile(texts[name], name, "exec")


def test_there_are_no_first_commands_where_no_call_can_be_made(understudy: Understudy) -> None:
    only: dict[str, Any] = {"capillary": understudy.vendors["capillary"]}

    assert first_call(only, {}) is None
