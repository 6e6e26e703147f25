"""Reports on tests: the calls in their worlds, the findings of a verdict, and refusals that no test expected."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from inspect import signature
from typing import TYPE_CHECKING, Any

import pytest

from understudy.core.misconfigured import Misconfigured

if TYPE_CHECKING:  # importing it costs as much as a small suite
    from collections.abc import Iterable

    from understudy.client import Control, RemoteWorld, Verdict

SHOWN_CALLS, SHOWN_BODY, SHOWN_REFUSALS = 20, 300, 5
"""Limits of a failed test's report: numbers of calls and of refusals, and characters of a body."""

BARE_FAILURE = re.compile(r"^(assert False|False is not true|assert <Verdict )", re.MULTILINE)
"""Text of a failed assertion that shows nothing of the verdict which it was about."""

HeldWorld = tuple[str, "RemoteWorld"]
"""World with the name of its fixture."""

Sections = list[tuple[str, str]]
"""Titles and texts that are added to a report."""

worlds_key = pytest.StashKey[list[HeldWorld]]()
"""Worlds in use of a node, which is a test, a class, a module or the session, each with its fixture's name."""


def worlds_of(item: pytest.Item) -> list[RemoteWorld]:
    """Return the worlds that a test uses: its own, and those that it shares with other tests."""
    names = {*getattr(item, "fixturenames", ()), *_requested(item)}
    held = [(node, *entry) for node in item.listchain() for entry in node.stash.get(worlds_key, ())]
    found = [world for node, fixture, world in held if node is item or fixture in names]
    for world in found:
        found += world.forks  # and theirs, as the list grows
    return found


def _requested(item: pytest.Item) -> Iterable[str]:
    """Return the fixtures that a test has asked for so far, those by ``request.getfixturevalue`` included."""
    request = getattr(item, "_request", None)  # pytest has no public name for it
    return getattr(request, "_fixture_defs", ())


def expect_in_later_worlds(item: pytest.Item) -> None:
    """Fail a test that had no world before its call, and expected refusals, unless there were some in its worlds."""
    refused = [world for world in worlds_of(item) if world.refusals.unexpected()]
    for world in refused:
        world.refusals.excuse_all()
    if not refused:
        pytest.fail(
            "a refusal by the contract was expected, but no call was refused in a world of this test", pytrace=False
        )


def shared_worlds_of(item: pytest.Item) -> list[RemoteWorld]:
    """Return the worlds that a test shares with other tests, as far as they exist already."""
    own = [world for _, world in item.stash.get(worlds_key, ())]
    for world in own:
        own += world.forks
    return [world for world in worlds_of(item) if world not in own]


def call_sections(item: pytest.Item) -> Sections:
    """Return a title and a text for each world that a test uses: its last calls."""
    return [(f"calls in the world {world.name}", _print_calls(world)) for world in worlds_of(item)]


def _print_calls(world: RemoteWorld) -> str:
    """Return the last calls in a world as text, a paragraph each."""
    try:
        calls = world.read_journal(limit=SHOWN_CALLS)
    except Misconfigured as error:
        return str(error)
    missing = calls.dropped + calls.over_limit
    first = [f"({missing} earlier calls are not shown)"] if missing else []
    return "\n".join([*first, *map(call_lines, calls)]) or "none"


def call_lines(call: Any) -> str:
    """Return a call as text: status, method, target, operation, outcome and fault; then the bodies."""
    request, response = call["request"], call["response"]
    struck = f", struck by {call['fault']}" if call.get("fault") else ""
    operation = call["operation"] or "no operation"
    lines = [
        f"{response['status']} {request['method']} {request['target']}  ({operation}, {call['outcome']}{struck})",
        *(f"    {sign} {_shorten(body)}" for sign, body in ((">", request["body"]), ("<", response["body"])) if body),
    ]
    return "\n".join(lines)


def _shorten(body: Any) -> str:
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return text if len(text) <= SHOWN_BODY else f"{text[:SHOWN_BODY]} ... ({len(text)} characters)"


def failed_verdict(control: Control | None) -> Verdict | None:
    """Return the last verdict of a test, if it does not hold."""
    verdict = None if control is None else control.last_verdict
    return None if verdict else verdict


def add_findings(error: AssertionError, verdict: Verdict | None) -> None:
    """Put a verdict's findings before the text of an assertion that shows nothing but its falsehood."""
    text = str(error)
    if verdict is not None and (not text or BARE_FAILURE.search(text)):
        shown = "" if "<Verdict " in text else text
        error.args = (f"{verdict}\n{shown}".rstrip(),)


def find_forks(worlds: list[RemoteWorld]) -> None:
    """Add to worlds their forks that the tested program has made; a world that is deleted has none."""
    for world in worlds:
        with suppress(Misconfigured):
            world.find_forks()


def unrouted_line(call: Any) -> str:
    """Return an unrouted call as text: status, method and target."""
    return f"{call['status']} {call['method'] or 'malformed:'} {call['target']}  (no operation, unrouted)"


def refusals_text(item: pytest.Item, strays: list[Any]) -> str:
    """Return a text on the calls of a test that the contract refused and it did not expect; empty for none.

    ``strays`` are those that named none of its worlds.
    """
    found: list[str] = []
    vendors: list[str] = []
    for world in worlds_of(item):
        try:
            unrouted = world.refusals.unexpected_unrouted()
            number = world.refusals.unexpected()
            calls = world.refusals.unexpected_calls()[-SHOWN_REFUSALS:] if number else []
        except Misconfigured:  # the test has deleted the world
            continue
        if number:
            world.refusals.excuse_all()  # reported once, and not to the next test that shares the world
            shown = {call["number"] for call in world.read_journal(limit=SHOWN_CALLS)}  # by the section of its calls
            title = f"the contract refused {number} {'call' if number == 1 else 'calls'} in the world {world.name}"
            lines = [call_lines(call) for call in calls if call["number"] not in shown]
            found.append("\n".join([title, *lines, *map(unrouted_line, unrouted[-SHOWN_REFUSALS:])]))
            vendors += [str(call["vendor"]) for call in calls]
    if strays:
        title = f"{len(strays)} {'call' if len(strays) == 1 else 'calls'} reached the server and no world"
        found.append("\n".join([title, *map(unrouted_line, strays[-SHOWN_REFUSALS:])]))
    if found:
        found.append(f"expect them: {_advice(item, vendors)}@pytest.mark.understudy(strict=False)")
    return "\n".join(found)


def _advice(item: pytest.Item, vendors: list[str]) -> str:
    """Return the statement that expects refusals, by a name that the test has: the world's, or a refusing vendor's."""
    names = signature(item.function).parameters if isinstance(item, pytest.Function) else ()
    name = next((each for each in ("understudy", *vendors) if each in names), "")
    return f"with {name}.expect_refusals(): ... or " if name else ""
