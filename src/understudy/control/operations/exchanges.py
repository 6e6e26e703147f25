"""Exchanges of a world: browsed from the newest on, one with its checks, as HAR and as code."""

from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.control.control_state import ControlState
from understudy.control.exchange_code import write_code
from understudy.control.exchange_search import ExchangeSearch
from understudy.control.exchanges import RedactedExchange
from understudy.control.journal_exports import write_har
from understudy.control.pattern_checks import check_query
from understudy.control.record_links import RecordLink, links_from
from understudy.control.request_checks import request_checks
from understudy.control.secrets import NOTHING_SECRET
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.steps import Steps

MAX_SEARCHED = 5000
"""Number of exchanges that one call looks through."""

MAX_LINKS = 50
"""Number of records that an exchange is shown to be about."""


def browse_exchanges(state: ControlState, world: str, **query: Any) -> Steps[Reply]:
    """Return the newest exchanges that fit, the newest first, and the number before which to go on, if there are more.

    A call looks through ``MAX_SEARCHED`` exchanges at most, so that it takes no long time if few fit.
    """
    journal = state.world(world).journal
    pattern = {name: value for name, value in query.items() if value not in (None, "")}
    check_query(state.vendors, {name: pattern.get(name) for name in ("vendor", "operation", "status", "outcome")})
    search, found, more = ExchangeSearch(pattern), list[Json](), dict[str, int]()
    after, last = query["after"] or 0, journal.last_number
    for searched, (number, exchange) in enumerate(journal.backwards(query["before"] or last + 1)):
        if number <= after:
            break
        if searched == MAX_SEARCHED or len(found) == query["limit"]:
            more = {"next": number + 1}
            break
        call = RedactedExchange(number, exchange, state.secrets(exchange.vendor, exchange.operation))
        if (yield from search.fits(call)):
            found.append(call.summary())
        yield
    return Reply({"newest": last, "exchanges": found, **more})


def get_exchange(state: ControlState, world: str, number: int, *, reveal: bool) -> Steps[Reply]:
    """Return one exchange, with the checks that it went through and the records that it is about."""
    call = yield from _call(state, world, number, reveals=reveal)
    operation = _operation(state, call)
    links = _links(state, world, call)
    more = {
        "checks": request_checks(call, operation),
        "rules": _rules(call, operation),
        "records": [link._asdict() for link in links],
    }
    return Reply({**call.to_json(), **more})


def export_exchange(state: ControlState, world: str, number: int, *, reveal: bool) -> Steps[Reply]:
    """Return one exchange as an HTTP archive."""
    call = yield from _call(state, world, number, reveals=reveal)
    return Reply(write_har([call], state.version))


def write_exchange_code(state: ControlState, world: str, number: int, form: str, *, reveal: bool) -> Steps[Reply]:
    """Return one exchange as code: a curl command, an assertion or a fixture for pytest, or records of a scenario."""
    call = yield from _call(state, world, number, reveals=reveal)
    return Reply(write_code(form, call, state.world(world), _links(state, world, call)))


def _call(state: ControlState, world: str, number: int, *, reveals: bool) -> Steps[RedactedExchange]:
    exchange = state.world(world).journal.find(number)
    if exchange is None:
        raise Refused(404, f"the journal of {world} has no exchange {number}")
    secrets = NOTHING_SECRET if reveals else state.secrets(exchange.vendor, exchange.operation)
    call = RedactedExchange(number, exchange, secrets)
    yield from call.show_bodies()
    return call


def _operation(state: ControlState, call: RedactedExchange) -> Operation | None:
    return state.vendors[call.exchange.vendor].by_id.get(call.exchange.operation)


def _rules(call: RedactedExchange, operation: Operation | None) -> list[Json]:
    """Return the rules of an operation by which an exchange may have been refused: those of its status."""
    if operation is None or call.outcome != "rule":
        return []
    return [{"rule": each["rule"]} for each in operation.rules if each.get("status") == call.exchange.status]


def _links(state: ControlState, world: str, call: RedactedExchange) -> list[RecordLink]:
    """Return the links from the shown parts of an exchange to records, the answer's first; one for each record."""
    collections = state.world(world).vendors[call.exchange.vendor].collections
    path = call.target.partition("?")[0].split("/")
    shown = {"response": call.response_value(), "request": call.request_value(), "path": path, "query": call.query}
    found: dict[tuple[str, str], RecordLink] = {}
    for link in links_from(collections, shown):
        found.setdefault((link.collection, link.key), link)
        if len(found) == MAX_LINKS:
            break
    return list(found.values())
