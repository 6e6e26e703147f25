"""Contacthub's events: sixteen in a row are one person's, scene after scene from their registration until today."""

from datetime import datetime, timedelta
from itertools import accumulate

from understudy.casting.engine.field_streams import FieldStreams
from understudy.casting.kind import Kind, Record
from understudy.casting.kinds.contacthub.event_contexts import context_info
from understudy.casting.kinds.contacthub.event_properties import PROPERTIES_BY_STEP
from understudy.casting.kinds.contacthub.event_sequences import SEQUENCES, EventSequence
from understudy.casting.kinds.contacthub.rule_mutations import EVENT_RULES
from understudy.casting.kinds.contacthub.sequence_run import SequenceRun, SequenceSamplers
from understudy.casting.kinds.contacthub.sessions import session_values
from understudy.casting.population.baskets import Baskets
from understudy.casting.population.event_times import EventTimes
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.population.person_picker import PersonPicker, require_cast
from understudy.core.cast import Person
from understudy.core.timestamps import iso_milliseconds
from understudy.vendors.contacthub.start_data.customers import home_of
from understudy.vendors.contacthub.start_data.fixed_ids import WORKSPACE

NAME = "contacthub.events"
STRETCH = 16
"""How many events in a row are one person's."""

BY_SESSION, BY_EXTERNAL_ID, TRACKED = 15, 15, 30
"""Of 100 scenes: those of a visitor who is not signed in (online), of a till's customer, and those after a campaign."""

ONLINE = {"WEB", "MOBILE", "ECOMMERCE"}
CAMPAIGN = {"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": "new-arrivals"}
CARDS = tuple(scene for scene in SEQUENCES for _ in range(scene.share))


class EventGenerator:
    """Makes the events of a cast's people, a stretch at a time."""

    def __init__(self, cast: LazyCast) -> None:
        require_cast(NAME, products=cast.products, shops=cast.shops)
        self._today, self._begins = cast.scenario.instant, cast.scenario.since
        self._session = session_values(cast)
        self._draws = FieldStreams(cast.scenario, NAME)
        self._moments = EventTimes(cast, NAME)
        self._actors = PersonPicker(cast, NAME, STRETCH)
        self._setting = SequenceSamplers(self._draws, Baskets(cast, NAME), cast.shops)

    def make(self, numbers: range) -> list[Record]:
        """Return the events with these numbers."""
        made: dict[int, list[Record]] = {}
        found = []
        for n in numbers:
            stretch, position = divmod(n, STRETCH)
            if stretch not in made:
                made = {stretch: self._stretch(stretch)}
            found.append(made[stretch][position])
        return found

    def _stretch(self, stretch: int) -> list[Record]:
        """Return one person's events, each scene in a part of the time of its own."""
        person = self._actors.of(stretch * STRETCH)
        first = stretch * STRETCH
        scenes = self._sequences(first)
        begins = self._begins(person.registered_at)
        part = (self._today - begins) / len(scenes)
        events: list[Record] = []
        for position, scene in enumerate(scenes):
            since = begins + part * position
            events += self._play(scene, first + position, person, since, since + part)
        return events[:STRETCH]

    def _sequences(self, first: int) -> list[EventSequence]:
        scenes: list[EventSequence] = []
        count = 0
        while count < STRETCH:
            scenes.append(self._draws["scene"].pick(first + len(scenes), CARDS))
            count += len(scenes[-1].steps)
        return scenes

    def _play(
        self, scene: EventSequence, number: int, person: Person, since: datetime, until: datetime
    ) -> list[Record]:
        times = self._times(scene, number, since, until)
        context = self._draws["context"].pick(number, scene.contexts)
        occasion = SequenceRun(
            number, person, context, self._setting, times[0], times[-1], scene.steps[-1].event, times[0]
        )
        events = []
        for occasion.step, (step, occasion.at) in enumerate(zip(scene.steps, times, strict=True)):
            events.append(self._event(occasion, step.event))
        return events

    def _event(self, occasion: SequenceRun, step: str) -> Record:
        record = self._owner(occasion)
        record["type"] = "completedOrder" if step == "returnedOrder" else step
        record["context"] = occasion.context
        record["properties"] = PROPERTIES_BY_STEP[step](occasion)
        record.update(context_info(occasion))
        record["date"] = iso_milliseconds(occasion.at)
        if occasion.context in ONLINE and self._draws.in_share("tracking", occasion.number, TRACKED):
            record["tracking"] = {"ga": dict(CAMPAIGN)}
        return record

    def _times(self, scene: EventSequence, number: int, since: datetime, until: datetime) -> list[datetime]:
        """Return when each step is taken, squeezed into the scene's part of the time where that is short."""
        starts = self._moments.between(number, since, until)
        pace = self._draws["pace"].below(number, 100) + 50
        offsets = [offset * pace // 100 for offset in accumulate(step.gap for step in scene.steps)]
        room = (until - starts).total_seconds()
        squeeze = min(1.0, 0.999 * room / (offsets[-1] or 1))
        return [starts + timedelta(seconds=offset * squeeze) for offset in offsets]

    def _owner(self, occasion: SequenceRun) -> Record:
        """Return whose events these are: a customer's, or those of whom a session or an external id will tell."""
        person, chance = occasion.person, self._draws["owner"].below(occasion.number, 100)
        if occasion.context in ONLINE and chance < BY_SESSION:
            wanted = {"type": "SESSION_ID", "value": self._session(person.number)}
        elif occasion.context not in ONLINE and chance < BY_EXTERNAL_ID:
            wanted = {"type": "EXTERNAL_ID", "value": person.id}
        else:
            return {"customerId": person.id}
        return {"bringBackProperties": {**wanted, "nodeId": home_of(person.number)}}


EVENTS = Kind(
    NAME,
    "What customers do: visits, baskets, orders that add up, returns, campaigns; all 48 types.",
    lambda cast: EventGenerator(cast).make,
    "create_event",
    lambda _: {"workspaceId": WORKSPACE},
    lambda cast: STRETCH * len(cast.people),
    rules=EVENT_RULES,
)
