"""Pages that compare two worlds, and one record in both."""

from difflib import SequenceMatcher
from typing import Any

from flask import Flask, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from understudy.console.control import ControlClient, ControlRefused
from understudy.console.json_markup import json_text
from understudy.console.paths import CONSOLE
from understudy.console.services import Services

LISTED, PER_PAGE = 10, 50
"""Numbers of records listed of each collection, and of the only one."""

MAX_LINES = 2_000
"""Number of lines of a record up to which they are compared one by one."""

CONTEXT = 3
"""Number of equal lines shown around a change."""

Line = tuple[str, str]
"""Kind of a line (``same``, ``removed``, ``added`` or ``gap``) and its text."""


def add_comparison(app: Flask, services: Services) -> None:
    """Add the choice of a second world, and the comparison."""
    control = services.control

    @app.get(f"{CONSOLE}/worlds/<name>/compare")
    def compare_choice(name: str) -> str | Response:
        """Lead to the comparison with the chosen world, or show the choice."""
        other = request.args.get("other", "").strip()
        if other:
            return redirect(url_for("comparison", name=name, other=other))
        g.world = name
        found = control.call("get_world", world=name)
        return render_template("compare_choice.html", found=found)

    @app.get(f"{CONSOLE}/worlds/<name>/compare/<other>")
    def comparison(name: str, other: str) -> str:
        """Show the collections in which two worlds differ, or one record in both."""
        g.world = name
        vendor, collection, key = (request.args.get(each) or None for each in ("vendor", "collection", "key"))
        if vendor and collection and key is not None:
            lines = record_lines(*(_record(control, each, vendor, collection, key) for each in (name, other)))
            return render_template(
                "record_comparison.html", name=name, other=other, vendor=vendor, collection=collection, key=key,
                lines=lines,
            )  # fmt: skip
        offset = max(request.args.get("offset", 0, int), 0)
        limit = PER_PAGE if collection else LISTED
        chosen = {"vendor": vendor, "collection": collection, "offset": offset, "limit": limit}
        found = control.call("compare_worlds", world=name, other=other, **chosen)
        return render_template("comparison.html", found=found, **chosen)


def _record(control: ControlClient, world: str, vendor: str, collection: str, key: str) -> Any:
    """Return a record, or ``None`` if the world does not have it."""
    try:
        return control.call("get_record", world=world, vendor=vendor, collection=collection, key=key)
    except ControlRefused as refused:
        if refused.status != 404:
            raise
        control.call("list_records", world=world, vendor=vendor, collection=collection, limit=1)  # is it there at all?
        return None


def record_lines(before: Any, after: Any) -> list[Line]:
    """Return the lines of a record in two worlds with their kinds; long stretches of equal lines are left out."""
    old, new = ([] if each is None else json_text(each).splitlines() for each in (before, after))
    if len(old) + len(new) > MAX_LINES:
        return [("removed", line) for line in old] + [("added", line) for line in new]
    found: list[Line] = []
    one, two = ([line.rstrip(",") for line in lines] for lines in (old, new))  # the last member has no comma
    codes = SequenceMatcher(a=one, b=two, autojunk=False).get_opcodes()
    for tag, start, stop, new_start, new_stop in codes:
        if tag == "equal":
            found += _shortened([("same", line) for line in new[new_start:new_stop]], start == 0, stop == len(old))
        else:
            found += [("removed", line) for line in old[start:stop]]
            found += [("added", line) for line in new[new_start:new_stop]]
    return found


def _shortened(lines: list[Line], is_first: bool, is_last: bool) -> list[Line]:  # noqa: FBT001 - of one caller
    """Return equal lines, those that are far from a change replaced by one that counts them."""
    before = 0 if is_first else CONTEXT
    after = 0 if is_last else CONTEXT
    hidden = len(lines) - before - after
    if hidden < CONTEXT:
        return lines
    return [*lines[:before], ("gap", f"{hidden} equal lines"), *lines[len(lines) - after :]]
