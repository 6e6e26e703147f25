"""Start records of many collections: many are made in steps when a collection is first used, few at once."""

import inspect
from pathlib import Path
from typing import Any

import pytest

from tests.own_document import OwnDocument, document, serve
from tests.resources.acme_document import CUSTOMER, collection, item
from understudy.core.refused import Refused
from understudy.core.request_facts import RequestFacts
from understudy.resources.start_records import MAX_AT_ONCE, MAX_EAGER


def many(folder: Path, records: int) -> OwnDocument:
    paths: dict[str, Any] = {}
    for number in range(MAX_EAGER + 1):
        for path, node in (
            (f"/things{number}", collection("Customer")),
            (f"/things{number}/{{id}}", item("id", "Customer")),
        ):
            paths[path] = {
                key: {**part, "operationId": f"{part['operationId']}{number}"} if isinstance(part, dict) else part
                for key, part in node.items()
            }
    return serve(folder, document(paths, Customer=CUSTOMER), records=records)


@pytest.mark.parametrize("records", [MAX_AT_ONCE, MAX_AT_ONCE + 1, 300])
def test_every_collection_has_its_start_records_when_it_is_first_used(tmp_path: Path, records: int) -> None:
    api = many(tmp_path, records)

    for _ in range(2):
        assert len(api.call("get", "/things20").json) == records
    assert api.call("post", "/things3", {"name": "Ada"}).status == 201
    assert len(api.call("get", "/things3").json) == records + 1


def test_few_are_made_in_one_piece(tmp_path: Path) -> None:
    api = many(tmp_path, MAX_AT_ONCE)
    state = api.app.worlds.get_or_create().vendors["shop"]

    with pytest.raises(Refused):
        api.app.vendors["shop"].vendor.operations["getCustomer5"](state, request=RequestFacts({}, {}), id="nobody")
    assert len(state.collections["things5"]) == MAX_AT_ONCE


def test_many_are_made_in_steps(tmp_path: Path) -> None:
    api = many(tmp_path, MAX_AT_ONCE + 1)
    state = api.app.worlds.get_or_create().vendors["shop"]
    handler = api.app.vendors["shop"].vendor.operations["getCustomer5"]

    steps: Any = handler(state, request=RequestFacts({}, {}), id="nobody")
    assert inspect.isgenerator(steps)
    next(steps)
    assert len(state.collections["things5"]) == 1


def test_a_record_that_was_deleted_while_others_were_made_stays_deleted(tmp_path: Path) -> None:
    api = many(tmp_path, 50)
    state = api.app.worlds.get_or_create().vendors["shop"]
    slow: Any = api.app.vendors["shop"].vendor.operations["listCustomers7"](state, request=RequestFacts({}, {}))
    next(slow)

    last = api.call("get", "/things7").json[-1]["id"]
    assert api.call("delete", f"/things7/{last}").status == 204
    for _ in slow:
        pass

    assert api.call("get", f"/things7/{last}").status == 404
    assert len(api.call("get", "/things7").json) == 49
