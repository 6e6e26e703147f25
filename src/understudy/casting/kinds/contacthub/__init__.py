"""Contacthub: customers, what they do, their sessions and consents, and what they ask for by right."""

from understudy.casting.kinds.contacthub.consents import CONSENTS
from understudy.casting.kinds.contacthub.customers import CUSTOMERS
from understudy.casting.kinds.contacthub.events import EVENTS
from understudy.casting.kinds.contacthub.gdpr_requests import ERASURES, EXPORTS
from understudy.casting.kinds.contacthub.sessions import SESSIONS
from understudy.casting.seeding_auth import SeedingAuth
from understudy.vendors.contacthub.start_data.fixed_ids import ENTRY_NODE, WORKSPACE

KINDS = (CUSTOMERS, SESSIONS, CONSENTS, EVENTS, EXPORTS, ERASURES)

SEEDING_AUTH = SeedingAuth(
    lambda credentials, _ask: {"Authorization": f"Bearer {credentials['token']}"},
    {"workspace": WORKSPACE, "node": ENTRY_NODE},
)
