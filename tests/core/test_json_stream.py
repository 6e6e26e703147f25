"""Parsing of JSON that arrives in pieces of any size, against the parser of whole texts."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.json_stream import (
    ANY,
    ITEMS,
    MAX_MEMBERS,
    MAX_WHOLE,
    InvalidJson,
    JsonStream,
    UnfitMember,
    Wanted,
)

SHAPE = {"rows": {ANY: ITEMS}, "flat": ITEMS}
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def read_json(stream: JsonStream, pieces: Iterator[bytes]) -> Any:
    """Return the value of a stream that is given the pieces."""
    steps = stream.read()
    try:
        item = next(steps)
        while True:
            item = steps.send(next(pieces, b"")) if item is Wanted.PIECE else next(steps)
    except StopIteration as end:
        return end.value


def read(text: bytes, size: int) -> tuple[Any, list[tuple[tuple[str, ...], Any]]]:
    added: list[tuple[tuple[str, ...], Any]] = []
    stream = JsonStream(SHAPE, lambda path, item: added.append((path, item)))
    pieces = iter([text[start : start + size] for start in range(0, len(text), size)])
    return read_json(stream, pieces), added


@given(VALUES, st.integers(1, 40), st.sampled_from([None, 2]))
def test_a_value_is_that_of_the_whole_text(value: Any, size: int, indent: int | None) -> None:
    found, added = read(json.dumps({"other": value}, indent=indent, ensure_ascii=False).encode(errors="ignore"), size)

    assert json.dumps(found) == json.dumps(
        json.loads(json.dumps({"other": value}, ensure_ascii=False).encode(errors="ignore"))
    )
    assert added == []


@given(st.lists(VALUES, max_size=5), st.integers(1, 40))
def test_the_items_of_long_arrays_are_handed_on(items: list[Any], size: int) -> None:
    text = json.dumps({"rows": {"a": items, "b": {"no": "array"}}, "flat": items, "last": 1}).encode()

    found, added = read(text, size)

    assert found == {"rows": {"a": [], "b": {"no": "array"}}, "flat": [], "last": 1}
    assert json.dumps(added) == json.dumps([(("rows", "a"), each) for each in items] + [(("flat",), e) for e in items])


@pytest.mark.parametrize("size", [1, 5, 1000])
@pytest.mark.parametrize(
    "text",
    [
        b"", b" ", b"{", b"[", b'{"flat": [1, 2', b'{"flat": [1 2]}', b'{"flat": [1,]}', b'{"flat": [,1]}',
        b'{"flat": [1]} x', b'{"flat": [1]}{}', b'{"flat": [1],}', b"{flat: 1}", b'{"flat" 1}', b'{"flat": NaN}',
        b'{"flat": [Infinity]}', b'{"a": "\xff"}', b'{"a": 1, "a": 2}', b'{"a": "unended', b'{"a": tru', b"nul",
        b'{"a": 01}', b'{"a": "\x01"}', b'{"a": ' + b"[" * 100_000, b'{"a": 1' + b"0" * 5000 + b"}",
    ],
)  # fmt: skip
def test_a_text_that_is_not_json_is_refused(text: bytes, size: int) -> None:
    if size == 1 and len(text) > 1000:
        size = 999
    with pytest.raises(InvalidJson):
        read(text, size)


def test_a_mistake_is_found_before_the_end_of_the_text() -> None:
    taken: list[int] = []

    def pieces() -> Iterator[bytes]:
        yield b'{"flat": [1, 2, oops'
        for number in range(1000):
            taken.append(number)
            yield b" " * 1000

    with pytest.raises(InvalidJson):
        read_json(JsonStream(SHAPE, lambda *_: None), pieces())
    assert len(taken) < 3


def test_a_byte_order_mark_is_skipped() -> None:
    assert read(b"\xef\xbb\xbf{}", 1) == ({}, [])


@pytest.mark.parametrize(
    ("text", "path", "rule"),
    [
        (b'{"other": 1', ("other",), "additionalProperties"),
        (b'{"rows": {"a": {"x', ("rows", "a"), "type"),
        (b'{"flat": {"x', ("flat",), "type"),
        (b'{"rows": [1', ("rows",), "type"),
        (b"[1", (), "type"),
    ],
)
def test_a_value_of_another_shape_is_refused_before_it_is_read(text: bytes, path: tuple[str, ...], rule: str) -> None:
    with pytest.raises(UnfitMember) as found:
        read_json(JsonStream(SHAPE, lambda *_: None, is_closed=True), iter([text]))

    assert (found.value.path, found.value.rule) == (path, rule)


@pytest.mark.parametrize("more", [0, 1])
def test_an_object_in_the_shape_has_bounded_members(more: int) -> None:
    members = ", ".join(f'"m{number}": []' for number in range(MAX_MEMBERS + more))
    text = f'{{"rows": {{{members}}}}}'.encode()

    if more:
        with pytest.raises(InvalidJson, match="more than 1000 members"):
            read(text, 65536)
    else:
        assert len(read(text, 65536)[0]["rows"]) == MAX_MEMBERS


@pytest.mark.parametrize("start", [b'"', b"[", b'{"a": "'])
def test_a_value_outside_of_the_arrays_is_bounded(start: bytes) -> None:
    text = start + b"1," * 2 * MAX_WHOLE
    with pytest.raises(InvalidJson, match="longer than"):
        read_json(JsonStream(None, lambda *_: None), iter([text[i : i + 65536] for i in range(0, len(text), 65536)]))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b'{"a": 1' + b"0" * 5000 + b"}", "a number has too many digits"),
        (b'{"a": ' + b"[" * 100_000, "it is nested too deep"),
        (b'{"a": ' + b'{"a":' * 100_000, "it is nested too deep"),
        (b'{"a": NaN}', "NaN is no JSON value"),
    ],
)
def test_a_reason_is_in_no_words_of_python(text: bytes, reason: str) -> None:
    with pytest.raises(InvalidJson) as found:
        read(text, 65536)

    assert str(found.value).startswith(reason)
