"""Two worlds are compared record by record: the differences are exact, and nobody is held up by them."""

from itertools import count
from typing import Any

import pytest

from tests.control.conftest import Steering
from understudy.core.table import Table
from understudy.state.collection import Collection
from understudy.state.comparison import MAX_DEPTH, MAX_PLACES, compare, places

NUMBERS = count()
SHOP = {"id": "understudy", "n": 1}


def fork(steering: Steering) -> str:
    name = f"compared-{next(NUMBERS)}"
    steering.post("/worlds/{world}/fork", {"name": name}, status=201)
    return name


def rows(*values: dict[str, Any]) -> Collection:
    made = Collection(Table("things"))
    for value in values:
        made.put(value)
    return made


def difference(one: Collection, two: Collection) -> list[tuple[str, str]]:
    steps = compare(one, two)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return list(end.value.keys)


def test_a_world_and_its_copy_do_not_differ(steering: Steering) -> None:
    found = steering.get(f"/worlds/{{world}}/compare/{fork(steering)}")

    assert found["collections"] == []
    assert found["clock"] == found["other_clock"]


def test_a_new_a_deleted_and_a_changed_record_are_listed_on_their_sides(steering: Steering) -> None:
    other = fork(steering)
    path = "/collections/crmcom/contacts"
    first, second, *_ = steering.get(f"/worlds/{{world}}{path}")["records"]
    steering.ask("DELETE", f"/worlds/{{world}}{path}/{first['id']}")
    steering.ask("PUT", f"/worlds/{{world}}{path}/{second['id']}", {**second, "first_name": "<script>", "extra": 1})
    steering.ask("PUT", f"/worlds/{other}{path}/new", {**second, "id": "new"})

    [found] = steering.get(f"/worlds/{{world}}/compare/{other}?vendor=crmcom&collection=contacts")["collections"]

    assert (found["only_in_world"], found["only_in_other"], found["changed"]) == (0, 2, 1)
    assert {(each["key"], each["difference"]) for each in found["records"]} == {
        (first["id"], "only_in_other"),
        ("new", "only_in_other"),
        (second["id"], "changed"),
    }
    [changed] = [each for each in found["records"] if each["difference"] == "changed"]
    assert set(changed["places"]) == {"/first_name", "/extra"}


def test_the_comparison_the_other_way_round_mirrors_it(steering: Steering) -> None:
    other = fork(steering)
    steering.ask("DELETE", "/worlds/{world}/collections/twc/realms/understudy")

    [one] = steering.get(f"/worlds/{{world}}/compare/{other}")["collections"]
    [two] = steering.get(f"/worlds/{other}/compare/{steering.world_name}")["collections"]

    assert (one["only_in_other"], one["only_in_world"]) == (1, 0)
    assert (two["only_in_other"], two["only_in_world"]) == (0, 1)


def test_a_limit_cuts_the_list_and_not_the_counts(steering: Steering) -> None:
    other = fork(steering)
    path = "/worlds/{world}/collections/crmcom/contacts"
    keys = [record["id"] for record in steering.get(path)["records"]][:3]
    for key in keys:
        steering.ask("DELETE", f"{path}/{key}")

    at = f"/worlds/{{world}}/compare/{other}?vendor=crmcom&collection=contacts"
    parts = [steering.get(f"{at}&limit=2&offset={offset}")["collections"][0] for offset in (0, 2)]
    counted = steering.get(f"{at}&limit=0")["collections"][0]

    assert [[each["key"] for each in part["records"]] for part in parts] == [keys[:2], keys[2:]]
    assert {each["only_in_other"] for each in [*parts, counted]} == {3}
    assert counted["records"] == []


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("?vendor=crmcon", "no vendor 'crmcon' is served; did you mean 'crmcom'?"),
        ("?vendor=crmcom&collection=contact", "crmcom has no collection 'contact'; did you mean 'contacts'?"),
        ("?collection=contacts", "a collection needs its vendor beside it"),
    ],
)
def test_an_unknown_name_in_the_query_is_refused(steering: Steering, query: str, title: str) -> None:
    answer = steering.ask("GET", f"/worlds/{{world}}/compare/{steering.world_name}{query}")

    assert (answer.status, answer.json["title"]) == (400, title)


@pytest.mark.parametrize("path", ["/worlds/nobody/compare/{world}", "/worlds/{world}/compare/nobody"])
def test_an_unknown_world_is_refused_on_either_side(steering: Steering, path: str) -> None:
    steering.world  # noqa: B018 - creates the world
    assert steering.ask("GET", path).status == 404


def test_records_are_equal_whatever_the_order_of_their_members() -> None:
    assert difference(rows({"id": "a", "x": 1, "y": 2}), rows({"y": 2, "x": 1, "id": "a"})) == []


@pytest.mark.parametrize(("one", "two"), [(1, True), (1, 1.0), (0, None), ("1", 1), ([1, 2], [2, 1]), ({}, [])])
def test_values_that_python_may_call_equal_differ(one: Any, two: Any) -> None:
    assert difference(rows({"id": "a", "x": one}), rows({"id": "a", "x": two})) == [("a", "changed")]
    assert places({"x": one}, {"x": two})[0].startswith("/x")


def test_records_differ_beside_a_shared_property() -> None:
    table = Table("things", shared="group")
    one, two = Collection(table), Collection(table)
    one.put({"id": "a", "n": 1}, b'{"g": 1}')
    two.put({"id": "a", "n": 1}, b'{"g": 2}')

    assert difference(one, two) == [("a", "changed")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": {"b": [1, {"c": 2}]}}, {"a": {"b": [1, {"c": 3}]}}, ["/a/b/1/c"]),
        ({"a": [1]}, {"a": [1, 2]}, ["/a"]),
        ({"a/b": 1, "~": 1}, {"a/b": 2}, ["/a~1b", "/~0"]),
    ],
)
def test_places_are_json_pointers(before: Any, after: Any, expected: list[str]) -> None:
    assert places(before, after) == expected


def test_places_have_a_limit_in_number_and_depth() -> None:
    many = {str(number): 1 for number in range(MAX_PLACES + 1)}
    one: Any = 1
    two: Any = 2
    for _ in range(MAX_DEPTH * 4):
        one, two = {"a": one}, {"a": two}

    assert len(places(many, dict.fromkeys(many, 2))) == MAX_PLACES
    assert places(one, two) == ["/a" * MAX_DEPTH]


def test_a_comparison_runs_in_steps() -> None:
    one = rows(*({"id": str(number), "n": 1} for number in range(5_000)))
    two = rows(*({"id": str(number), "n": 2} for number in range(5_000)))

    assert len(list(compare(one, two))) >= 50


def test_worlds_are_listed_in_parts_with_their_number(steering: Steering) -> None:
    names = [f"{steering.world_name}.{number}" for number in range(3)]
    for name in names:
        steering.post("/worlds", {"name": name}, status=201)

    answer = steering.ask("GET", f"/worlds?name={steering.world_name}.&offset=1&limit=1")
    beyond = steering.ask("GET", f"/worlds?name={steering.world_name}.&offset=3")

    assert [each["name"] for each in answer.json] == names[1:2]
    assert dict(answer.headers)["understudy-total"] == "3"
    assert (beyond.json, dict(beyond.headers)["understudy-total"]) == ([], "3")
