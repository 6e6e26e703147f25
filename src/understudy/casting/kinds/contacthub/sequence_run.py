"""One scene as one person plays it: everything that its events have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from understudy.casting.engine.field_streams import FieldStreams
from understudy.casting.population.baskets import BasketLine, Baskets
from understudy.core.cast import Person, Product, Shop

MOST_STEPS = 16


@dataclass(frozen=True, slots=True)
class SequenceSamplers:
    """What every scene of a cast draws on."""

    draws: FieldStreams
    baskets: Baskets
    shops: Sequence[Shop]


@dataclass
class SequenceRun:
    """A scene's number, its person and its times; ``step`` and ``at`` move on from event to event.

    ``finale`` is the last event of the scene, at ``ends``.
    """

    number: int
    person: Person
    context: str
    setting: SequenceSamplers
    starts: datetime
    ends: datetime
    finale: str
    at: datetime
    step: int = 0

    @property
    def draws(self) -> FieldStreams:
        """The fields of events."""
        return self.setting.draws

    @cached_property
    def basket(self) -> list[BasketLine]:
        """What is bought in the scene."""
        return self.setting.baskets.fill(self.number)

    @cached_property
    def shop(self) -> Shop:
        """The shop that the scene is in."""
        return self.draws["shop"].pick(self.number, self.setting.shops)

    @property
    def event(self) -> int:
        """The number of the event among all events."""
        return self.number * MOST_STEPS + self.step

    def product(self) -> Product:
        """Return the product that the event is about: one of the basket's."""
        return self.basket[self.draws["product"].below(self.event, len(self.basket))].product

    def lacks(self, name: str, share: int = 25) -> bool:
        """Tell whether the event goes without an optional field."""
        return self.draws.lacks(name, self.event, share)

    def code(self, prefix: str) -> str:
        """Return a code of the scene's own."""
        return f"{prefix}-{self.number:08}"
