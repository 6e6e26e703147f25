"""Page of a world's clock: its time, freeze, jump, rate, and what falls due by it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, g, redirect, render_template, request
from werkzeug.wrappers import Response

from understudy.console.control import ControlClient, ControlRefused
from understudy.console.form_values import as_local, as_number, as_utc, filled
from understudy.console.paths import CONSOLE
from understudy.console.services import Services
from understudy.console.templating import page_url
from understudy.console.worlds import Answer, no_world
from understudy.core.json_types import Json
from understudy.core.timestamps import iso_microseconds

JUMPS = (
    ("1 minute", "minutes", 1),
    ("1 hour", "hours", 1),
    ("1 day", "days", 1),
    ("1 week", "days", 7),
    ("30 days", "days", 30),
    ("1 year", "days", 365),
)
"""Offered jumps: text, unit, number."""

UNITS = ("days", "hours", "minutes", "seconds")
AHEAD = ((1, "the next day"), (7, "the next week"), (30, "the next 30 days"), (365, "the next year"))
"""Spans for which the page shows what falls due: days, text."""

LISTED = 200


def add_clock(app: Flask, services: Services) -> None:
    """Add the page of the clock."""
    control = services.control

    def show(refused: ControlRefused | None = None, fell_due: Mapping[str, Any] | None = None) -> Answer:
        days = request.args.get("days", 30, int)
        days = days if days in dict(AHEAD) else 30
        try:
            clock = control.call("get_clock", world=g.world)
        except ControlRefused as unknown:
            return no_world(unknown)
        text = render_template(
            "clock.html",
            clock=clock,
            local=as_local(clock["now"]),
            jumps=JUMPS,
            units=UNITS,
            ahead=AHEAD,
            days=days,
            span=dict(AHEAD)[days],
            coming=_due(control, clock["now"], _later(clock["now"], days)),
            sent=control.call("list_sent", world=g.world, limit=LISTED)[::-1],
            limit=LISTED,
            fell_due=fell_due,
            refused=refused,
            form=request.form,
        )
        return (text, refused.status) if refused else text

    @app.get(f"{CONSOLE}/clock")
    def clock() -> Answer:
        """Show the clock, what falls due, and what was sent."""
        return show()

    @app.post(f"{CONSOLE}/clock/move")
    def move_clock() -> Answer:
        """Move the clock by a span or to a time, and show what fell due by it."""
        try:
            before, until = control.call("get_clock", world=g.world), _target(control, request.form)
            found = _due(control, before["now"], until) if until > before["now"] else []
            after = _move(control, request.form)
        except ControlRefused as refused:
            return show(refused)
        return show(fell_due={"since": before["now"], "until": after["now"], "found": found})

    @app.post(f"{CONSOLE}/clock/rate")
    def set_rate() -> Answer:
        """Freeze the clock or set its rate."""
        try:
            control.call("set_clock", {"rate": as_number(request.form.get("rate", "").strip())}, world=g.world)
        except ControlRefused as refused:
            return show(refused)
        return redirect(page_url("clock"), 303)

    @app.post(f"{CONSOLE}/clock/follow")
    def follow_clock() -> Response:
        """Have the clock follow the machine's."""
        control.call("follow_clock", world=g.world)
        return redirect(page_url("clock"), 303)


def _span(form: Mapping[str, str]) -> dict[str, Any]:
    """Return the span by which the clock is to be moved; empty if a time is given."""
    return {name: as_number(text) for name, text in filled(form, *UNITS).items()}


def _target(control: ControlClient, form: Mapping[str, str]) -> str:
    """Return the time to which the clock is to be moved; an earlier one if that is not yet known to be valid."""
    now = str(control.call("get_clock", world=g.world)["now"])
    span = _span(form)
    try:
        if span:
            return iso_microseconds(datetime.fromisoformat(now) + timedelta(**span))
        return iso_microseconds(datetime.fromisoformat(as_utc(form.get("now", "").strip())))
    except (ValueError, TypeError, OverflowError):
        return ""  # the control API refuses it in a moment


def _move(control: ControlClient, form: Mapping[str, str]) -> Json:
    span = _span(form)
    if span:
        return dict(control.call("move_clock", span, world=g.world))
    return dict(control.call("set_clock", {"now": as_utc(form.get("now", "").strip())}, world=g.world))


def _later(now: str, days: int) -> str:
    return iso_microseconds(datetime.fromisoformat(now) + timedelta(days=days))


def _due(control: ControlClient, since: str, until: str) -> list[Json]:
    """Return what falls due in a span; nothing if its end is out of range."""
    try:
        return list(control.call("list_due", world=g.world, since=since, until=until, limit=LISTED))
    except ControlRefused as refused:
        if refused.status != 422:
            raise
        return []
