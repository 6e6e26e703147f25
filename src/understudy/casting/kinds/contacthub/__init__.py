"""Contacthub: what customers do, their sessions and consents."""

from understudy.casting.kinds.contacthub.consents import CONSENTS
from understudy.casting.kinds.contacthub.events import EVENTS
from understudy.casting.kinds.contacthub.sessions import SESSIONS

KINDS = (SESSIONS, CONSENTS, EVENTS)
