"""Documents as files, and their reference."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.acme import Company, spec
from tests.asgi import call
from tests.console.conftest import CONSOLE, Visitor
from understudy.app import Understudy, create_app
from understudy.settings import Settings

VENDORS = ["capillary", "contacthub", "crmcom", "ecdp", "twc"]


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_document_is_served_as_json_and_as_yaml(understudy: Understudy, vendor: str) -> None:
    raw = understudy.vendors[vendor].document.raw

    as_json = call(understudy.asgi, "GET", f"/{vendor}/openapi.json")
    as_yaml = call(understudy.asgi, "GET", f"/{vendor}/openapi.yaml")

    assert (as_json.status, as_json.headers["content-type"]) == (200, "application/json")
    assert (as_yaml.status, as_yaml.headers["content-type"]) == (200, "application/yaml")
    assert as_json.json == raw
    assert yaml.load(as_yaml.body, yaml.CSafeLoader) == raw
    assert b"&id" not in as_yaml.body


def test_the_document_of_the_control_api_is_served_the_same_way(understudy: Understudy) -> None:
    found = call(understudy.asgi, "GET", "/_understudy/api/openapi.json")

    assert found.json == understudy.control_api.document.raw
    assert call(understudy.asgi, "GET", "/_understudy/api/openapi.yaml").status == 200
    assert call(understudy.asgi, "GET", "/_understudy/api/openapi.json", client="192.0.2.7").status == 403


def test_a_document_that_has_not_changed_is_not_sent_again(understudy: Understudy) -> None:
    tag = call(understudy.asgi, "GET", "/ecdp/openapi.json").headers["etag"]

    again = call(understudy.asgi, "GET", "/ecdp/openapi.json", headers={"if-none-match": tag})

    assert (again.status, again.body) == (304, b"")
    assert call(understudy.asgi, "HEAD", "/ecdp/openapi.json").body == b""


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/ecdp/openapi.json"),
        ("OPTIONS", "/ecdp/openapi.json"),
        ("GET", "/ecdp/openapi.yml"),
        ("GET", "/ecdp/openapi.json/"),
        ("GET", "/@main/ecdp/openapi.json"),
        ("GET", "/contacthub/hub/v1/openapi.json"),
    ],
)
def test_other_paths_below_a_vendor_are_the_vendors_404(understudy: Understudy, method: str, path: str) -> None:
    found = call(understudy.asgi, method, path)

    assert (found.status, found.headers["understudy-refused-by"]) == (404, "route")


def test_a_vendors_own_host_has_no_document_of_ours(understudy: Understudy) -> None:
    found = call(understudy.asgi, "GET", "/openapi.json", headers={"host": "api.ecdp.app"})

    assert (found.status, found.headers["understudy-refused-by"]) == (404, "route")


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", "/acme/openapi.json", "/openapi.json/openapi.json"])
def test_paths_of_no_vendor_stay_404_with_the_vendors(understudy: Understudy, path: str) -> None:
    found = call(understudy.asgi, "GET", path)

    assert (found.status, sorted(found.json["vendors"])) == (404, VENDORS)


def test_a_vendors_own_operation_of_that_path_wins(company: Company) -> None:
    mine = {"operationId": "mine", "responses": {"200": {"description": "Mine."}}}
    company.write_spec("acme", spec(paths={"/openapi.json": {"get": mine}}))
    app = company.start().asgi

    assert call(app, "GET", "/acme/openapi.json").headers["understudy-fidelity"] == "sample"
    assert call(app, "GET", "/acme/openapi.yaml").headers["content-type"] == "application/yaml"


def own_document(folder: Path, raw: dict[str, Any], **more: Any) -> Understudy:
    file = folder / "acme.json"
    file.write_text(json.dumps(raw))
    return create_app(Settings(documents=(("acme", str(file)),), **more))


def test_the_document_of_a_user_is_served_beside_the_console_at_the_root(tmp_path: Path) -> None:
    large = {"type": "integer", "maximum": 10**30, "example": 10**25}
    thing = {
        "description": "",
        "content": {"application/json": {"schema": {"type": "object", "properties": {"n": large}}}},
    }
    raw = {
        "openapi": "3.0.3",
        "info": {"title": "A", "version": "1"},
        "paths": {"/things": {"get": {"responses": {"200": thing}}}},
    }
    visitor = Visitor(own_document(tmp_path, raw))

    served = visitor.get("/acme/openapi.json").json

    assert served == visitor.understudy.vendors["acme"].document.raw
    assert "/things" in yaml.load(visitor.get("/acme/openapi.yaml").body, yaml.CSafeLoader)["paths"]
    [operation] = visitor.understudy.vendors["acme"].operations
    assert "maximum" in visitor.page(f"{CONSOLE}/operations/acme/{operation.id}")


def test_pages_of_other_sites_read_a_document_where_they_may_call_the_vendor(
    tmp_path: Path, understudy: Understudy
) -> None:
    origin = {"origin": "http://elsewhere.example"}
    raw = {
        "openapi": "3.0.3",
        "info": {"title": "A", "version": "1"},
        "paths": {"/things": {"get": {"responses": {"200": {"description": ""}}}}},
    }
    open_to_all = own_document(tmp_path, raw, allows_cors=True)

    found = call(open_to_all.asgi, "GET", "/acme/openapi.json", headers=origin)
    assert found.headers["access-control-allow-origin"] == "*"
    closed = call(understudy.asgi, "GET", "/crmcom/openapi.json", headers=origin)
    assert "access-control-allow-origin" not in closed.headers


def test_the_reference_gets_the_document_with_this_server(visitor: Visitor) -> None:
    path = f"{CONSOLE}/documents/contacthub/openapi.json"

    found = visitor.get(path).json
    in_world = visitor.get(f"{path}?world=other").json

    assert [each["url"] for each in found["servers"]] == ["http://127.0.0.1/contacthub/hub/v1"]
    assert [each["url"] for each in in_world["servers"]] == ["http://127.0.0.1/@other/contacthub/hub/v1"]
    assert found["paths"].keys() == visitor.understudy.vendors["contacthub"].document.raw["paths"].keys()
    assert "servers" not in json.dumps(found["paths"])
    control = visitor.get(f"{CONSOLE}/documents/_understudy/openapi.json?world=other").json
    assert [each["url"] for each in control["servers"]] == ["http://127.0.0.1/_understudy/api"]


@pytest.mark.parametrize("name", [*VENDORS, "_understudy"])
def test_every_document_has_a_reference(visitor: Visitor, name: str) -> None:
    assert f'href="{CONSOLE}/reference/{name}"' in visitor.page(f"{CONSOLE}/reference")

    page = visitor.page(f"{CONSOLE}/reference/{name}?world=other")

    assert f'data-document="{CONSOLE}/documents/{name}/openapi.json?world=other"' in page
    assert "<noscript>" in page


@pytest.mark.parametrize("path", ["reference/acme", "documents/acme/openapi.json", "documents/ecdp/openapi.txt"])
def test_an_unknown_document_is_a_page_with_the_reason(visitor: Visitor, path: str) -> None:
    visitor.page(f"{CONSOLE}/{path}", 404)


def test_a_vendor_at_the_root_has_its_own_root_and_the_console_is_below(tmp_path: Path) -> None:
    answer = {"200": {"description": "", "content": {"application/json": {"schema": {"type": "object"}}}}}
    paths = {"/": {"get": {"operationId": "root", "responses": answer}}}
    visitor = Visitor(
        own_document(tmp_path, {"openapi": "3.0.3", "info": {"title": "A", "version": "1"}, "paths": paths})
    )

    assert visitor.get("/").headers["content-type"] == "application/json"
    page = visitor.page(f"{CONSOLE}/")
    assert f'class="brand" href="{CONSOLE}/"' in page
