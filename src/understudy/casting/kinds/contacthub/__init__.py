"""Contacthub: customers, what they do, their sessions and consents."""

from understudy.casting.kinds.contacthub.consents import CONSENTS
from understudy.casting.kinds.contacthub.customers import CUSTOMERS
from understudy.casting.kinds.contacthub.events import EVENTS
from understudy.casting.kinds.contacthub.sessions import SESSIONS

KINDS = (CUSTOMERS, SESSIONS, CONSENTS, EVENTS)
