"""Files of a session: remap file, overlay, archive and reports are what the commands that take them expect."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
import yaml

from tests.proxy.drifting_service import DOCUMENT, KEY
from tests.proxy.examined_service import Client, examined, shown
from understudy.app import Understudy, create_app
from understudy.contract.foreign.loading import load_foreign
from understudy.contract.remap import check_moves, load_moves, remap
from understudy.proxy.call_examiner import CallExaminer
from understudy.proxy.drift_report import DriftReport
from understudy.proxy.har_file import HarFile
from understudy.proxy.inferred_paths import write_remap
from understudy.proxy.overlay_file import write_overlay
from understudy.proxy.report_page import report_page
from understudy.settings import Settings
from understudy.traffic.har_reader import read_har

URL = "https://api.example.com"


def pay(client: Client, path: str) -> None:
    for item in ("tea", "milk"):
        _, order = client.call("POST", "/orders", {"item": item})
        client.call("PUT", f"/orders/{order['id']}/{path}", {"amount": 3.5})


def test_a_moved_path_is_found_by_the_calls_that_it_takes(shop: Understudy, tmp_path: Path) -> None:
    with examined(shop, "moved path") as (client, examiner):
        pay(client, "settlement")

    [verdict] = examiner.inferred.verdicts()
    assert (verdict.verdict, verdict.path) == ("wrong", "/orders/{orderId}/settlement")
    path = tmp_path / "remap.yaml"
    path.write_text(write_remap([verdict], URL))
    moves, document = load_moves(path), shop.vendors["shop"].document
    check_moves(moves, {"shop": document})
    assert "put" in remap(document, moves).raw["paths"]["/orders/{orderId}/settlement"]


def test_a_path_that_answers_is_right(shop: Understudy) -> None:
    with examined(shop) as (client, examiner):
        pay(client, "payment")

    [verdict] = examiner.inferred.verdicts()
    assert (verdict.verdict, dict(verdict.statuses), verdict.path) == ("right", {200: 2}, "")


def test_a_path_that_is_not_there_is_doubtful_without_another(shop: Understudy) -> None:
    with examined(shop, "moved path") as (client, examiner):
        pay(client, "payment")

    [verdict] = examiner.inferred.verdicts()
    assert (verdict.verdict, verdict.path) == ("doubtful", "")
    assert write_remap([verdict], URL).count("\n") == 1


def test_a_path_that_takes_other_bodies_is_no_operations(shop: Understudy) -> None:
    with examined(shop, "path") as (client, examiner):
        client.call("GET", "/stock")

    [verdict] = examiner.inferred.verdicts()
    assert (verdict.verdict, verdict.path) == ("open", "")


@pytest.mark.parametrize("version", ["3.1.0", "3.0.3"])
def test_the_overlay_names_the_fields_that_the_document_lacks(tmp_path: Path, version: str) -> None:
    own = tmp_path / "shop.yaml"
    own.write_text(DOCUMENT.replace("3.1.0", version).replace("type: [string, integer]", "type: string"))
    settings = Settings(documents=(("shop", str(own)),), cache=None, is_strict=False, records=0)
    with examined(create_app(settings), "field", "nested field") as (client, examiner):
        client.usual()

    assert len(examiner.drift) == 6
    made = tmp_path / "overlay.yaml"
    text, left_out = write_overlay(examiner.missing_fields, examiner.vendor.document, settings, made)
    made.write_text(text)
    assert left_out == []
    assert yaml.safe_load(text)["extends"] == "shop.yaml"
    assert [*load_foreign("shop", str(own), overlays=[made]).findings] == []
    with examined(create_app(replace(settings, overlays=(made,))), "field", "nested field") as (client, examiner):
        client.usual()
    assert [each for each in shown(examiner.drift) if each[0] == "vendor"] == []


def test_the_overlay_of_a_swagger_document_goes_to_its_definitions(tmp_path: Path) -> None:
    order = {"type": "object", "properties": {"id": {"type": "string"}}}
    raw = {
        "swagger": "2.0",
        "info": {"title": "Shop", "version": "1"},
        "basePath": "/v1",
        "produces": ["application/json"],
        "paths": {"/orders": {"get": {"operationId": "list_orders", "responses": {"200": {
            "description": "", "schema": {"type": "array", "items": {"$ref": "#/definitions/Order"}}}}}}},
        "definitions": {"Order": order},
    }  # fmt: skip
    own = tmp_path / "shop.json"
    own.write_text(json.dumps(raw))
    settings = Settings(documents=(("shop", str(own)),), cache=None, records=0)
    with examined(create_app(settings)) as (client, examiner):
        client.service.new_order({"item": "tea"})
        client.call("GET", "/orders")

    text, left_out = write_overlay(examiner.missing_fields, examiner.vendor.document, settings, tmp_path / "o.yaml")
    [action] = yaml.safe_load(text)["actions"]
    assert left_out == []
    assert action["target"] == "$['definitions']['Order']"
    assert action["update"]["properties"]["created"] == {"type": "string", "format": "date-time"}


def report(examiner: CallExaminer) -> DriftReport:
    return DriftReport(
        "shop", URL, examiner.calls, examiner.vendor.operations, [*examiner.drift], examiner.inferred.verdicts(),
        examiner.unchecked, examiner.not_compared, {"connection refused": 2},
    )  # fmt: skip


def test_the_reports_have_every_finding_and_no_credentials(shop: Understudy) -> None:
    with examined(shop, "field", "other status", "moved path") as (client, examiner):
        client.usual()
        client.call("GET", "/<script>")

    made = report(examiner)
    value, page = json.loads(json.dumps(made.to_json())), report_page(made)
    assert Counter(each["who"] for each in value["findings"]) == {"vendor": 3, "stand-in": 1, "client": 1}
    assert value["calls"] == examiner.calls.total()
    assert {"operation": "list_orders", "method": "GET", "path": "/orders", "statuses": {"200": 3}} in value[
        "operations"
    ]
    assert value["unreached"] == {"connection refused": 2}
    assert all(each["document"] in page or "&" in page for each in value["findings"])
    assert "<script>" not in page
    assert KEY not in page + json.dumps(value)
    assert made.summary().endswith("5 findings (3 of the vendor, 1 of the client, 1 of the stand-in)")


def test_the_archive_is_whole_after_each_call_and_has_no_credentials(shop: Understudy, tmp_path: Path) -> None:
    path = tmp_path / "calls.har"
    har = HarFile(path)
    assert orjson.loads(path.read_bytes())["log"]["entries"] == []
    with examined(shop, har=har) as (client, _):
        client.usual()

    har.close()
    whole = path.read_bytes()
    assert len(orjson.loads(whole)["log"]["entries"]) == 15
    assert KEY.encode() not in whole
    exchanges, left_out = read_har(path)
    assert left_out == []
    assert [each.status for each in exchanges[:5]] == [201, 200, 200, 200, 204]
    assert exchanges[0].operation == "create_order"
    assert json.loads(exchanges[0].request_body)["item"] == "tea"
