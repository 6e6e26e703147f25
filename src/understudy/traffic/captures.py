"""Captures: HTTP archives whose exchanges answer requests, or make a document where there is none."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.state.journal import Exchange
from understudy.traffic.exchange_check import ExchangeChecker, FoundOperation
from understudy.traffic.har_reader import read_har
from understudy.traffic.recordings import Recordings


@dataclass(slots=True)
class Captures:
    """Exchanges of archives; each answers for one document only. ``left_out`` counts the others, by reason."""

    exchanges: list[Exchange] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    taken: int = 0
    _examples: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, paths: Sequence[Path]) -> "Captures":
        """Read archives; raise ``Misconfigured`` for a file that is none."""
        made = cls()
        for path in paths:
            exchanges, left_out = read_har(path)
            for each in exchanges:
                if each.status < HTTPStatus.OK:
                    made._leave_out("another protocol is spoken from there on", _shown(each))
                else:
                    made.exchanges.append(each)
            for line in left_out:
                made._leave_out(line.rpartition(": ")[2], line)
        return made

    def take(
        self, document: Document, operations: Sequence[Operation], hosts: Collection[str], others: Collection[str]
    ) -> Recordings:
        """Return the recordings of a document, which are no other's then.

        ``hosts`` are its own, ``others`` those of the other documents, whose exchanges it does not take.
        """
        checker, recordings, rest = ExchangeChecker(document, operations), Recordings(), []
        for each in self.exchanges:
            host = urlsplit(f"//{each.server}").hostname or ""
            is_others = each.vendor != document.name and host in others and host not in hosts
            found = None if is_others else _operation(checker, document, each, is_own=host in hosts)
            if found is None:
                rest.append(each)
                continue
            breach = _breach(checker, found, each)
            if breach:
                self._leave_out(f"the document of {document.name} forbids it", f"{_shown(each)}: {breach}")
            else:
                self.taken += 1
                recordings.add(found.operation.id, found.path_values, each)
        self.exchanges = rest
        return recordings

    def notes(self) -> list[str]:
        """Return a line for each reason for which exchanges answer nothing, those that no document took included."""
        for each in self.exchanges:
            self._leave_out("no operation takes it", _shown(each))
        self.exchanges = []
        nothing = [] if self.taken else ["no recorded call answers anything: see why below, or --replay another file"]
        return nothing + [
            f"{_calls(count)} left out: {why} (first: {self._examples[why]})" for why, count in self.left_out.items()
        ]

    def _leave_out(self, why: str, example: str) -> None:
        self.left_out[why] += 1
        self._examples.setdefault(why, example)


def _calls(count: int) -> str:
    return "1 recorded call is" if count == 1 else f"{count} recorded calls are"


def _operation(
    checker: ExchangeChecker, document: Document, exchange: Exchange, *, is_own: bool
) -> FoundOperation | None:
    """Return the operation of an exchange; of another host than the document's, whatever stands before its path."""
    for path in _paths(exchange.path.decode("latin-1"), document.base_path, is_own=is_own):
        found = checker.find(exchange.method, path)
        if found is not None:
            return found
    return None


def _paths(path: str, base: str, *, is_own: bool) -> Iterator[str]:
    """Yield the paths that a recorded path may be to a document: below its base path, whole, below any prefix."""
    if base and path.startswith(f"{base}/"):
        yield path.removeprefix(base)
    elif base and f"{base}/" in path:
        yield path[path.index(f"{base}/") + len(base) :]
    yield path
    segments = [] if is_own else path.split("/")[1:]
    for number in range(1, len(segments)):
        yield "/" + "/".join(segments[number:])


def _breach(checker: ExchangeChecker, found: FoundOperation, exchange: Exchange) -> str:
    """Return how a recorded answer breaks the document; empty if it does not."""
    breaches = (each.message for each in checker.check_response(exchange, found.operation) if each.is_breach)
    return next(breaches, "")


def _shown(exchange: Exchange) -> str:
    return f"{exchange.method} {exchange.path.decode('latin-1')} {exchange.status}"
