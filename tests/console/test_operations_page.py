"""List of operations, and the page of one with its form."""

import asyncio
import html
import json
import re
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import pytest

from tests.asgi import call
from tests.console.conftest import CONSOLE, Visitor, text_of
from understudy.app import Understudy, create_app
from understudy.console.asgi_client import AsgiRequest, send_from_thread
from understudy.console.prose import prose
from understudy.console.request_drafts import example_names, generated_draft
from understudy.console.snippets import RequestText, curl, fetch, httpx
from understudy.http.mounted_vendor import MountedVendor
from understudy.settings import Settings

LIST = f"{CONSOLE}/operations"
SCRIPT = "<script>alert(1)</script>"


def listed(page: str) -> list[str]:
    """Return the operations that a page lists."""
    return re.findall(r'<a class="strong" href="[^"]*/operations/([^"?]*)', page)


def total(page: str) -> int:
    found = re.search(r"(\d+) operations?", text_of(page).partition("Calls all")[2])
    assert found
    return int(found[1])


def test_every_operation_is_on_a_page_of_the_list(visitor: Visitor) -> None:
    vendors = visitor.understudy.vendors.values()
    everything = [f"{each.vendor.name}/{operation.id}" for each in vendors for operation in each.operations]

    pages = [listed(visitor.page(f"{LIST}?page={number}")) for number in range(1, len(everything) // 50 + 2)]

    assert [name for page in pages for name in page] == everything
    assert max(map(len, pages)) == 50


def test_a_search_finds_all_of_its_words_in_names_paths_and_summaries(visitor: Visitor) -> None:
    found = listed(visitor.page(f"{LIST}?q=CUSTOMER%20create"))

    assert "contacthub/create_customer" in found
    assert "contacthub/get_customer" not in found
    assert "crmcom/create_purchase" in listed(visitor.page(f"{LIST}?q=post%20%2Fpurchases"))


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("vendor=ecdp&method=GET", lambda row: row["vendor"] == "ecdp" and row["method"] == "GET"),
        ("vendor=capillary&fidelity=sample", lambda _row: False),
        ("vendor=twc&fidelity=behaviour", lambda row: row["vendor"] == "twc"),
    ],
)
def test_filters_are_taken_from_the_address(visitor: Visitor, query: str, wanted: Any) -> None:
    rows = [
        {"vendor": each.vendor.name, "method": operation.method.upper(), "id": operation.id}
        for each in visitor.understudy.vendors.values()
        for operation in each.operations
    ]

    found = listed(visitor.page(f"{LIST}?{query}"))

    assert found == [f"{row['vendor']}/{row['id']}" for row in rows if wanted(row)]


def test_a_list_without_rows_leads_to_all_of_them(visitor: Visitor) -> None:
    page = visitor.page(f"{LIST}?q=no-such-thing")

    assert "No operation fits" in page
    assert f'href="{LIST}"' in page


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", "page=9999999999", "page=%D9%A1", "vendor=no", "calls=x"]
)
def test_an_odd_address_of_the_list_is_no_error(visitor: Visitor, query: str) -> None:
    visitor.page(f"{LIST}?{query}")


def test_a_search_is_shown_as_text(visitor: Visitor) -> None:
    page = visitor.page(f"{LIST}?q={quote(SCRIPT)}&tag={quote(SCRIPT)}&method={quote(SCRIPT)}&world={quote(SCRIPT)}")

    assert SCRIPT not in page
    assert html.escape(SCRIPT, quote=False) in page


def test_calls_so_far_are_counted_and_filtered(visitor: Visitor) -> None:
    visitor.post(f"{LIST}/ecdp/list_customer_attributes?world=console-calls", {"role": "-"})

    page = visitor.page(f"{LIST}?calls=refused&vendor=ecdp&q=list_customer_attributes")
    assert listed(page) == ["ecdp/list_customer_attributes"]
    assert re.search(r"\d+ \d+ refused", text_of(page))
    never = visitor.page(f"{LIST}?calls=never&vendor=ecdp&q=list_customer_attributes")
    assert listed(never) == []


@pytest.mark.parametrize(
    "path", ["ecdp/no_such_operation", "acme/create_customer", f"ecdp/{quote(SCRIPT)}", "ecdp/a/b"]
)
def test_an_unknown_operation_is_a_page_with_the_reason(visitor: Visitor, path: str) -> None:
    page = visitor.page(f"{LIST}/{path}", 404)

    assert "there is no operation" in page
    assert SCRIPT not in page


def form_of(page: str) -> dict[str, str]:
    """Return the values with which the form of an operation's page is filled."""
    form = page.partition('<form class="stack"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'<input(?: id="[^"]*")? name="([^"]+)" value="([^"]*)"', form))
    fields |= dict(re.findall(r'<input type="hidden" name="(media)" value="([^"]*)"', form))
    fields |= dict(re.findall(r'<textarea(?: id="[^"]*")? name="(\w+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL))
    return {html.unescape(name): html.unescape(text) for name, text in fields.items()}


def sent(visitor: Visitor, vendor: str, operation: str, form: dict[str, str], query: str = "") -> str:
    answer = visitor.post(f"{LIST}/{vendor}/{operation}{query}", form, headers={"hx-request": "true"})
    assert answer.status == 200, answer.body
    return answer.body.decode()


def statuses(page: str) -> list[str]:
    return re.findall(r'<span class="status s\d">(\d+)</span>', page)


@pytest.mark.parametrize("vendor", ["capillary", "contacthub", "crmcom", "ecdp", "twc"])
def test_every_operation_has_a_page_whose_form_is_filled_with_a_request_that_is_accepted(
    visitor: Visitor, vendor: str
) -> None:
    mounted = visitor.understudy.vendors[vendor]
    refused = []
    for operation in mounted.operations:
        world = f"?world=console-{vendor}-{mounted.operations.index(operation)}"
        page = visitor.page(f"{LIST}/{vendor}/{operation.id}{world}")
        assert html.escape(mounted.base_path + operation.path, quote=False) in page
        shown = text_of(page)
        for rule in operation.rules:
            assert " ".join(rule["rule"].replace("`", "").split()) in shown.replace(" .", ".").replace(" ,", ","), rule
        status = statuses(sent(visitor, vendor, operation.id, form_of(page), world))[0]
        visitor.understudy.worlds.delete(f"console-{vendor}-{mounted.operations.index(operation)}")
        if not status.startswith("2"):
            refused.append((operation.id, status))

    assert refused == []


def test_a_request_is_sent_in_the_chosen_world_and_is_in_its_journal(visitor: Visitor) -> None:
    form = form_of(visitor.page(f"{LIST}/crmcom/create_purchase?world=console-here"))

    page = sent(visitor, "crmcom", "create_purchase", form, "?world=console-here")

    [kept] = visitor.understudy.worlds.get_or_create("console-here").journal
    assert (kept.operation, kept.status, kept.path.split(b"/")[1]) == ("create_purchase", 200, b"@console-here")
    assert "http://127.0.0.1/@console-here/crmcom/crmapi/rest/v2/purchases" in page


def test_a_request_is_sent_as_the_chosen_role(visitor: Visitor) -> None:
    form = form_of(visitor.page(f"{LIST}/contacthub/get_workspace_stats"))

    assert statuses(sent(visitor, "contacthub", "get_workspace_stats", {**form, "role": "-"})) == ["401"]
    refused = sent(visitor, "contacthub", "get_workspace_stats", {**form, "role": "no-such-role"})
    assert "no development token has the role" in refused


def test_the_form_sends_mistakes_as_they_are(visitor: Visitor) -> None:
    form = form_of(visitor.page(f"{LIST}/crmcom/create_purchase"))

    page = sent(visitor, "crmcom", "create_purchase", {**form, "body": '{"cim": '})

    assert statuses(page) == ["400"]


def test_more_headers_are_sent_and_a_line_that_is_none_is_refused(visitor: Visitor) -> None:
    page = sent(visitor, "ecdp", "list_customer_attributes", {"headers": "X-Mine: 1\r\n\r\nX-Api-Key: wrong"})
    assert statuses(page) == ["401"]
    for line in ("no colon", "a b: 1", ": 1", "X-Mine: \u20ac", "X\x00: 1"):
        refused = sent(visitor, "ecdp", "list_customer_attributes", {"headers": line})
        assert "failed" in refused, line
        assert statuses(refused) == [], line


def test_a_form_without_script_is_answered_with_the_whole_page(visitor: Visitor) -> None:
    form = form_of(visitor.page(f"{LIST}/crmcom/create_purchase")) | {"headers": f"X-Mine: {SCRIPT}"}

    page = visitor.post(f"{LIST}/crmcom/create_purchase?world=console-whole", form).body.decode()

    assert "<title>" in page
    assert statuses(page.partition('id="sent"')[2])[:1] == ["200"]
    assert form_of(page)["body"].replace("\r\n", "\n") == form["body"]
    assert SCRIPT not in page


@pytest.mark.parametrize(("query", "name"), [("?example=no-such", ""), ("?seed=x", ""), ("?seed=999999999999", "")])
def test_an_odd_address_of_an_operation_is_no_error(visitor: Visitor, query: str, name: str) -> None:
    assert form_of(visitor.page(f"{LIST}/crmcom/create_purchase{query}"))["media"] == "application/json", name


def test_other_values_are_other_and_valid(understudy: Understudy) -> None:
    mounted = understudy.vendors["crmcom"]
    operation = mounted.by_id["create_purchase"]
    assert operation.body

    bodies = {generated_draft(mounted.document, operation, seed).body for seed in range(1, 4)}

    assert len(bodies) == 3
    for body in bodies:
        assert operation.body.media["application/json"].is_valid(orjson.loads(body))


def test_the_examples_that_are_accepted_come_first(understudy: Understudy) -> None:
    mounted = understudy.vendors["crmcom"]

    names = example_names(mounted.document, mounted.by_id["create_purchase"])

    assert names.index("posted") < names.index("repeated_reference")


def own_vendor(folder: Path) -> tuple[Understudy, MountedVendor]:
    file = folder / "pets.json"
    file.write_text(json.dumps(pets()))
    understudy = create_app(Settings(documents=(("pets", str(file)),)))
    return understudy, understudy.vendors["pets"]


def pets() -> dict[str, Any]:
    """Return a document with script-like names in every text."""
    pet = {
        "type": "object",
        "required": ["id", "name"],
        "properties": {
            "id": {"type": "string"},
            "name": {"type": "string"},
            SCRIPT: {"type": "string", "enum": [SCRIPT]},
        },
        "description": SCRIPT,
    }
    answer = {"description": SCRIPT, "headers": {"X-A": {"description": SCRIPT, "schema": {"type": "string"}}}}
    one = {"content": {"application/json": {"schema": pet, "example": {"id": "1", "name": SCRIPT}}}}
    many = {"content": {"application/json": {"schema": {"type": "array", "items": pet}}}}
    query = {"name": SCRIPT, "in": "query", "description": SCRIPT, "schema": {"type": "string", "default": SCRIPT}}
    key = {"name": "petId", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": SCRIPT, "version": SCRIPT},
        "paths": {
            "/pets": {
                "get": {
                    "summary": SCRIPT,
                    "tags": [SCRIPT],
                    "parameters": [query],
                    "responses": {"200": answer | many},
                },
                "post": {"operationId": SCRIPT, "requestBody": one, "responses": {"201": answer | one}},
            },
            "/pets/{petId}": {
                "parameters": [key],
                "get": {"operationId": "get_pet", "responses": {"200": answer | one}},
            },
        },
    }


def test_nothing_of_a_document_is_run_as_markup(tmp_path: Path) -> None:
    understudy, mounted = own_vendor(tmp_path)
    visitor = Visitor(understudy)

    pages = [visitor.page("/"), visitor.page(LIST)]
    for each in mounted.operations:
        path = f"{LIST}/{quote(mounted.vendor.name)}/{quote(each.id)}"
        pages.append(visitor.page(path))
        pages.append(visitor.post(path, form_of(pages[-1])).body.decode())

    assert [page for page in pages if "<script>alert" in page] == []
    assert sum(html.escape(SCRIPT) in page for page in pages) >= 6


def test_the_form_of_a_users_document_leads_to_a_stored_record(tmp_path: Path) -> None:
    understudy, mounted = own_vendor(tmp_path)
    visitor = Visitor(understudy)
    visitor.get(f"/{mounted.vendor.name}/pets")  # opens the world

    form = form_of(visitor.page(f"{LIST}/{mounted.vendor.name}/get_pet"))
    page = sent(visitor, mounted.vendor.name, "get_pet", form)

    assert statuses(page) == ["200"]
    pets = understudy.worlds.get_or_create().vendors[mounted.vendor.name].collection("pets")
    assert form["path:petId"] in pets.keys()  # noqa: SIM118 - of a collection


REQUESTS = [
    RequestText("GET", "http://h/a?b=[1]", []),
    RequestText(
        "POST", "http://h/a", [("Content-Type", "application/json"), ("X-A", "it's")], b'{"a": [1, null, "\xc3\xa9"]}'
    ),
    RequestText("DELETE", "http://h/a", [("X-Empty", "")]),
    RequestText("PUT", "http://h/a", [("Content-Type", "text/plain")], b"it's $HOME\n`x`"),
    RequestText("HEAD", "http://h/a", [("Host", "h"), ("Content-Length", "3")]),
]


def called_by(code: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Return the calls that Python code makes of httpx, each with its options."""
    called: list[tuple[str, str, dict[str, Any]]] = []

    class Httpx:
        status_code, text = 200, ""

        def request(self, method: str, url: str, **options: Any) -> "Httpx":
            called.append((method, url, options))
            return self

    exec(code.removeprefix("import httpx"), {"httpx": Httpx(), "print": lambda *_: None})  # noqa: S102 - our own code
    return called


@pytest.mark.parametrize("request_text", REQUESTS, ids=lambda each: each.method)
def test_the_code_to_copy_makes_the_same_request(request_text: RequestText) -> None:
    words = shlex.split(curl(request_text).replace("\\\n", ""))
    assert words[0] == "curl"
    assert request_text.url in words
    if request_text.body:
        assert words[words.index("--data-raw") + 1] == request_text.text
    [(method, url, options)] = called_by(httpx(request_text))
    assert (method, url) == (request_text.method, request_text.url)
    if "json" in options:
        assert options["json"] == orjson.loads(request_text.body)
    else:
        assert options.get("content", b"") == request_text.body
    assert f"fetch({orjson.dumps(request_text.url).decode()}" in fetch(request_text)


def test_backquotes_make_code_and_nothing_else_is_read() -> None:
    assert prose("`a<b>` and *c* ``") == "<code>a&lt;b&gt;</code> and *c* ``"
    assert prose(7) == "7"


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ({"kind": "drop"}, "The connection was ended without an answer"),
        ({"kind": "truncate"}, "ended before its end"),
        ({"kind": "status", "status": 503}, "503 Service Unavailable"),
    ],
)
def test_a_fault_that_strikes_the_request_is_shown(visitor: Visitor, fault: dict[str, Any], text: str) -> None:
    world = f"console-fault-{fault['kind']}"
    visitor.understudy.worlds.get_or_create(world)
    form = form_of(visitor.page(f"{LIST}/ecdp/list_customer_attributes?world={world}"))
    added = call(
        visitor.understudy.asgi,
        "POST",
        f"/_understudy/api/worlds/{world}/faults",
        headers={"content-type": "application/json"},
        body=json.dumps({"vendor": "ecdp", **fault}).encode(),
    )
    assert added.status == 201, added.body

    assert text in text_of(sent(visitor, "ecdp", "list_customer_attributes", form, f"?world={world}"))


def test_a_request_without_an_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("understudy.console.asgi_client.TIMEOUT", 0.05)

    async def never(*_: Any) -> None:
        await asyncio.sleep(60)

    with pytest.raises(TimeoutError):
        run_sent(never)


def run_sent(target: Any) -> None:
    """Send a request from a thread, as the pages do."""

    async def run() -> None:
        loop = asyncio.get_running_loop()
        await asyncio.to_thread(send_from_thread, loop, target, {}, AsgiRequest("GET", "/"))

    asyncio.run(run())


def test_a_world_over_the_limit_is_refused_in_words() -> None:
    visitor = Visitor(create_app(Settings(vendors=("ecdp",), max_worlds=1)))
    visitor.understudy.worlds.get_or_create()

    page = sent(visitor, "ecdp", "list_customer_attributes", {}, "?world=one-too-many")

    assert "which is its limit" in page
