"""Lists of many records: filtered, sorted and shown in steps of a few milliseconds, with the same result."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.own_document import TEXT, OwnDocument, answer, document, empty, ref, serve
from tests.resources.list_steps import steps_of
from understudy.resources.resource import KEY, PARENT

COUNT = 10_000
WHOLE = {"type": "integer"}
THING = {
    "type": "object",
    "required": ["id", "rank"],
    "properties": {"id": WHOLE, "rank": WHOLE, "colour": TEXT, "name": TEXT},
}
NAMES = {"limit": WHOLE, "sort": TEXT, "colour": TEXT, "rank[gte]": WHOLE}
DOCUMENT = document(
    {
        "/things": {
            "get": {
                "operationId": "listThings",
                "parameters": [{"name": name, "in": "query", "schema": each} for name, each in NAMES.items()],
                "responses": {"200": answer({"type": "array", "items": ref("Thing")}, X_RateLimit_Remaining=WHOLE)},
            },
        },
        "/things/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": WHOLE}],
            "get": {"responses": {"200": answer(ref("Thing")), "404": empty()}},
        },
    },
    Thing=THING,
)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> OwnDocument:
    found = serve(tmp_path_factory.mktemp("shop"), DOCUMENT, records=0)
    rows = found.app.worlds.get_or_create().vendors["shop"].collection("things")
    for number in range(COUNT):
        record = {"id": number, "rank": number * 7919 % COUNT, "colour": ("red", "blue")[number % 2], "name": "x" * 40}
        rows.put({**record, KEY: str(number), PARENT: ""})
    return found


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        ({"colour": ["red"]}, {"colour": "red"}),
        ({"sort": ["-rank"]}, {"sort": "-rank"}),
        ({"rank[gte]": ["9000"], "sort": ["rank"]}, {"rank_gte": 9000, "sort": "rank"}),
        ({}, {"limit": 1000}),
    ],
)
def test_no_step_of_a_list_of_ten_thousand_records_is_long(
    api: OwnDocument, query: dict[str, list[str]], arguments: dict[str, Any]
) -> None:
    steps_of(api, "listThings", query, **arguments)  # schemas are compiled
    spent, reply = steps_of(api, "listThings", query, **arguments)

    assert len(spent) > 20
    assert sorted(spent)[-2] < 0.01, sorted(spent)[-3:]  # one may be longer: a collection of garbage
    assert reply.status == 200


def test_a_filtered_and_sorted_list_has_the_right_records_in_the_right_order(api: OwnDocument) -> None:
    found = api.call("get", "/things?rank[gte]=9900&colour=red&sort=-rank")

    ranks = [each["rank"] for each in found.json]
    assert ranks == sorted((n * 7919 % COUNT for n in range(0, COUNT, 2) if n * 7919 % COUNT >= 9900), reverse=True)
    assert len(ranks) == 50


def test_a_list_in_steps_has_the_headers_that_are_declared(api: OwnDocument) -> None:
    found = api.call("get", "/things?sort=rank&limit=3")

    assert [each["rank"] for each in found.json] == [0, 1, 2]
    assert int(found.headers["x-ratelimit-remaining"]) > 0


def test_records_of_one_rank_keep_their_order_in_both_directions(tmp_path: Path) -> None:
    small = serve(tmp_path, DOCUMENT, records=0)
    rows = small.app.worlds.get_or_create().vendors["shop"].collection("things")
    for number in range(2000):
        rows.put({"id": number, "rank": number % 2, KEY: str(number), PARENT: ""})

    up, down = (small.call("get", f"/things?sort={each}rank&limit=1000").json for each in ("", "-"))

    assert [each["id"] for each in up] == list(range(0, 2000, 2))
    assert [each["id"] for each in down] == list(range(1, 2000, 2))
    assert json.dumps(up) != json.dumps(down)
