"""Recorded calls held against two versions of a document: which of them the new one breaks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from understudy.changes.change import Change, Effect
from understudy.changes.document_changes import Version
from understudy.contract.compiled_operations import Operation
from understudy.state.journal import Exchange
from understudy.traffic.exchange_check import ExchangeChecker, ExchangeFinding


@dataclass(frozen=True, slots=True)
class BrokenCall:
    """Recorded call that the new version breaks.

    ``reasons`` are what it refuses in the request, and the breaking changes of what the call was answered.
    """

    exchange: Exchange
    operation: str
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class CallReport:
    """Recorded calls by what became of them: ``broken``, ``kept`` (their number), and those of no operation."""

    broken: Sequence[BrokenCall]
    kept: int
    unknown: Sequence[Exchange]


def check_calls(exchanges: Iterable[Exchange], old: Version, new: Version, changes: Sequence[Change]) -> CallReport:
    """Return which recorded calls the new version breaks; those that the old one did not know are set apart."""
    checkers = ExchangeChecker(old.document, old.operations), ExchangeChecker(new.document, new.operations)
    broken: list[BrokenCall] = []
    unknown: list[Exchange] = []
    kept = 0
    for exchange in exchanges:
        path = path_below(exchange, old)
        found = None if path is None else checkers[0].find(exchange.method, path)
        if path is None or found is None:
            unknown.append(exchange)
            continue
        reasons = [*_refusals(exchange, path, checkers), *_reading(exchange, found.operation, changes)]
        reasons[:0] = [each.message for each in changes if each.rule == "servers"]
        if reasons:
            broken.append(BrokenCall(exchange, found.operation.id, reasons))
        else:
            kept += 1
    return CallReport(broken, kept, unknown)


def path_below(exchange: Exchange, version: Version) -> str | None:
    """Return a call's path below the document's base path; before that a world, a mount or a proxy's path may stand."""
    path, base = exchange.path.decode("latin-1"), version.document.base_path
    if not base:
        parts = path.split("/")
        starts = range(1, min(len(parts), 4))
        checker = {each.path.split("/")[1] for each in version.operations}
        return next((f"/{'/'.join(parts[start:])}" for start in starts if parts[start] in checker), path)
    before, found, rest = path.partition(f"{base}/")
    return f"/{rest}" if found and before.count("/") <= 2 else None


def _refusals(exchange: Exchange, path: str, checkers: tuple[ExchangeChecker, ExchangeChecker]) -> Iterator[str]:
    """Yield what the new version refuses in a request that the old one took."""
    old, new = ({_key(each): each.message for each in _of_request(checker, exchange, path)} for checker in checkers)
    yield from (message for key, message in new.items() if key not in old)


def _of_request(checker: ExchangeChecker, exchange: Exchange, path: str) -> Iterator[ExchangeFinding]:
    yield from (each for each in checker.check(exchange, path) if each.is_of_request and each.is_breach)


def _key(finding: ExchangeFinding) -> tuple[str, str, str]:
    return finding.kind, finding.place, finding.rule


def _reading(exchange: Exchange, operation: Operation, changes: Sequence[Change]) -> Iterator[str]:
    """Yield the breaking changes of the response that a call was given."""
    for each in changes:
        is_of_response = each.operation == operation.id and each.where == "response"
        if is_of_response and each.effect is Effect.BREAKING and _is_status(exchange.status, each.status, operation):
            yield f"response {' '.join(filter(None, (each.status, each.place)))}: {each.message}"


def _is_status(status: int, declared: str, operation: Operation) -> bool:
    names = (str(status), f"{status // 100}XX", "default")
    return declared == next((name for name in names if name in operation.responses), "")
