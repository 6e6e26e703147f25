"""JSON Patch (RFC 6902) and JSON Merge Patch (RFC 7396), with the examples of their appendices by our own words."""

from typing import Any

import pytest

from understudy.core.json_patch import MAX_OPERATIONS, PatchRefused, is_patch, merge_patched, patched


def op(name: str, path: str, **members: Any) -> dict[str, Any]:
    return {"op": name, "path": path, **members}


@pytest.mark.parametrize(
    ("document", "operations", "wanted"),
    [
        ({"a": 1}, [op("add", "/b", value=2)], {"a": 1, "b": 2}),
        ({"a": 1}, [op("add", "/a", value=None)], {"a": None}),
        ({"a": [1, 3]}, [op("add", "/a/1", value=2)], {"a": [1, 2, 3]}),
        ({"a": [1]}, [op("add", "/a/-", value=[2])], {"a": [1, [2]]}),
        ({"a": []}, [op("add", "/a/0", value=1)], {"a": [1]}),
        ({"a": 1}, [op("add", "", value={"b": 2})], {"b": 2}),
        ({"a": 1, "b": 2}, [op("remove", "/a")], {"b": 2}),
        ({"a": [1, 2]}, [op("remove", "/a/0")], {"a": [2]}),
        ({"a": {"b": 1}}, [op("replace", "/a/b", value={})], {"a": {"b": {}}}),
        ({"a": [1, 2]}, [op("replace", "/a/1", value=5)], {"a": [1, 5]}),
        ({"a": {"b": 1}, "c": {}}, [op("move", "/c/d", **{"from": "/a/b"})], {"a": {}, "c": {"d": 1}}),
        ({"a": [1, 2, 3]}, [op("move", "/a/2", **{"from": "/a/0"})], {"a": [2, 3, 1]}),
        ({"a": {"b": 1}}, [op("copy", "/c", **{"from": "/a"})], {"a": {"b": 1}, "c": {"b": 1}}),
        ({"a/b": 1, "m~n": 2}, [op("test", "/a~1b", value=1), op("remove", "/m~0n")], {"a/b": 1}),
        ({"a": 1}, [op("test", "/a", value=1.0), op("replace", "/a", value=2)], {"a": 2}),
        ({"": 1}, [op("replace", "/", value=2)], {"": 2}),
        ({"a": 1}, [], {"a": 1}),
        ({"a": 1}, [op("add", "/b", value=[]), op("add", "/b/-", value=1), op("copy", "/c", **{"from": "/b"})],
         {"a": 1, "b": [1], "c": [1]}),
    ],
)  # fmt: skip
def test_operations_are_applied_in_their_order(document: Any, operations: Any, wanted: Any) -> None:
    before = repr(document)

    assert patched(document, operations) == wanted
    assert repr(document) == before


@pytest.mark.parametrize(
    ("operations", "status", "message"),
    [
        ([op("test", "/a", value=2)], 409, "operation 0: the value at /a is another one"),
        ([op("test", "/t", value=1)], 409, "operation 0: the value at /t is another one"),
        ([op("test", "/l", value=[1])], 409, "operation 0: the value at /l is another one"),
        ([op("remove", "/x")], 422, "operation 0: there is nothing at /x"),
        ([op("add", "/b", value=1), op("replace", "/x", value=1)], 422, "operation 1: there is nothing at /x"),
        ([op("add", "/x/y", value=1)], 422, "operation 0: there is nothing at /x"),
        ([op("add", "/a/b", value=1)], 422, "operation 0: there is no object and no list at /a"),
        ([op("add", "/l/4", value=1)], 422, "operation 0: there is no item '4' in a list of 3"),
        ([op("add", "/l/01", value=1)], 422, "operation 0: there is no item '01' in a list of 3"),
        ([op("remove", "/l/-")], 422, "operation 0: there is no item '-' in a list of 3"),
        ([op("remove", "/l/3")], 422, "operation 0: there is no item '3' in a list of 3"),
        ([op("move", "/o/p/q", **{"from": "/o"})], 422, "operation 0: a value cannot be moved into itself"),
        ([op("move", "/b", **{"from": "/x"})], 422, "operation 0: there is nothing at /x"),
        ([op("add", "a", value=1)], 400, "operation 0: 'a' is no JSON pointer: it begins with /"),
        ([op("add", "/a")], 400, "operation 0: add needs 'value'"),
        ([op("copy", "/a")], 400, "operation 0: copy needs 'from'"),
        ([op("repalce", "/a", value=1)], 400, "operation 0: there is no operation 'repalce'; did you mean 'replace'?"),
        ([{"op": "add"}], 400, "operation 0: an operation is an object with an 'op' and a 'path'"),
        (["add"], 400, "operation 0: an operation is an object with an 'op' and a 'path'"),
        ({"op": "add"}, 400, "a JSON Patch is a list of operations"),
        ([op("test", "/a", value=1)] * (MAX_OPERATIONS + 1), 422, "a patch has at most 500 operations"),
    ],
)
def test_a_patch_that_cannot_be_applied_is_refused(operations: Any, status: int, message: str) -> None:
    with pytest.raises(PatchRefused) as caught:
        patched({"a": 1, "t": True, "l": [1, 2, 3], "o": {"p": {}}}, operations)

    assert (caught.value.status, str(caught.value)) == (status, message)


@pytest.mark.parametrize(
    "operations",
    [
        [op("copy", "/a/-", **{"from": "/a"})] * 60,
        [op("move", "/b", **{"from": ""}), op("add", "/b", value={})] * 100,
        [op("add", "/d" * number, value={}) for number in range(1, 300)],
    ],
)
def test_a_patch_that_grows_without_end_is_refused(operations: Any) -> None:
    with pytest.raises(PatchRefused):
        patched({"a": [1]}, operations)


@pytest.mark.parametrize(
    ("document", "patch", "wanted"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": {"b": "c", "d": 1}}, {"a": {"b": None}}, {"a": {"d": 1}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
        ({"a": "foo"}, {"a": {"b": 1}}, {"a": {"b": 1}}),
        ({"a": 1}, ["c"], ["c"]),
    ],
)
def test_a_merge_patch_replaces_merges_and_removes(document: Any, patch: Any, wanted: Any) -> None:
    assert merge_patched(document, patch) == wanted


@pytest.mark.parametrize(
    ("body", "is_one"),
    [([op("add", "/a", value=1)], True), ([], False), ([{"op": "add"}], False), ({"op": "add", "path": "/a"}, False)],
)
def test_a_list_of_operations_is_a_patch(body: Any, is_one: bool) -> None:  # noqa: FBT001 - a claim's value
    assert is_patch(body) is is_one
