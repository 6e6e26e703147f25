"""Run of an event sequence by one person: the values that its events have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from understudy.casting.engine.field_streams import FieldStreams
from understudy.casting.population.baskets import BasketLine, Baskets
from understudy.core.cast import Person, Product, Shop

MAX_STEPS = 16


@dataclass(frozen=True, slots=True)
class SequenceSamplers:
    """Samplers that all runs of a cast share."""

    streams: FieldStreams
    baskets: Baskets
    shops_of: Callable[[str], Sequence[Shop]]


@dataclass
class SequenceRun:
    """Number, person, context and times of one run; ``step`` and ``at`` are set anew for each event.

    ``last_event`` is the type of the last event of the sequence, at ``ends``.
    """

    number: int
    person: Person
    context: str
    samplers: SequenceSamplers
    starts: datetime
    ends: datetime
    last_event: str
    at: datetime
    step: int = 0

    @property
    def streams(self) -> FieldStreams:
        """The random streams of events."""
        return self.samplers.streams

    @cached_property
    def basket(self) -> list[BasketLine]:
        """The basket of the run."""
        return self.samplers.baskets.fill(self.number, self.person.locale)

    @cached_property
    def shop(self) -> Shop:
        """The shop of the run, in the person's country."""
        return self.streams["shop"].pick(self.number, self.samplers.shops_of(self.person.country))

    @property
    def event(self) -> int:
        """The number of the event, unique among all runs."""
        return self.number * MAX_STEPS + self.step

    def product(self) -> Product:
        """Return the product of the event: one of the basket's."""
        return self.basket[self.streams["product"].below(self.event, len(self.basket))].product

    def lacks(self, name: str, share: int = 25) -> bool:
        """Return whether the event lacks an optional field; ``share`` is the usual percentage."""
        return self.streams.lacks(name, self.event, share)

    def code(self, prefix: str) -> str:
        """Return a code that is unique to the run, such as an order id."""
        return f"{prefix}-{self.number:08}"
