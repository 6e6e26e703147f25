"""XML bodies of users' documents: read by the schema and its ``xml`` objects, and checked as JSON bodies are."""

from pathlib import Path
from typing import Any

import pytest

from tests.asgi import Answer, call
from tests.own_document import OwnDocument, answer, document, ref, serve

TEXT, NUMBER = {"type": "string"}, {"type": "integer", "format": "int32"}
PET = {
    "type": "object",
    "required": ["name", "photos"],
    "xml": {"name": "pet", "namespace": "https://example.com/pets", "prefix": "p"},
    "properties": {
        "id": {**NUMBER, "xml": {"attribute": True}},
        "name": TEXT,
        "weight": {**NUMBER, "nullable": True},
        "tame": {"type": "boolean", "xml": {"name": "isTame"}},
        "photos": {"type": "array", "xml": {"wrapped": True}, "items": {**TEXT, "xml": {"name": "photo"}}},
        "tags": {"type": "array", "items": ref("Tag")},
        "owner": {"type": "object", "properties": {"name": TEXT}},
    },
}
TAG = {"type": "object", "xml": {"name": "tag"}, "properties": {"label": TEXT}}
PHOTOS = "<photos><photo>a.png</photo></photos>"


@pytest.fixture
def shop(tmp_path: Path) -> OwnDocument:
    content = {media: {"schema": ref("Pet")} for media in ("application/json", "application/xml", "application/v1+xml")}
    body = {"required": True, "content": content}
    note = {"required": True, "content": {"text/xml": {"schema": TEXT}}}
    listed = {"required": True, "content": {"text/xml": {"schema": {"type": "array", "items": NUMBER}}}}
    refused = {"400": answer(ref("Error"))}
    paths: dict[str, Any] = {
        "/pets": {
            "get": {"responses": {"200": answer({"type": "array", "items": ref("Pet")})}},
            "post": {"requestBody": body, "responses": {"201": answer(ref("Pet")), **refused}},
        },
        "/pets/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": NUMBER}],
            "get": {"responses": {"200": answer(ref("Pet")), "404": answer(ref("Error"))}},
        },
        "/notes": {"post": {"requestBody": note, "responses": {"204": {"description": ""}, **refused}}},
        "/numbers": {"post": {"requestBody": listed, "responses": {"204": {"description": ""}, **refused}}},
    }
    return serve(tmp_path, document(paths, Pet=PET, Tag=TAG))


def post(shop: OwnDocument, text: str | bytes, path: str = "/pets", media: str = "application/xml") -> Answer:
    body = text if isinstance(text, bytes) else text.encode()
    return call(shop.app.asgi, "POST", path, headers={"content-type": media}, body=body)


def test_a_record_is_created_with_its_names_attributes_and_lists(shop: OwnDocument) -> None:
    text = (
        '<?xml version="1.0"?><p:pet xmlns:p="https://example.com/pets" id="77"><p:name>Rex &amp; Co</p:name>'
        "<p:weight>12</p:weight><p:isTame>true</p:isTame>"
        "<p:photos><p:photo>a.png</p:photo><p:photo>b.png</p:photo></p:photos>"
        "<p:tag><label>x</label></p:tag><p:tag><label>y</label></p:tag><owner><name>Ada</name></owner></p:pet>"
    )

    created = post(shop, text)

    assert created.status == 201
    assert shop.call("get", "/pets/77").json == {
        "id": 77,
        "name": "Rex & Co",
        "weight": 12,
        "tame": True,
        "photos": ["a.png", "b.png"],
        "tags": [{"label": "x"}, {"label": "y"}],
        "owner": {"name": "Ada"},
    }


@pytest.mark.parametrize(
    "text",
    [
        f"<pet><name>Rex</name>{PHOTOS}</pet>",
        "<pet><name>Rex</name><photos/></pet>",
        f"<pet><name>Rex</name>{PHOTOS}<weight></weight></pet>",
        f"<pet id='2147483647'><name>Rex</name>{PHOTOS}<color><r>1</r></color></pet>",
        f"<pet><name>Rex</name>{PHOTOS}</pet>".encode("utf-16"),
        "<pet>" + "<name>Rex</name>" + PHOTOS + "<x>" * 199 + "</x>" * 199 + "</pet>",
    ],
)
def test_what_the_schema_allows_is_taken(shop: OwnDocument, text: str | bytes) -> None:
    assert post(shop, text).status == 201
    assert post(shop, text, media="application/v1+xml; charset=utf-8").status == 201


@pytest.mark.parametrize(
    "text",
    [
        "<pet><name>Rex</name></pet>",
        f"<pet>{PHOTOS}</pet>",
        f"<dog><name>Rex</name>{PHOTOS}</dog>",
        f"<pet id='2147483648'><name>Rex</name>{PHOTOS}</pet>",
        f"<pet><name>Rex</name>{PHOTOS}<isTame></isTame></pet>",
        f"<pet><name>Rex</name>{PHOTOS}<weight>heavy</weight></pet>",
        f"<pet><name>Rex</name><name>Max</name>{PHOTOS}</pet>",
        "<pet>true</pet>",
        f"<pet><name>Rex</name>{PHOTOS}and more</pet>",
        "<pet><name>Rex</name><photos>a.png</photos></pet>",
        f"<pet><name>Rex</name>{PHOTOS}",
        f"<!DOCTYPE pet [<!ENTITY x 'y'>]><pet><name>&x;</name>{PHOTOS}</pet>",
        '<?xml version="1.0" encoding="nonsense"?><pet/>',
        "<pet>" + "<name>Rex</name>" + PHOTOS + "<x>" * 200 + "</x>" * 200 + "</pet>",
        "{}",
        b"\xff\xfe\x00",
        b"<pet>\x00</pet>",
    ],
)
def test_what_the_schema_forbids_and_what_is_no_xml_is_refused(shop: OwnDocument, text: str | bytes) -> None:
    refused = post(shop, text)

    assert refused.status == 400
    assert refused.json["message"]


def test_a_root_that_is_a_list_has_its_items_as_elements(shop: OwnDocument) -> None:
    assert post(shop, "<all><n>1</n><n>2</n></all>", "/numbers", "text/xml").status == 204
    assert post(shop, "<all><n>1</n><n>x</n></all>", "/numbers", "text/xml").status == 400


def test_a_body_that_is_described_as_a_text_is_not_read(shop: OwnDocument) -> None:
    assert post(shop, "no xml at all", "/notes", "text/xml").status == 204
