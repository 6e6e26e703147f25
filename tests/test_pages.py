"""Examples of the pages that no other test runs, and a list of those that cannot be run.

The README's sections are run in ``test_readme``, ``docs/generate.md`` in ``test_generate_page``, the steering from a
shell in ``test_docs``, the scenario of ``docs/scenarios.md`` in ``casting/test_scenario_file``, the tutorial in
``test_tutorial``, ``docs/your-own-api.md`` in ``test_your_own_api``, ``docs/proxy.md`` in ``proxy/test_proxy_page``,
``docs/deliveries-sources.md`` in ``deliveries/test_sources_page``.
"""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.acme import Company, serving, spec
from tests.asgi import call
from tests.conftest import StandIn
from tests.control.conftest import Steering
from tests.control.conftest import steering as steering  # noqa: PLC0414 - a fixture of another folder
from tests.resources.acme_document import acme
from understudy.app import create_app
from understudy.casting.scenario_file import load_scenario
from understudy.settings import Settings

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^ *```(\w+)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text()
    for path in (*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md")
}
BINARIES = Path(sys.executable).parent
ELSEWHERE = {
    "docs/generate.md": "",
    "docs/pact.md": "# conftest.py",
    "docs/deliveries-sources.md": "",
    "docs/deliveries.md": "",
    "docs/command-line.md": "understudy world create checkout-42",
    "docs/proxy.md": "",
    "docs/scenarios.md": "seed: 7",
    "docs/tutorial.md": "",
    "docs/your-own-api.md": "",
}
"""Pages whose examples another test runs, with the beginning of those that it runs."""

NOT_RUN = {"docker build --tag understudy .": "`make image` runs the Dockerfile's steps"}
"""Examples that no test can run, by their first line, with what stands in for it."""

TILL = """
import json, pytest, urllib.request

class Till:
    def __init__(self, url, key):
        self.url, self.headers = url, {"api_key": key, "Content-Type": "application/json"}

    def report(self, number, price):
        line = {"product_sku": "TEA-01", "net_amount": price, "tax_amount": 0, "total_amount": price}
        body = {"reference_number": number, "cim": CIM, "outlet_tap": {"code": OUTLET}, "products": [line]}
        asked = urllib.request.Request(self.url + "/purchases", json.dumps(body).encode(), self.headers)
        urllib.request.urlopen(asked).close()

"""


def first_line(code: str) -> str:
    return code.strip().splitlines()[0].strip()


def examples(page: str) -> list[tuple[str, str]]:
    """Return the language and the code of a page's examples."""
    return BLOCK.findall(PAGES[page])


def example(page: str, beginning: str) -> str:
    """Return the one example of a page that begins so, and count it as run."""
    [found] = [code for _, code in examples(page) if first_line(code).startswith(beginning)]
    return found


def shell(code: str, folder: Path, **variables: str) -> str:
    """Return the output of a shell script that succeeds."""
    own = {**os.environ, "PATH": f"{folder}:{BINARIES}:{os.environ['PATH']}", **variables}
    done = subprocess.run(
        ["/bin/sh", "-euc", code], cwd=folder, env=own, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def program(folder: Path, name: str, code: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{code}\n")
    path.chmod(0o700)


def run_here() -> set[tuple[str, str]]:
    """Return the pages and beginnings of the examples that this file's tests take."""
    calls = [node for node in ast.walk(ast.parse(Path(__file__).read_text())) if isinstance(node, ast.Call)]
    named = [each for each in calls if isinstance(each.func, ast.Name) and each.func.id == "example"]
    return {(ast.literal_eval(each.args[0]), ast.literal_eval(each.args[1])) for each in named}


def is_run(page: str, language: str, code: str) -> bool:
    """Return whether a test runs an example, here or elsewhere, or it is one that no test can run."""
    first = first_line(code)
    if page == "README.md" and language in ("sh", "python") and "### " in PAGES[page].partition(code)[0]:
        return True
    if first in NOT_RUN or (page in ELSEWHERE and first.startswith(ELSEWHERE[page])):
        return True
    return any(page == named and first.startswith(beginning) for named, beginning in run_here())


def test_every_example_is_run_by_a_test() -> None:
    assert [
        (page, code) for page in PAGES for language, code in examples(page) if not is_run(page, language, code)
    ] == []


def test_worlds_are_made_reset_and_deleted_as_the_page_of_steering_shows(stand_in: StandIn, tmp_path: Path) -> None:
    if "checkout-42" in stand_in.understudy.worlds.names():  # of another page's example, which was cut short
        stand_in.understudy.worlds.delete("checkout-42")
    code = example("docs/steering.md", "API=").replace("http://127.0.0.1:8080", stand_in.root)

    printed = shell(code.replace("curl -s", "curl -sf"), tmp_path)

    assert '"name":"checkout-42"' in printed
    assert "checkout-42" not in stand_in.understudy.worlds.names()


def test_the_journal_is_searched_as_the_page_of_steering_shows(stand_in: StandIn, tmp_path: Path) -> None:
    headers = {"api_key": stand_in.credentials("crmcom")["api_key"]}
    for number in ("TILL-7-0001", "TILL-7-0002"):
        url = f"{stand_in.url('crmcom')}/purchases"
        assert httpx.post(url, json={"reference_number": number}, headers=headers).status_code == 400
    code = example("docs/steering.md", "curl -s -G $API").replace("/worlds/main/", f"/worlds/{stand_in.world_name}/")

    found = json.loads(shell(code, tmp_path, API=f"{stand_in.root}/_understudy/api"))

    assert [each["request"]["body"]["reference_number"] for each in found] == ["TILL-7-0001"]


def test_calls_are_verified_as_the_page_of_steering_shows(steering: Steering) -> None:
    verdict = steering.post("/worlds/{world}/verify", json.loads(example("docs/steering.md", '{"in_order": true')))

    assert [finding["holds"] for finding in verdict["findings"]] == [False, True]


def test_a_fault_is_set_as_the_page_of_steering_shows(steering: Steering) -> None:
    error = json.loads(example("docs/steering.md", '{"kind": "status", "status": 503'))
    canned = json.loads(example("docs/steering.md", '{"kind": "status", "status": 400'))

    for fault in (error, canned):
        listed = steering.post("/worlds/{world}/faults", fault, status=201)

        assert fault.items() <= listed.items()


def test_scenarios_are_chosen_as_their_page_shows(stand_in: StandIn, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(example("docs/scenarios.md", "seed: 7"))
    lines = example("docs/scenarios.md", "understudy serve --scenario small-shop").splitlines()
    commands = [line.partition("#")[0].split() for line in lines]
    assert [words[1] for words in commands] == ["serve", "serve", "seed", "generate"]

    for words in commands:
        more = {
            "serve": ["--port", "0", "--vendor", "crmcom"],
            "seed": ["--url", stand_in.root, "--world", stand_in.world_name, "--vendor", "ecdp"],
            "generate": ["--count", "2"],
        }[words[1]]
        assert first_output([str(BINARIES / words[0]), *words[1:], *more], tmp_path)


def first_output(command: list[str], folder: Path) -> str:
    """Return the first line that a program prints; end a program that goes on."""
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as started:
        assert started.stdout
        line = started.stdout.readline()
        started.kill()
    return line


def test_a_sandbox_is_seeded_as_the_page_of_scenarios_shows(stand_in: StandIn, tmp_path: Path) -> None:
    own = stand_in.credentials("contacthub")
    credentials = example("docs/scenarios.md", "credentials:")
    for name in ("token", "workspace", "node"):
        credentials = credentials.replace(f"{name}: …", f"{name}: {own[name]}")
    (tmp_path / "mine.yaml").write_text(f"{credentials}people: 3\nvendors: [contacthub]\n")
    assert load_scenario(tmp_path / "mine.yaml").credentials["contacthub"]["node"] == own["node"]
    code = example("docs/scenarios.md", "understudy seed --scenario mine.yaml --at")

    printed = shell(code.replace("https://api.contactlab.it/hub/v1", stand_in.url("contacthub")), tmp_path)

    assert "3 taken" in printed


def test_an_invalid_record_is_as_the_page_of_scenarios_shows(tmp_path: Path) -> None:
    shown = json.loads(example("docs/scenarios.md", '{"rule": "minItems"'))

    lines = shell("understudy generate crmcom.purchases --invalid --count 200", tmp_path).splitlines()
    made = [found for found in map(json.loads, lines) if found["rule"] == shown["rule"]]

    assert made
    assert all(found.keys() == shown.keys() for found in made)
    assert (shown["at"], shown["status"]) in {(found["at"], found["status"]) for found in made}


def test_a_program_runs_beside_a_server_as_the_page_of_ci_shows(tmp_path: Path) -> None:
    program(tmp_path, "npm", 'curl -sf "$UNDERSTUDY_URL/_understudy/api/health" && echo " $1"')

    assert shell(example("docs/ci.md", "understudy run -- npm test"), tmp_path).endswith("} test\n")


def test_a_server_with_tls_starts_as_the_page_of_ci_shows(tmp_path: Path) -> None:
    words = example("docs/ci.md", "sudo understudy serve --tls").split()
    assert words[-2:] == ["--port", "443"]
    variables = ["env", f"XDG_DATA_HOME={tmp_path}", f"PATH={BINARIES}:{os.environ['PATH']}"]

    line = first_output([*variables, *words[1:-1], "0", "--vendor", "ecdp"], tmp_path)

    assert "https://" in line
    assert list((tmp_path / "understudy").iterdir())


def run_suite(folder: Path, root: str, code: str, settings: str = "") -> str:
    (folder / "test_page.py").write_text(code)
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "understudy.pytest_plugin"]
    own = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    place = f"--understudy-url={root}"
    (folder / "pytest.ini").write_text(f"[pytest]\n{settings}\n")
    done = subprocess.run([*run, place], cwd=folder, env=own, capture_output=True, text=True, check=False, timeout=120)
    return done.stdout + done.stderr


def test_a_vendor_is_a_fixture_as_the_page_of_pytest_shows(server: str, stand_in: StandIn, tmp_path: Path) -> None:
    code = till_of(stand_in) + example("docs/pytest.md", "def test_a_purchase_is_posted")

    printed = run_suite(tmp_path, server, code)

    assert "1 passed" in printed, printed


def till_of(stand_in: StandIn) -> str:
    """Return the client of the page's examples, with a card and an outlet of the start scenario."""
    credentials = stand_in.credentials("crmcom")
    return f"{TILL}\nCIM, OUTLET = {credentials['cim']!r}, {credentials['outlet']!r}\n"


def test_a_refusal_is_expected_as_the_page_of_pytest_shows(server: str, stand_in: StandIn, tmp_path: Path) -> None:
    code = till_of(stand_in) + example("docs/pytest.md", "def test_a_purchase_without_items")

    printed = run_suite(tmp_path, server, code, "understudy_strict = true")

    assert "1 passed" in printed, printed


def test_a_world_is_shared_as_the_page_of_pytest_shows(server: str, tmp_path: Path) -> None:
    fixture = example("docs/pytest.md", "from understudy.client import RemoteVendor")
    test = "def test_it(till):\n    assert till.clock.now().isoformat()[:10] == '2026-01-01'\n"

    printed = run_suite(tmp_path, server, f"import pytest\n\n{fixture}\n{test}")

    assert "1 passed" in printed, printed


def test_a_document_is_mended_as_the_page_of_resources_shows(tmp_path: Path) -> None:
    (tmp_path / "hotel.yaml").write_text(example("docs/recognised-resources.md", "openapi: 3.0.3"))
    (tmp_path / "hints.yaml").write_text(example("docs/recognised-resources.md", "overlay: 1.0.0"))
    command = example("docs/recognised-resources.md", "understudy check hotel.yaml")
    code = example("docs/recognised-resources.md", "made = client.post")

    printed = shell(command, tmp_path)

    assert re.search(r"guests +/v1/list/\{number\} +reference +read look, create check_in, delete evict", printed)
    assert "not obeyed" not in printed
    documents, overlays = (("hotel", str(tmp_path / "hotel.yaml")),), (tmp_path / "hints.yaml",)
    app = create_app(Settings(documents=documents, overlays=overlays, cache=None))
    with serving(app) as root, httpx.Client(base_url=root) as client:
        exec(code, {"client": client})  # noqa: S102 - the page's own example


def test_a_container_is_steered_as_the_page_of_ci_shows(tmp_path: Path) -> None:
    command = example("docs/ci.md", "UNDERSTUDY_TOKEN=understudy-dev")
    with serving(create_app(Settings(vendors=("ecdp",), token="understudy-dev"))) as root:
        assert "main" in shell(command, tmp_path, UNDERSTUDY_URL=root)


def test_a_mark_sets_a_tests_world_as_the_page_of_pytest_shows(server: str, tmp_path: Path) -> None:
    mark = example("docs/pytest.md", "@pytest.mark.understudy")
    test = "def test_it(ecdp):\n    assert ecdp.clock.now().isoformat()[:13] == '2027-06-01T12'\n"

    printed = run_suite(tmp_path, server, f"import pytest\n\n{mark}{test}")

    assert "1 passed" in printed, printed


def with_bodies(code: str, bodies: dict[str, str]) -> str:
    """Return the functions of an example with these bodies in place of none or ``...``."""
    heads = re.findall(r"^def (\w+)(.*?\) -> [^:]+):", code, re.MULTILINE)
    assert {name for name, _ in heads} == bodies.keys()
    return "\n".join(f"def {name}{rest}:\n    {bodies[name]}" for name, rest in heads)


def test_a_vendor_is_made_of_the_signatures_of_its_page(company: Company) -> None:
    types = (
        "from understudy.core.caller import BasicCredentials, Caller\n"
        "from understudy.core.reply import Reply\nfrom understudy.state.vendor_state import VendorState\n"
        "Json = dict\n"
    )
    handler = example("docs/adding-a-vendor.md", "def create_purchase")
    security = example("docs/adding-a-vendor.md", "def api_key")
    rules = yaml.safe_load(example("docs/adding-a-vendor.md", "x-rules:"))
    names = ("api_key", "basic", "anyone", "sign_in")
    bodies = dict(
        zip(
            names,
            ("return Caller(credential)", "return None", "return Caller('x')", "return {'key': 'ann'}"),
            strict=True,
        )
    )
    reply = "return Reply({'name': body['name'] + caller.name}, 201)"
    company.write_folder(
        "acme",
        {
            "operations/purchases": types + with_bodies(handler, {"create_purchase": reply}),
            "security": types + with_bodies(security, bodies),
        },
    )
    company.write_spec("acme", purchase_spec(rules))

    answer = call(
        company.start().asgi, "POST", "/acme/purchases", body=b'{"name": "tea-"}',
        headers={"key": "ann", "content-type": "application/json"},
    )  # fmt: skip

    assert (answer.status, answer.json) == (201, {"name": "tea-ann"})


def purchase_spec(more: dict[str, Any]) -> dict[str, Any]:
    """Return a document with the operation ``create_purchase`` and the responses of the page."""
    thing = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
    text = example("docs/adding-a-vendor.md", "responses:").replace("value: …", "value: {name: a}")
    responses = yaml.safe_load(text.replace("schema: …", "schema: {type: object}"))["responses"]
    for response in responses.values():
        response["description"] = "A response."
    operation = {
        "operationId": "create_purchase",
        "security": [{"api_key": []}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": thing}}},
        "responses": responses,
        **more,
    }
    components = {
        "schemas": {"Event": thing},
        "securitySchemes": {"api_key": {"type": "apiKey", "in": "header", "name": "key"}},
    }
    return spec(paths={"/purchases": {"post": operation}}, components=components)


def test_an_operation_is_moved_as_the_readme_shows(tmp_path: Path) -> None:
    (tmp_path / "moved.yaml").write_text(example("README.md", "get_workspace_stats:"))

    rows = json.loads(shell("understudy operations --vendor contacthub --remap moved.yaml --json", tmp_path))

    [row] = [row for row in rows if row["operationId"] == "get_workspace_stats"]
    assert (row["method"], row["path"]) == ("GET", "/workspaces/{workspaceId}/analytics/info")


@pytest.mark.parametrize(
    "code",
    [example("README.md", "make serve"), example("CONTRIBUTING.md", "make test")],
    ids=["README", "CONTRIBUTING"],
)
def test_targets_of_make_are_there(code: str) -> None:
    targets = re.findall(r"^make ([\w-]+)", code, re.MULTILINE)

    assert len(targets) == 2
    for target in targets:
        assert f".PHONY: {target}\n" in (ROOT / "Makefile").read_text()


def test_examples_in_python_are_python() -> None:
    for page in PAGES:
        for language, code in examples(page):
            if language == "python" and not first_line(code).startswith(("def create_purchase", "@pytest.mark")):
                ast.parse(code)


def test_the_readmes_table_has_the_credentials_that_are_printed(stand_in: StandIn) -> None:
    printed = stand_in.understudy.credentials("http://127.0.0.1:8080")
    rows = re.findall(r"^\|[^|]+\| `(http://127.0.0.1:8080/(\w+)[^`]*)` \|(.+)\|$", PAGES["README.md"], re.MULTILINE)

    assert {vendor for _, vendor, _ in rows} == printed.keys()
    for url, vendor, text in rows:
        shown = {value.rpartition(": ")[2].removeprefix("Bearer ") for value in re.findall(r"`([^`]+)`", text)}
        known = printed[vendor]
        assert url == known["base_url"]
        assert shown <= set(known.values()), vendor
        assert {
            value for name, value in known.items() if is_credential(name) and not name.endswith("_token")
        } <= shown, vendor


def is_credential(name: str) -> bool:
    return re.search(r"key|secret|token|password|^client$|^tenant$", name) is not None and "path" not in name


def test_the_records_and_settings_on_the_page_of_recognised_resources_are_taken(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(example("docs/recognised-resources.md", "records: {acme"))
    file = tmp_path / "acme.json"
    file.write_text(json.dumps(acme()))
    settings = Settings(documents=(("acme", str(file)),), scenario=tmp_path / "mine.yaml")
    understudy = create_app(settings)
    base = understudy.vendors["acme"].base_path
    found = call(understudy.asgi, "GET", f"{base}/customers")
    assert [each["name"] for each in found.json] == ["Ada"]
