"""Calls in a world that the contract refused, and those among them that a test expected."""

from collections.abc import Iterator
from contextlib import contextmanager

from understudy.client.call_list import CallList
from understudy.client.control import Control
from understudy.core.json_types import Json

OUTCOMES = ("contract", "route")
"""Outcomes of calls that the contract refuses: those that break it, and those that no operation takes."""


class Refusals:
    """Refusals by the contract in one world, unrouted calls that name it included."""

    def __init__(self, control: Control, world: str) -> None:
        self._control = control
        self._path = ("worlds", world)
        self._world = world
        self._expected_numbers: set[int] = set()
        self.expected = 0
        """Number of refusals in the journal that a test has expected so far."""

    def count(self, vendor: str | None = None) -> int:
        """Return how many calls in the journal were refused since it was cleared, dropped ones included."""
        of_vendor = {} if vendor is None else {"vendor": vendor}
        expect = [{"calls": {"outcome": outcome, **of_vendor}, "exactly": 0} for outcome in OUTCOMES]
        verdict = self._control.call("POST", *self._path, "verify", body={"expect": expect})
        return sum(finding["found"] for finding in verdict["findings"])

    def excuse_all(self) -> None:
        """Count all refusals so far as expected."""
        self.expected = self.count()
        self._expected_numbers |= {call["number"] for call in self._calls()}
        self._control.expected_unrouted |= {call["number"] for call in self._unrouted()}

    def unexpected(self) -> int:
        """Return how many calls were refused and not expected."""
        return max(self.count() - self.expected, 0) + len(self.unexpected_unrouted())

    def unexpected_calls(self) -> list[Json]:
        """Return the refused calls that were not expected, as far as the journal has them, oldest first."""
        return [call for call in self._calls() if call["number"] not in self._expected_numbers]

    def unexpected_unrouted(self) -> list[Json]:
        """Return the calls that name the world, reached no journal, and were not expected."""
        return [call for call in self._unrouted() if call["number"] not in self._control.expected_unrouted]

    @contextmanager
    def expect(self, vendor: str | None = None) -> Iterator[None]:
        """Count the refusals within a ``with`` statement as expected; raise ``AssertionError`` if there are none.

        Unrouted calls that name no world count as well on a server that nobody else uses.
        """
        before, numbers = self.count(vendor), {call["number"] for call in self._calls(vendor)}
        earlier = {call["number"] for call in self._control.unrouted_calls()}
        unrouted: set[int] = set()
        try:
            yield
        finally:
            refused = max(self.count(vendor) - before, 0)
            self.expected += refused
            self._expected_numbers |= {call["number"] for call in self._calls(vendor)} - numbers
            unrouted = {call["number"] for call in self._own_or_stray(vendor)} - earlier
            self._control.expected_unrouted |= unrouted
        if not refused and not unrouted:
            of_vendor = f" to {vendor}" if vendor else ""
            raise AssertionError(f"a refusal by the contract was expected, but no call{of_vendor} was refused")

    def _calls(self, vendor: str | None = None) -> list[Json]:
        found = [
            call
            for outcome in OUTCOMES
            for call in CallList.read(*self._control.answer(*self._path, "journal", outcome=outcome, vendor=vendor))
        ]
        return sorted(found, key=lambda call: int(call["number"]))

    def _unrouted(self) -> list[Json]:
        return self._control.rows("unrouted-calls", world=self._world)

    def _own_or_stray(self, vendor: str | None) -> list[Json]:
        """Return the unrouted calls that name the world, and those that nobody else has made; of a vendor, if any."""
        calls = self._control.unrouted_calls() if self._control.is_alone else self._unrouted()
        return [call for call in calls if vendor is None or f"/{vendor}/" in f"{call['target']}/"]
