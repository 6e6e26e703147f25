"""Kinds of GDPR requests of Contacthub's customers: exports and erasures of their data."""

from understudy.casting.breakable_rule import Rule, with_values
from understudy.casting.kind import Kind, Make, Record
from understudy.casting.kinds.contacthub.rule_mutations import UNKNOWN
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.population.person_picker import require_cast
from understudy.vendors.contacthub.start_data.fixed_ids import WORKSPACE

RULES = (Rule("The customer exists.", "/customerId", with_values(customerId=UNKNOWN)),)


def _kind(name: str, summary: str, operation: str) -> Kind:
    def open_requests(cast: LazyCast) -> Make:
        """Return the maker of requests: each person occurs once a round, in a random order."""
        require_cast(name, people=cast.people)
        order, people = cast.stream(name, "person"), cast.people

        def make(n: int) -> Record:
            return {"customerId": people[order.reshuffled(n, len(people))[1]].id}

        return lambda numbers: [make(n) for n in numbers]

    return Kind(
        name,
        summary,
        open_requests,
        operation,
        lambda record: {"workspaceId": WORKSPACE, "customerId": record["customerId"]},
        rules=RULES,
    )


EXPORTS = _kind("contacthub.exports", "Who asks for a copy of all that is known of them.", "export_customer")
ERASURES = _kind("contacthub.erasures", "Who asks to be forgotten.", "forget_customer")
