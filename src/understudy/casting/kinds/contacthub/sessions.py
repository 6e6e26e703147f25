"""Contacthub's sessions: what ties a visitor's events to a customer."""

from understudy.casting.actors import require
from understudy.casting.cast import Cast
from understudy.casting.draw import Field
from understudy.casting.kind import Kind, Make, Record
from understudy.vendors.contacthub.examples import WORKSPACE

NAME = "contacthub.sessions"


def session_value(seed: int, n: int) -> str:
    """Return the value of session n."""
    return Field(seed, NAME, "value").uuid(n)


def _open(cast: Cast) -> Make:
    """Go round the people, so that session n is person n's first one."""
    require(NAME, people=cast.people)
    seed, people = cast.scenario.seed, cast.people

    def make(n: int) -> Record:
        return {"customerId": people[n % len(people)].id, "value": session_value(seed, n)}

    return lambda numbers: [make(n) for n in numbers]


SESSIONS = Kind(
    NAME,
    "A visitor's session and the customer whose it is.",
    _open,
    "create_session",
    lambda record: {"workspaceId": WORKSPACE, "customerId": record["customerId"]},
)
