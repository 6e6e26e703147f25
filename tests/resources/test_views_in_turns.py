"""Views of long lists: no step is long, and each record is shown as if it were alone."""

from typing import Any

import pytest

from tests.own_document import TEXT, OwnDocument, answer, document, ref, serve
from tests.resources.list_steps import steps_of
from understudy.resources.resource import KEY, PARENT

COUNT = 10_000
WHOLE = {"type": "integer"}
MAKER = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": TEXT, "name": TEXT, "things": {"type": "array", "items": ref("Thing")}},
}
THING = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": WHOLE, "maker": {"anyOf": [TEXT, ref("Maker")]}, "colour": TEXT, "name": TEXT},
}


def collection(path: str, noun: str, key: Any) -> dict[str, Any]:
    query = [{"name": name, "in": "query", "schema": schema} for name, schema in
             {"limit": WHOLE, "expand": TEXT, "fields": TEXT}.items()]  # fmt: skip
    return {
        path: {
            "get": {
                "operationId": f"list{noun}s",
                "parameters": query,
                "responses": {"200": answer({"type": "array", "items": ref(noun)})},
            }
        },
        f"{path}/{{id}}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": key}],
            "get": {"responses": {"200": answer(ref(noun)), "404": {"description": ""}}},
        },
    }


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> OwnDocument:
    paths = {**collection("/things", "Thing", WHOLE), **collection("/makers", "Maker", TEXT)}
    found = serve(tmp_path_factory.mktemp("shop"), document(paths, Thing=THING, Maker=MAKER), records=0)
    state = found.app.worlds.get_or_create().vendors["shop"]
    things, makers = state.collection("things"), state.collection("makers")
    for number in range(COUNT):
        record = {"id": number, "maker": f"m{number % 100}", "colour": "red", "name": "x" * 40}
        things.put({**record, KEY: str(number), PARENT: ""})
    for number in range(100):
        makers.put({"id": f"m{number}", "name": "y" * 40, KEY: f"m{number}", PARENT: ""})
    return found


def texts(arguments: dict[str, Any]) -> dict[str, list[str]]:
    return {name: [str(value)] for name, value in arguments.items()}


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("listThings", {"limit": 1000, "expand": "maker"}),
        ("listThings", {"limit": 1000, "expand": "maker", "fields": "name,maker"}),
        ("listMakers", {"limit": 100, "expand": "things"}),
    ],
)
def test_no_step_of_a_list_of_ten_thousand_records_is_long(
    api: OwnDocument, operation: str, arguments: dict[str, Any]
) -> None:
    steps_of(api, operation, texts(arguments), **arguments)  # schemas are compiled
    spent, reply = steps_of(api, operation, texts(arguments), **arguments)

    assert len(spent) > 20
    assert sorted(spent)[-3] < 0.01, sorted(spent)[-5:]  # two may be longer: collections of garbage
    assert len(reply.body) == arguments["limit"]


def test_each_record_of_a_long_list_is_expanded(api: OwnDocument) -> None:
    found = api.call("get", "/things?limit=1000&expand=maker&fields=maker").json

    assert [each["maker"]["id"] for each in found] == [f"m{number % 100}" for number in range(1000)]
    assert {*found[0]} == {"id", "maker"}


def test_related_records_are_a_hundred_at_most(api: OwnDocument) -> None:
    found = api.call("get", "/makers?limit=2&expand=things").json

    assert [len(each["things"]) for each in found] == [100, 100]
    assert {each["maker"] for each in found[1]["things"]} == {"m1"}


def test_a_list_that_nobody_expands_is_as_it_was(api: OwnDocument) -> None:
    assert api.call("get", "/things?limit=1").json == [{"id": 0, "maker": "m0", "colour": "red", "name": "x" * 40}]
