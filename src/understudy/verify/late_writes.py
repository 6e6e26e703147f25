"""Writes that arrive late: what a request did not reach just after its creation is reached a moment later."""

from urllib.parse import quote

from understudy.contract.compiled_operations import Operation
from understudy.state.journal import Exchange
from understudy.verify.changed_bodies import new_texts
from understudy.verify.credentials import NO_CREDENTIALS
from understudy.verify.http_sender import NoAnswer
from understudy.verify.observer import json_of
from understudy.verify.prober import Prober, headers_of

PATIENCE = (0.2, 0.8, 2.0)
"""Seconds to wait for a write that cannot be read, one after another."""


def is_late(prober: Prober, create: Operation, created: Exchange, missed: Exchange) -> bool:
    """Return whether a missed item is there by now, or another one like it a moment after its creation."""
    try:
        if prober.repeat(missed, prober.subject.credentials).status < 400:
            return True
        again = _create_again(prober, create, created)
        path = _path_of(again, created, missed)
        for seconds in PATIENCE if path else ():
            prober.gate.stop.wait(seconds)
            if prober.repeat(missed._replace(path=path), prober.subject.credentials).status < 400:
                return True
    except NoAnswer:
        pass
    return False


def _create_again(prober: Prober, create: Operation, created: Exchange) -> Exchange:
    headers, query = headers_of(created), created.query.decode("latin-1")
    target = prober.subject.path_below(created.path) + (f"?{query}" if query else "")
    body = new_texts(create, created.request_body, headers, next(prober.numbers))
    return prober.send(created.method, target, headers, body, NO_CREDENTIALS)


def _path_of(again: Exchange, created: Exchange, missed: Exchange) -> bytes:
    """Return the path of a missed item with the id of another one; empty if no id is in the reply."""
    members, segments = json_of(again.response_body), missed.path.split(b"/")
    for name, value in json_of(created.response_body).items():
        text = quote(str(value), safe="").encode()
        if text in segments and again.status < 300 and isinstance(members.get(name), str | int):
            new = quote(str(members[name]), safe="").encode()
            return b"/".join(new if segment == text else segment for segment in segments)
    return b""
