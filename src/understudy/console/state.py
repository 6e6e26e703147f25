"""Pages ``state``: the collections of a world, their records, and one record with what it refers to."""

from typing import Any
from urllib.parse import quote

from flask import Flask, g, redirect, render_template, request, url_for

from understudy.console.control import ControlRefused
from understudy.console.json_markup import json_text
from understudy.console.marked_json import is_cut, marked_json
from understudy.console.paths import CONSOLE
from understudy.console.record_views import Fixtures, find_columns, read_record, row_of
from understudy.console.services import Services
from understudy.core.json_types import Json
from understudy.core.world_names import WORLD_NAME

PAGE = 50
LINKS = 10
HISTORY = 20
MAX_OFFSET = 100_000_000
MAX_DIGITS = len(str(MAX_OFFSET))


def add_state(app: Flask, services: Services) -> None:
    """Add the pages of records."""

    @app.get(f"{CONSOLE}/state")
    def state() -> str:
        """Show the collections of every vendor, those whose names have a text."""
        text = request.args.get("text", "").strip()
        try:
            every, refused = services.control.call("list_collections", world=g.world), None
        except ControlRefused as error:
            if error.status != 404:
                raise
            every, refused = [], error
        by_vendor: dict[str, list[Json]] = {}
        for each in every:
            if text.lower() in f"{each['vendor']} {each['name']}".lower():
                by_vendor.setdefault(each["vendor"], []).append(each)
        return render_template("state.html", by_vendor=by_vendor, refused=refused, text=text)

    @app.get(f"{CONSOLE}/state/<world>/<vendor>/<collection>")
    def records(world: str, vendor: str, collection: str) -> str:
        """Show a stretch of the records of a collection, those that have a text."""
        _choose_world(world)
        text, offset = request.args.get("text", "").strip(), _offset()
        place: dict[str, Any] = {"world": world, "vendor": vendor, "collection": collection}
        found = services.control.call("list_records", **place, offset=offset, limit=PAGE, text=text or None)
        key = _key_name(services, world, vendor, collection)
        columns = find_columns(found["records"], key)
        return render_template(
            "records.html",
            **place,
            found=found,
            text=text,
            key_name=key,
            columns=columns,
            rows=[(str(each.get(key, "")), row_of(each, columns)) for each in found["records"]],
            download=f"{CONSOLE}/download/" + "/".join(quote(part, safe="") for part in place.values()),
        )

    @app.get(f"{CONSOLE}/state/<world>/<vendor>/<collection>/record")
    def record(world: str, vendor: str, collection: str) -> str:
        """Show one record, named by its key in the query."""
        _choose_world(world)
        key = request.args.get("key", "")
        place: dict[str, Any] = {"world": world, "vendor": vendor, "collection": collection}
        found = services.control.call("get_record", **place, key=key)
        return _show_record(place, key, found, json_text(found))

    @app.get(f"{CONSOLE}/state/<world>/<vendor>/<collection>/new")
    def new_record(world: str, vendor: str, collection: str) -> str:
        """Show the form of a new record, filled with a copy of another."""
        _choose_world(world)
        place: dict[str, Any] = {"world": world, "vendor": vendor, "collection": collection}
        models = services.control.call("list_records", **place, limit=1)["records"]
        text = json_text(models[0] if models else {_key_name(services, world, vendor, collection): ""})
        return render_template("record_new.html", **place, text=text, refused=None)

    _add_parts(app, services)
    _add_actions(app, services)


def _add_parts(app: Flask, services: Services) -> None:
    """Add the parts of a record's page that are loaded after it."""

    @app.get(f"{CONSOLE}/state/<world>/<vendor>/<collection>/links")
    def record_links(world: str, vendor: str, collection: str) -> str:
        """Return the records that a record refers to, and those that refer to it."""
        _choose_world(world)
        place: dict[str, Any] = {
            "world": world,
            "vendor": vendor,
            "collection": collection,
            "key": request.args.get("key", ""),
        }
        found = services.control.call("list_links", **place, limit=LINKS)
        return render_template("record_links.html", **place, found=found)

    @app.get(f"{CONSOLE}/state/<world>/<vendor>/<collection>/history")
    def record_history(world: str, vendor: str, collection: str) -> str:
        """Return the last calls that mention a record."""
        _choose_world(world)
        key = request.args.get("key", "")
        found = services.control.call("browse_exchanges", world=world, vendor=vendor, mentions=key, limit=HISTORY)
        return render_template("record_history.html", found=found, key=key, vendor=vendor, collection=collection)


def _add_actions(app: Flask, services: Services) -> None:
    """Add the forms of a record: save and delete it."""

    @app.post(f"{CONSOLE}/state/<world>/<vendor>/<collection>/record")
    def save_record(world: str, vendor: str, collection: str) -> Any:
        """Store a record; show the refusal beside the form, with the text as it was typed."""
        _choose_world(world)
        key, text = request.args.get("key", ""), request.form.get("record", "")
        place: dict[str, Any] = {"world": world, "vendor": vendor, "collection": collection}
        try:
            services.control.call("put_record", read_record(text), **place, key=key)
        except ControlRefused as refused:
            found = services.control.call("get_record", **place, key=key)
            return _show_record(place, key, found, text, refused), refused.status
        return redirect(url_for("record", **place, key=key, saved=1), 303)

    @app.post(f"{CONSOLE}/state/<world>/<vendor>/<collection>/new")
    def add_record(world: str, vendor: str, collection: str) -> Any:
        """Store a new record under the key that it has; one whose key is taken is refused."""
        _choose_world(world)
        text = request.form.get("record", "")
        place: dict[str, Any] = {"world": world, "vendor": vendor, "collection": collection}
        try:
            made = read_record(text)
            key = _free_key(services, place, made)
            services.control.call("put_record", made, **place, key=key)
        except ControlRefused as refused:
            return render_template("record_new.html", **place, text=text, refused=refused), refused.status
        return redirect(url_for("record", **place, key=key, saved=1), 303)

    @app.post(f"{CONSOLE}/state/<world>/<vendor>/<collection>/delete")
    def remove_record(world: str, vendor: str, collection: str) -> Any:
        """Delete a record, and lead to its collection."""
        place: dict[str, Any] = {"world": world, "vendor": vendor, "collection": collection}
        key = request.args.get("key", "")
        services.control.call("delete_record", **place, key=key)
        return redirect(url_for("records", **place, deleted=key), 303)


def _free_key(services: Services, place: dict[str, Any], made: Json) -> str:
    """Return the key of a new record; raise ``ControlRefused`` if it has none, or one that is taken."""
    name = _key_name(services, **place)
    given = made.get(name)
    if given in (None, "") or isinstance(given, bool | dict | list):
        raise ControlRefused(422, f"the record needs its key, {name!r}, a text or a number")
    key = str(given)
    try:
        services.control.call("get_record", **place, key=key)
    except ControlRefused as refused:
        if refused.status == 404:
            return key
        raise
    raise ControlRefused(409, f"there is a record {key!r} already: edit it, or choose another key")


def _show_record(place: dict[str, Any], key: str, found: Json, text: str, refused: ControlRefused | None = None) -> str:
    vendor, collection = place["vendor"], place["collection"]
    return render_template(
        "record.html",
        **place,
        key=key,
        found=found,
        text=text,
        refused=refused,
        shown=marked_json(found, {}),
        fixtures=None if is_cut(found) else Fixtures.of(vendor, collection, key, found),
    )


def _key_name(services: Services, world: str, vendor: str, collection: str) -> str:
    """Return the name of the property that identifies a record of a collection."""
    collections = services.control.call("list_collections", world=world)
    return next(
        (str(each["key"]) for each in collections if (each["vendor"], each["name"]) == (vendor, collection)), "id"
    )


def _offset() -> int:
    text = request.args.get("offset", "") or "0"
    if not (text.isascii() and text.isdecimal()) or len(text) > MAX_DIGITS or int(text) > MAX_OFFSET:
        raise ControlRefused(400, f"offset={text[:50]} is no number of records")
    return int(text)


def _choose_world(name: str) -> None:
    """Have the page be about a world that its path names."""
    if WORLD_NAME.fullmatch(name):
        g.world = name
