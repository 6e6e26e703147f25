"""Kind ``contacthub.sessions``: session ids that connect a visitor's events to a customer."""

from collections.abc import Callable

from understudy.casting.kind import Kind, Make, Record
from understudy.casting.kinds.contacthub.rule_mutations import SESSION_RULES
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.population.person_picker import people_in_turn, require_cast
from understudy.vendors.contacthub.start_data.fixed_ids import WORKSPACE

NAME = "contacthub.sessions"


def session_values(cast: LazyCast) -> Callable[[int], str]:
    """Return a function from a session's number to its value."""
    return cast.stream(NAME, "value").uuid


def _open(cast: LazyCast) -> Make:
    """Open the kind: session n belongs to person n modulo the number of people."""
    require_cast(NAME, people=cast.people)
    value = session_values(cast)

    def make(numbers: range) -> list[Record]:
        people = people_in_turn(cast.people, numbers)
        return [{"customerId": person.id, "value": value(n)} for n, person in zip(numbers, people, strict=True)]

    return make


SESSIONS = Kind(
    NAME,
    "A visitor's session and the customer whose it is.",
    _open,
    "create_session",
    lambda record: {"workspaceId": WORKSPACE, "customerId": record["customerId"]},
    rules=SESSION_RULES,
)
