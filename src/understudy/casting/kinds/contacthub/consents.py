"""Kind ``contacthub.consents``: a customer's consents with status, limitation and objection."""

from datetime import timedelta

from understudy.casting.engine.field_streams import FieldStreams
from understudy.casting.kind import Kind, Make, Record
from understudy.casting.kinds.contacthub.rule_mutations import CONSENT_RULES
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.population.person_picker import people_in_turn, require_cast
from understudy.core.cast import Person
from understudy.core.timestamps import iso_milliseconds
from understudy.vendors.contacthub.start_data.fixed_ids import WORKSPACE

NAME = "contacthub.consents"
PURPOSES: tuple[tuple[str, int], ...] = (
    ("marketing.traditional.telephonic", 25),
    ("marketing.traditional.papery", 40),
    ("marketing.automatic.sms", 45),
    ("marketing.automatic.email", 70),
    ("marketing.automatic.push", 35),
    ("marketing.automatic.im", 20),
    ("profiling.classic", 55),
    ("profiling.online", 45),
    ("softSpam.email", 60),
    ("softSpam.papery", 50),
    ("thirdPartyTransfer.profiling", 10),
    ("thirdPartyTransfer.marketing", 15),
)
"""Path of each consent, and the percent of customers who give it."""

ASKED, LIMITING, OBJECTING, LATER = 80, 4, 6, 40
"""Percent of customers: asked for a consent, limiting it, objecting, and answering later than at registration."""


def _open(cast: LazyCast) -> Make:
    require_cast(NAME, people=cast.people)
    streams, until = FieldStreams(cast.scenario, NAME), cast.scenario.instant

    def make(n: int, person: Person) -> Record:
        since = cast.scenario.since(person.registered_at)
        if streams.in_share("later", n, LATER):
            since += timedelta(seconds=streams["date"].below(n, max(1, int((until - since).total_seconds()))))
        consents: Record = {
            "disclaimer": {"date": iso_milliseconds(since), "version": streams["version"].pick(n, ("1.0", "2.0"))}
        }
        for path, share in PURPOSES:
            if streams.in_share(f"{path}/asked", n, ASKED):
                _put(consents, path.split("."), _answer(n, path, share))
        return {"externalId": person.id, "consents": consents}

    objecting = cast.scenario.share("objecting", OBJECTING)

    def _answer(n: int, path: str, share: int) -> Record:
        status = streams.in_share(f"{path}/status", n, cast.scenario.share("consenting", share))
        return {
            "status": status,
            "limitation": status and streams.in_share(f"{path}/limitation", n, LIMITING),
            "objection": streams.in_share(f"{path}/objection", n, objecting),
        }

    return lambda numbers: list(map(make, numbers, people_in_turn(cast.people, numbers)))


def _put(consents: Record, path: list[str], answer: Record) -> None:
    *above, last = path
    for name in above:
        consents = consents.setdefault(name, {})
    consents[last] = answer


CONSENTS = Kind(
    NAME,
    "What a customer allows: each consent given, limited or objected to.",
    _open,
    "patch_customer",
    lambda record: {"workspaceId": WORKSPACE, "customerId": record["externalId"]},
    rules=CONSENT_RULES,
)
