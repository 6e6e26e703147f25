"""Contacthub: what customers do, their sessions and consents, and what they ask for by right."""

from understudy.casting.kinds.contacthub.consents import CONSENTS
from understudy.casting.kinds.contacthub.events import EVENTS
from understudy.casting.kinds.contacthub.requests import ERASURES, EXPORTS
from understudy.casting.kinds.contacthub.sessions import SESSIONS

KINDS = (SESSIONS, CONSENTS, EVENTS, EXPORTS, ERASURES)
