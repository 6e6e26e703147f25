"""Ids that have other names in the path than in the record: what is created can be read back by them."""

from pathlib import Path
from typing import Any

import pytest

from tests.own_document import TEXT, answer, document, empty, sent, serve
from tests.resources.acme_document import in_path

MISSING = {"404": empty()}


def one(properties: dict[str, Any], wrap: str = "") -> dict[str, Any]:
    record = {"type": "object", "properties": properties}
    return answer({"type": "object", "properties": {wrap: record}} if wrap else record)


def resource(path: str, parameter: str, created: dict[str, Any], read: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = sent({"type": "object"})
    return document(
        {
            path: {"post": {"requestBody": body, "responses": {"201": created}}},
            f"{path}/{{{parameter}}}": {
                "parameters": [in_path(parameter)],
                "get": {"responses": {"200": read, **MISSING}},
                "delete": {"responses": {"204": empty(), **MISSING}},
                **more,
            },
        }
    )


NODE = {"type": "object", "properties": {"node_key": TEXT, "url": TEXT}}
SINK = {"sink_id": TEXT, "sink_name": TEXT, "config": NODE}
ADDRESS = {"ip": {**TEXT, "format": "ipv4"}, "locked": {"type": "boolean"}}
ADDRESS6 = {"ip": {**TEXT, "format": "ipv6"}, "region": TEXT}
ACCESS = {"access_key": TEXT, "secret": TEXT}
RUN = {"run_uuid": {**TEXT, "format": "uuid"}, "status": TEXT}
TAG = {"name": TEXT, "count": {"type": "integer"}}


@pytest.mark.parametrize(
    ("path", "parameter", "properties", "wrap", "name"),
    [
        ("/logsinks", "logsink_id", SINK, "sink", "sink_id"),
        ("/floating_ips", "floating_ip", ADDRESS, "floating_ip", "ip"),
        ("/reserved_ipv6", "reserved_ipv6", ADDRESS6, "reserved_ipv6", "ip"),
        ("/keys", "access_key", ACCESS, "key", "access_key"),
        ("/runs", "evaluation_run_uuid", RUN, "run", "run_uuid"),
        ("/runs", "evaluationRunUuid", RUN, "", "run_uuid"),
        ("/tags", "tag_id", TAG, "tag", "name"),
        ("/users", "username", {"id": {"type": "integer"}, "login": TEXT, "name": TEXT}, "", "login"),
        ("/users", "userName", {"id": {"type": "integer"}, "name": TEXT}, "", "name"),
        ("/v3/files", "filename", {"id": {"type": "integer"}, "name": TEXT}, "", "name"),
    ],
)
def test_what_is_created_is_read_by_the_property_that_the_path_is_named_after(
    tmp_path: Path, path: str, parameter: str, properties: dict[str, Any], wrap: str, name: str
) -> None:
    api = serve(tmp_path, resource(path, parameter, one(properties, wrap), one(properties, wrap)))

    made = api.call("post", path, {}).json
    record = made[wrap] if wrap else made
    assert record[name]
    found = api.call("get", f"{path}/{record[name]}")

    assert (found.status, found.json) == (200, made)
    assert api.call("delete", f"{path}/{record[name]}").status == 204
    assert api.call("get", f"{path}/{record[name]}").status == 404


def test_a_record_that_is_wrapped_when_it_is_created_may_be_bare_when_it_is_read(tmp_path: Path) -> None:
    api = serve(tmp_path, resource("/logsinks", "logsink_id", one(SINK, "sink"), one(SINK)))

    made = api.call("post", "/logsinks", {"sink_name": "mine"}).json["sink"]

    assert made["sink_name"] == "mine"
    assert api.call("get", f"/logsinks/{made['sink_id']}").json == made


def test_a_record_is_of_the_answer_that_has_its_id(tmp_path: Path) -> None:
    listed = answer({"type": "object", "properties": {"total": {"type": "integer"}}})
    changed = {"patch": {"requestBody": sent({"type": "object"}), "responses": {"200": one(ACCESS, "key")}}}
    api = serve(tmp_path, resource("/keys", "access_key", one(ACCESS, "key"), listed, **changed))

    key = api.call("post", "/keys", {"secret": "s1"}).json["key"]["access_key"]

    assert api.call("patch", f"/keys/{key}", {"secret": "s2"}).json["key"] == {"access_key": key, "secret": "s2"}
