"""Pages of worlds: list, make, copy, reset, delete, snapshots."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Flask, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from understudy.console.access import UNSAFE_TARGET
from understudy.console.control import ControlClient, ControlRefused
from understudy.console.form_values import as_number, as_utc, filled
from understudy.console.paths import CONSOLE
from understudy.console.services import Services
from understudy.control.operations.worlds import TOTAL
from understudy.core.world_names import WORLD_NAME

PER_PAGE = 50
MAX_NAME_LENGTH = 64
MAX_SNAPSHOT_BYTES = 2**31
Answer = str | tuple[str, int] | Response


def add_worlds(app: Flask, services: Services) -> None:
    """Add the list of worlds, the page of each, and what can be done with them."""
    control = services.control
    _add_list(app, control)
    _add_world(app, control)
    _add_snapshots(app, control)


def _add_list(app: Flask, control: ControlClient) -> None:
    def show(refused: ControlRefused | None = None, form: Mapping[str, str] | None = None) -> str:
        text, offset = request.args.get("contains", "")[:MAX_NAME_LENGTH], request.args.get("offset", 0, int)
        found, total = some_worlds(control, text, offset=max(offset, 0), limit=PER_PAGE)
        return render_template(
            "worlds.html",
            worlds=found,
            total=total,
            contains=text,
            offset=max(offset, 0),
            per_page=PER_PAGE,
            scenarios=control.call("list_scenarios"),
            snapshots=control.call("list_snapshots"),
            refused=refused,
            form=form or {},
        )

    @app.get(f"{CONSOLE}/worlds")
    def worlds() -> str:
        """Show the worlds in parts, and a form for a new one."""
        return show()

    @app.post(f"{CONSOLE}/worlds")
    def create_world() -> Answer:
        """Make a world, and lead to it."""
        try:
            made = control.call("create_world", new_world(request.form))
        except ControlRefused as refused:
            return show(refused, request.form), refused.status
        target = request.form.get("next", "")
        own = target if target.startswith(f"{CONSOLE}/") and not UNSAFE_TARGET.search(target) else ""
        return redirect(own or url_for("world", name=made["name"]), 303)


def _add_world(app: Flask, control: ControlClient) -> None:
    @app.get(f"{CONSOLE}/worlds/<name>")
    def world(name: str) -> Answer:
        """Show a world."""
        chosen = request.args.get("world", name)
        if chosen != name and WORLD_NAME.fullmatch(chosen):
            return redirect(url_for("world", name=chosen))  # another one is chosen in the header
        return show_world(control, name)

    @app.post(f"{CONSOLE}/worlds/<name>/fork")
    def fork_world(name: str) -> Answer:
        """Copy a world, and lead to the copy."""
        try:
            made = control.call("fork_world", {"name": request.form.get("name", "").strip()}, world=name)
        except ControlRefused as refused:
            return show_world(control, name, refused)
        return redirect(url_for("world", name=made["name"]), 303)

    @app.post(f"{CONSOLE}/worlds/<name>/reset")
    def reset_world(name: str) -> Answer:
        """Reset a world."""
        control.call("reset_world", world=name, clear_journal="clear_journal" in request.form)
        return redirect(url_for("world", name=name), 303)

    @app.post(f"{CONSOLE}/worlds/<name>/delete")
    def delete_world(name: str) -> Answer:
        """Delete a world, and lead to the list."""
        control.call("delete_world", world=name)
        return redirect(url_for("worlds"), 303)


def _add_snapshots(app: Flask, control: ControlClient) -> None:
    @app.get(f"{CONSOLE}/worlds/<name>/snapshot")
    def download_world(name: str) -> Response:
        """Send a snapshot of a world as a file."""
        return as_file(control.answer("take_snapshot", world=name).body, f"{name}.json")

    @app.post(f"{CONSOLE}/worlds/<name>/restore")
    def restore_world(name: str) -> Answer:
        """Restore a world from a file, or from a snapshot that is kept."""
        request.max_content_length = MAX_SNAPSHOT_BYTES  # of a script's request; a form's token is in its limited body
        try:
            _restore(control, name)
        except ControlRefused as refused:
            return show_world(control, name, refused)
        return redirect(url_for("world", name=name), 303)

    @app.post(f"{CONSOLE}/worlds/<name>/keep")
    def keep_snapshot(name: str) -> Answer:
        """Keep a snapshot of a world."""
        try:
            control.call("keep_snapshot", {"world": name}, snapshot=request.form.get("snapshot", "").strip() or "-")
        except ControlRefused as refused:
            return show_world(control, name, refused)
        return redirect(url_for("world", name=name, _anchor="snapshots"), 303)

    @app.get(f"{CONSOLE}/snapshots/<name>")
    def download_snapshot(name: str) -> Response:
        """Send a kept snapshot as a file."""
        return as_file(control.answer("get_snapshot", snapshot=name).body, f"{name}.json")

    @app.post(f"{CONSOLE}/snapshots/<name>/drop")
    def drop_snapshot(name: str) -> Response:
        """Drop a kept snapshot."""
        control.call("drop_snapshot", snapshot=name)
        return redirect(url_for("worlds", _anchor="snapshots"), 303)


def show_world(control: ControlClient, name: str, refused: ControlRefused | None = None) -> Answer:
    """Return the page of a world, with a refusal of what was asked of it."""
    g.world = name
    try:
        found = control.call("get_world", world=name)
    except ControlRefused as unknown:
        return no_world(unknown)
    counts: dict[str, dict[str, int]] = {}
    for each in control.call("list_collections", world=name):
        counts.setdefault(each["vendor"], {})[each["name"]] = each["records"]
    text = render_template(
        "world.html",
        found=found,
        collections=counts,
        snapshots=control.call("list_snapshots"),
        refused=refused,
        form=request.form,
    )
    return (text, refused.status) if refused else text


def _restore(control: ControlClient, name: str) -> None:
    kept, file = request.form.get("snapshot", ""), request.files.get("file")
    if kept:
        control.call("restore_snapshot", world=name, snapshot=kept)
    elif file is not None and file.filename:
        control.answer("restore_world", file.read(), world=name)
    else:
        raise ControlRefused(422, "choose a file or a snapshot")


def no_world(refused: ControlRefused) -> tuple[str, int]:
    """Return the page for a world that is not in use, with a button that makes it; raise any other refusal."""
    if refused.status != 404:
        raise refused
    return render_template("no_world.html", refused=refused), 404


def some_worlds(control: ControlClient, text: str, *, offset: int = 0, limit: int) -> tuple[list[Any], int]:
    """Return some of the worlds whose name contains a text, and how many there are."""
    answer = control.answer("list_worlds", name=text, offset=offset, limit=limit)
    return orjson.loads(answer.body), int(answer.header(TOTAL))


def new_world(form: Mapping[str, str]) -> dict[str, Any]:
    """Return the body of the request for a new world; ``origin`` is ``scenario:NAME``, ``world:NAME`` or the like."""
    given: dict[str, Any] = filled(form, "name", "seed")
    if "seed" in given:
        given["seed"] = as_number(given["seed"])
    kind, sign, origin = form.get("origin", "").partition(":")
    if sign:
        given["from"] = {kind: origin}
    clock: dict[str, Any] = {name: as_utc(text) for name, text in filled(form, "now").items()}
    if form.get("frozen"):
        clock["rate"] = 0
    return given | ({"clock": clock} if clock else {})


def as_file(body: bytes, name: str) -> Response:
    """Return a JSON document as a download."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}  # a world's name has no quote in it
    return Response(body, headers=headers, mimetype="application/json")
