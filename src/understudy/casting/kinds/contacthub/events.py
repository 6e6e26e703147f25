"""Kind ``contacthub.events``: sequences of events of each person, from the registration until today."""

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
EVENTS_PER_PERSON = 16
"""Number of consecutive events that belong to one person."""

BY_SESSION, BY_EXTERNAL_ID, TRACKED = 15, 15, 30
"""Percent of sequences: online ones with a session id, others with an external id, online ones of a campaign."""

ONLINE = {"WEB", "MOBILE", "ECOMMERCE"}
CAMPAIGN = {"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": "new-arrivals"}
WEIGHTED_SEQUENCES = tuple(sequence for sequence in SEQUENCES for _ in range(sequence.share))


class EventGenerator:
    """Generator of events, made in blocks of ``EVENTS_PER_PERSON``."""

    def __init__(self, cast: LazyCast) -> None:
        require_cast(NAME, products=cast.products, shops=cast.shops)
        self._today, self._begins = cast.scenario.instant, cast.scenario.since
        self._session = session_values(cast)
        self._streams = FieldStreams(cast.scenario, NAME)
        self._event_times = EventTimes(cast, NAME)
        self._picker = PersonPicker(cast, NAME, EVENTS_PER_PERSON, first_run=EVENTS_PER_PERSON)
        self._samplers = SequenceSamplers(self._streams, Baskets(cast, NAME), cast.shops_of)

    def make(self, numbers: range) -> list[Record]:
        """Return the events with these numbers."""
        made: dict[int, list[Record]] = {}
        found = []
        for n in numbers:
            block, position = divmod(n, EVENTS_PER_PERSON)
            if block not in made:
                made = {block: self._block_events(block)}
            found.append(made[block][position])
        return found

    def _block_events(self, block: int) -> list[Record]:
        """Return the events of one person; the time since the registration is divided evenly among the sequences."""
        person = self._picker.of(block * EVENTS_PER_PERSON)
        first = block * EVENTS_PER_PERSON
        sequences = self._sequences(first)
        begins = self._begins(person.registered_at)
        part = (self._today - begins) / len(sequences)
        events: list[Record] = []
        for position, sequence in enumerate(sequences):
            since = begins + part * position
            events += self._run_sequence(sequence, first + position, person, since, since + part)
        return events[:EVENTS_PER_PERSON]

    def _sequences(self, first: int) -> list[EventSequence]:
        sequences: list[EventSequence] = []
        count = 0
        while count < EVENTS_PER_PERSON:
            sequences.append(self._streams["scene"].pick(first + len(sequences), WEIGHTED_SEQUENCES))
            count += len(sequences[-1].steps)
        return sequences

    def _run_sequence(
        self, sequence: EventSequence, number: int, person: Person, since: datetime, until: datetime
    ) -> list[Record]:
        times = self._times(sequence, number, since, until)
        context = self._streams["context"].pick(number, sequence.contexts)
        run = SequenceRun(
            number, person, context, self._samplers, times[0], times[-1], sequence.steps[-1].event, times[0]
        )
        events = []
        for run.step, (step, run.at) in enumerate(zip(sequence.steps, times, strict=True)):
            events.append(self._event(run, step.event))
        return events

    def _event(self, run: SequenceRun, step: str) -> Record:
        record = self._owner(run)
        record["type"] = "completedOrder" if step == "returnedOrder" else step
        record["context"] = run.context
        record["properties"] = PROPERTIES_BY_STEP[step](run)
        record.update(context_info(run))
        record["date"] = iso_milliseconds(run.at)
        if run.context in ONLINE and self._streams.in_share("tracking", run.number, TRACKED):
            record["tracking"] = {"ga": dict(CAMPAIGN)}
        return record

    def _times(self, sequence: EventSequence, number: int, since: datetime, until: datetime) -> list[datetime]:
        """Return the time of each step, with shorter gaps if the sequence would not end before ``until``."""
        starts = self._event_times.between(number, since, until)
        pace = self._streams["pace"].below(number, 100) + 50
        offsets = [offset * pace // 100 for offset in accumulate(step.gap for step in sequence.steps)]
        available = (until - starts).total_seconds()
        factor = min(1.0, 0.999 * available / (offsets[-1] or 1))
        return [starts + timedelta(seconds=offset * factor) for offset in offsets]

    def _owner(self, run: SequenceRun) -> Record:
        """Return the members that name the owner: ``customerId``, or ``bringBackProperties`` with another id."""
        person, percentile = run.person, self._streams["owner"].below(run.number, 100)
        if run.context in ONLINE and percentile < BY_SESSION:
            wanted = {"type": "SESSION_ID", "value": self._session(person.number)}
        elif run.context not in ONLINE and percentile < BY_EXTERNAL_ID:
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
    lambda cast: EVENTS_PER_PERSON * len(cast.people),
    rules=EVENT_RULES,
)
