"""Bodies of errors: a sample in the declared shape, with the reason of a refusal wherever there is a place for it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from understudy.core.json_pointer import unescape
from understudy.core.refused import Refused, Violation
from understudy.core.status_phrases import phrase_of
from understudy.samples.field_values import words_of

TEXTS = (
    "message", "detail", "error description", "description", "msg", "error message", "reason", "errormessage", "text",
    "user message", "developer message", "long message", "fault string", "summary", "error", "title", "details",
)  # fmt: skip
"""Words of the members that hold an error's text, the most usual first."""

PHRASES = ("error", "title", "reason", "name", "status text", "reason phrase", "summary")
"""Words of the members that hold the status's phrase, beside one that holds the text."""

FIELDS = (
    "field", "field name", "param", "parameter", "property", "attribute", "property name", "attribute name", "argument",
    "source field", "member",
)  # fmt: skip
"""Words of the members that hold the name of an invalid field."""

PLACES = ("path", "pointer", "json pointer", "location", "loc", "property path", "field path", "instance path")
"""Words of the members that hold the place of an invalid field."""

STATUSES = (
    "status",
    "status code",
    "http status",
    "http code",
    "http status code",
    "http status code",
    "code",
    "error code",
)
"""Words of the members that hold the status, as a number or as digits."""

FLAGS = {"success": False, "ok": False, "successful": False, "error": True, "is error": True, "has error": True}
"""Values of an error's flags."""

LISTS = (
    "errors",
    "error",
    "messages",
    "details",
    "detail",
    "violations",
    "issues",
    "invalid params",
    "field errors",
    "causes",
    "faults",
)
"""Words of the members that hold one entry for each fault."""

MADE_CODE = "invalid_request"
"""Code of an error whose schema leaves it open, as a sample has it; shorter where the schema wants that."""

MIN_CODE = 4

MAX_DEPTH = 6
MAX_FAULTS = 20

LEFT_OUT = object()
"""Value of a member that is taken away."""

Place = tuple[str | int, ...]
Edit = tuple[Place, Any]


def worded(shown: Any, refused: Refused, status: int, is_valid: Callable[[Any], bool]) -> Any:
    """Return an error's body with a refusal's text, status and invalid fields in place of the sample's.

    Each change is made only if the schema allows it.
    """
    faults = refused.faults[:MAX_FAULTS] or [Violation("", "", "", refused.message)]
    body = _with_faults(shown, faults, is_valid)
    edits = [*_edits(body, (), refused.message, faults, status)]
    whole = body
    for place, value in edits:
        whole = _put(whole, place, value)
    if is_valid(whole):
        return whole
    for place, value in edits:
        changed = _put(body, place, value)
        if is_valid(changed):
            body = changed
    return body


def coded(shown: Any, status: int, is_valid: Callable[[Any], bool]) -> Any:
    """Return a made error's body with the status as its code, ``not_found``, wherever the schema leaves that open."""
    code = MADE_CODE if status in (400, 422) else phrase_of(status).lower().translate(str.maketrans(" -", "__", "'"))
    changed = _with_code(shown, code, MAX_DEPTH)
    return changed if is_valid(changed) else shown


def _with_code(node: Any, code: str, depth: int) -> Any:
    if isinstance(node, Mapping) and depth:
        return {name: _with_code(part, code, depth - 1) for name, part in node.items()}
    if isinstance(node, list) and depth:
        return [_with_code(part, code, depth - 1) for part in node]
    is_made = isinstance(node, str) and len(node) >= MIN_CODE and MADE_CODE.startswith(node)
    return code if is_made else node


def _with_faults(shown: Any, faults: list[Violation], is_valid: Callable[[Any], bool]) -> Any:
    """Return a body whose lists have one entry for each fault, and whose members are named after the fields."""
    body = shown
    for place, value in _lists(shown, ()):
        candidates: list[Any] = []
        if isinstance(value, list):
            candidates = [[value[0]] * len(faults), value[:1]]
        elif _is_by_field(value) and faults[0].path:
            sample = next(iter(value.values()))
            named = {_field(each): [each.message] if isinstance(sample, list) else each.message for each in faults}
            candidates = [named]
        for each in candidates:
            changed = _put(body, place, each)
            if is_valid(changed):
                body = changed
                break
    return body


def _lists(node: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    """Yield the lists of entries in a body, and the objects that have an entry for each invalid field."""
    if isinstance(node, list) and node and len(place) <= 1 and (not place or words_of(str(place[-1])) in LISTS):
        yield place, node
    if not isinstance(node, Mapping) or len(place) > MAX_DEPTH:
        return
    for name, part in node.items():
        inner = (*place, name)
        if isinstance(part, list) and part and words_of(name) in LISTS:
            yield inner, part
        elif isinstance(part, Mapping):
            if words_of(name) in LISTS and _is_by_field(part):
                yield inner, part
            yield from _lists(part, inner)


def _is_by_field(value: Any) -> bool:
    """Return whether an object has made-up names, as one whose names are those of the invalid fields."""
    return isinstance(value, Mapping) and bool(value) and all(name == f"key{n}" for n, name in enumerate(value, 1))


def _edits(node: Any, place: Place, text: str, faults: list[Violation], status: int) -> Iterator[Edit]:
    """Yield the changes of a body, each a place and a value."""
    if len(place) > MAX_DEPTH:
        return
    if isinstance(node, list):
        is_each = len(node) == len(faults)
        for number, part in enumerate(node):
            own = [faults[number]] if is_each else faults
            reason = own[0].message if is_each else text
            if isinstance(part, str) and (not place or words_of(str(place[-1])) in LISTS):
                yield (*place, number), reason
            else:
                yield from _edits(part, (*place, number), reason, own, status)
        return
    if not isinstance(node, Mapping):
        return
    yield from _object_edits(node, place, text, faults, status)
    for name, part in node.items():
        if isinstance(part, Mapping | list) and not _is_by_fault(part, faults):
            yield from _edits(part, (*place, name), text, faults, status)


def _is_by_fault(part: Any, faults: list[Violation]) -> bool:
    return isinstance(part, Mapping) and bool(part) and set(part) == {_field(each) for each in faults}


def _object_edits(
    node: Mapping[str, Any], place: Place, text: str, faults: list[Violation], status: int
) -> Iterator[Edit]:
    by_words = {words_of(name): name for name in reversed([*node])}
    texts = [by_words[words] for words in TEXTS if words in by_words and isinstance(node[by_words[words]], str)]
    if texts:
        yield (*place, texts[0]), text
    for words in PHRASES:
        name = by_words.get(words)
        if name in texts[1:] and (words == "title" or " " in f"{node[name]}"):
            yield (*place, name), phrase_of(status)
    if "title" in by_words and by_words.get("type") and str(node["type"]).startswith("https://example.com/"):
        yield (*place, "type"), "about:blank"  # of RFC 9457: no more than the status says
    yield from _status_edits(node, by_words, place, status)
    for words, flag in FLAGS.items():
        if isinstance(_member(node, by_words, words), bool):
            yield (*place, by_words[words]), flag
    for words in LISTS:
        name = by_words.get(words)
        if name is not None and node[name] in ({}, []):
            yield (*place, name), [text]
    yield from _field_edits(by_words, node, place, faults[0])
    if place and isinstance(place[-1], int) and faults[0].path and texts:
        yield from _entry_edits(by_words, node, place, faults[0])


def _member(node: Mapping[str, Any], by_words: Mapping[str, str], words: str) -> Any:
    """Return the member whose name has these words, or ``None``; some documents have one of an empty name."""
    return node[by_words[words]] if words in by_words else None


def _status_edits(node: Mapping[str, Any], by_words: Mapping[str, str], place: Place, status: int) -> Iterator[Edit]:
    for words in STATUSES:
        value = _member(node, by_words, words)
        if isinstance(value, int) and not isinstance(value, bool):
            yield (*place, by_words[words]), status
        elif isinstance(value, str) and words not in ("code", "error code"):
            yield (*place, by_words[words]), f"{status}"


def _field_edits(
    by_words: Mapping[str, str], node: Mapping[str, Any], place: Place, fault: Violation
) -> Iterator[Edit]:
    """Yield the names and places of an invalid field; without one the members stay as they are."""
    if not fault.path:
        return
    is_in_body = fault.where == "body"
    for words in FIELDS:
        if "pointer" in by_words and is_in_body:
            break
        if isinstance(_member(node, by_words, words), str):
            yield (*place, by_words[words]), _field(fault)
    if {"pointer", "parameter"} <= by_words.keys():  # of JSON:API, which has one of both
        yield (*place, by_words["parameter" if is_in_body else "pointer"]), LEFT_OUT
    for words in PLACES:
        name = by_words.get(words)
        if name is None or (words == "pointer" and not is_in_body):
            continue
        if isinstance(node.get(name), list):
            yield (*place, name), [fault.where, *map(unescape, fault.path.strip("/").split("/"))]
        elif isinstance(node.get(name), str):
            pointer = words in ("pointer", "json pointer", "instance path")
            yield (*place, name), fault.path if pointer and is_in_body else fault.path.strip("/").replace("/", ".")


def _entry_edits(
    by_words: Mapping[str, str], node: Mapping[str, Any], place: Place, fault: Violation
) -> Iterator[Edit]:
    """Yield the changes of an entry of a list that only such entries have: the field's name, and the rule."""
    if isinstance(_member(node, by_words, "name"), str):
        yield (*place, by_words["name"]), _field(fault)
    if isinstance(_member(node, by_words, "type"), str) and by_words.keys() & {"loc", "location", *FIELDS}:
        yield (*place, by_words["type"]), fault.rule


def _field(fault: Violation) -> str:
    return fault.path.strip("/").replace("/", ".") if fault.where == "body" else fault.path


def _put(body: Any, place: Place, value: Any) -> Any:
    """Return a body with a value at a place."""
    if not place:
        return value
    name, *rest = place
    if isinstance(body, list):
        return [_put(part, tuple(rest), value) if n == name else part for n, part in enumerate(body)]
    if not rest and value is LEFT_OUT:
        return {each: part for each, part in body.items() if each != name}
    return {**body, name: _put(body[name], tuple(rest), value)}
