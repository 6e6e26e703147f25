"""JSON as HTML in which places are marked, each with a note; all of it is escaped."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
from markupsafe import Markup

from understudy.console.json_markup import json_markup, json_text, text_markup
from understudy.core.json_pointer import escape

Notes = Mapping[str, Sequence[str]]
"""Notes by the place that each is about, a JSON pointer."""

MAX_SHOWN = 60_000
"""Characters of a value up to which it is shown whole."""


def marked_json(value: Any, notes: Notes) -> Markup:
    """Return a JSON value as indented text with these places marked; a missing member is shown where it would be.

    A large value is shown without marks, or cut.
    """
    text = json_text(value)
    if len(text) > MAX_SHOWN:
        return text_markup(text[:MAX_SHOWN]) + Markup("\n…")
    if not notes:
        return json_markup(value)
    return Markup("\n").join(_lines(value, "", "", "", "", notes))


def is_cut(value: Any) -> bool:
    """Return whether ``marked_json`` shows the beginning of a value only."""
    return len(json_text(value)) > MAX_SHOWN


def _lines(value: Any, path: str, indent: str, before: str, after: str, notes: Notes) -> Iterator[Markup]:
    """Yield the lines of a value; ``before`` is the name before it, ``after`` the comma behind it."""
    members = _members(value, path, notes)
    if members is None:
        yield _line(indent, before, orjson.dumps(value).decode() + after, notes.get(path, ()))
        return
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    yield _line(indent, before, opening, notes.get(path, ()))
    for position, (place, name, part, is_missing) in enumerate(members):
        comma = "," if position < len(members) - 1 else ""
        if is_missing:
            yield _line(indent + "  ", name, "…", notes[place], "missing")
        else:
            yield from _lines(part, place, indent + "  ", name, comma, notes)
    yield _line(indent, "", closing + after, ())


def _members(value: Any, path: str, notes: Notes) -> list[tuple[str, str, Any, bool]] | None:
    """Return the members or items of a value, and those that notes miss in it; ``None`` for a plain value."""
    if isinstance(value, list) and value:
        return [(f"{path}/{number}", "", part, False) for number, part in enumerate(value)]
    if not isinstance(value, dict):
        return None
    found = [(f"{path}/{escape(name)}", f"{_quoted(name)}: ", part, False) for name, part in value.items()]
    places = {place for place, *_ in found}
    missing = [place for place in notes if place not in places and place.rpartition("/")[0] == path and place]
    made = [(place, f"{_quoted(_name(place))}: ", None, True) for place in missing]
    return [*made, *found] or None


def _line(indent: str, before: str, text: str, notes: Sequence[str], kind: str = "wrong") -> Markup:
    shown = text_markup(before + text)
    if not notes:
        return Markup("{}{}").format(indent, shown)
    line = Markup('{}<mark class="{}">{}</mark>').format(indent, kind, shown)
    return line + Markup("").join(Markup(' <span class="note">{}</span>').format(note) for note in notes)


def _quoted(name: str) -> str:
    return orjson.dumps(name).decode()


def _name(place: str) -> str:
    return place.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
