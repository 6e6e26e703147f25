"""Sequences of event types that belong together, each in an order that can happen."""

import re
from dataclasses import dataclass
from typing import NamedTuple

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
STEP = re.compile(r"(\w+?)(?:\+(\d+)([smhd]))?")


class Step(NamedTuple):
    """Event type of a step, and the usual gap to the step before it, in seconds."""

    event: str
    gap: int


@dataclass(frozen=True, slots=True)
class EventSequence:
    """Steps that belong together; ``share`` is the weight in the choice of sequences, all steps have one context."""

    share: int
    contexts: tuple[str, ...]
    steps: tuple[Step, ...]


def _sequence(share: int, contexts: str, steps: str) -> EventSequence:
    found = [STEP.fullmatch(step) for step in steps.split()]
    read = tuple(Step(step[1], int(step[2] or 0) * SECONDS[step[3] or "s"]) for step in found if step)
    return EventSequence(share, tuple(contexts.split()), read)


SHOP, STORE, MAIL = "WEB WEB ECOMMERCE MOBILE", "RETAIL", "DIGITAL_CAMPAIGN"

SEQUENCES = (
    _sequence(
        24, "WEB WEB MOBILE", "viewedPage searched+40s viewedProductCategory+30s viewedProduct+1m viewedProduct+2m"
    ),
    _sequence(
        8, "WEB MOBILE", "viewedPage clickedLink+1m viewedProduct+1m addedCompare+30s addedCompare+1m removedCompare+2m"
    ),
    _sequence(5, "WEB MOBILE", "loggedIn viewedPage+20s changedSetting+3m loggedOut+1m"),
    _sequence(9, SHOP, "viewedProduct addedWishlist+1m viewedProduct+4m removedWishlist+5d"),
    _sequence(
        12, SHOP, "loggedIn viewedProduct+1m addedProduct+2m completedOrder+6m orderShipped+26h reviewedProduct+6d"
    ),
    _sequence(7, SHOP, "searched viewedProduct+1m addedProduct+2m removedProduct+3m addedProduct+1m completedOrder+5m"),
    _sequence(5, SHOP, "addedProduct completedOrder+9m orderShipped+30h returnedOrder+9d"),
    _sequence(6, SHOP, "viewedProduct addedProduct+3m abandonedCart+40m"),
    _sequence(4, "WEB MOBILE", "viewedPage viewedProduct+1m abandonedSession+35m"),
    _sequence(9, STORE, "completedOrder addedReward+1m"),
    _sequence(3, STORE, "completedOrder grantedCoupon+1m removedReward+20d"),
    _sequence(12, MAIL, "campaignSent campaignOpened+3h campaignLinkClicked+40s"),
    _sequence(8, MAIL, "campaignSent campaignOpened+9h"),
    _sequence(2, MAIL, "campaignSent campaignBounced+20s"),
    _sequence(1, MAIL, "campaignSent campaignOpened+2h campaignMarkedSpam+1m campaignBlacklisted+1h"),
    _sequence(3, MAIL, "campaignOptinRequested campaignSubscribed+25m campaignSent+6d campaignOpened+4h"),
    _sequence(1, MAIL, "campaignSubscribed campaignSent+7d campaignUnsubscribed+2h"),
    _sequence(3, "CONTACT_CENTER", "openedTicket repliedTicket+4h closedTicket+2d"),
    _sequence(2, "WEB MOBILE", "serviceSubscribed serviceUnsubscribed+40d"),
    _sequence(2, "WEB", "formCompiled surveyCompiled+8m"),
    _sequence(2, "OTHER", "eventEligible eventInvited+1d eventConfirmed+2d eventRegistered+3d eventParticipated+9d"),
    _sequence(1, "OTHER", "eventEligible eventInvited+1d eventConfirmed+2d eventNoShow+9d"),
    _sequence(1, "OTHER", "eventEligible eventInvited+1d eventDeclined+1d"),
    _sequence(1, "OTHER", "eventEligible eventNotInvited+2d"),
    _sequence(2, "IOT", "genericPassiveEvent genericActiveEvent+1h"),
    _sequence(2, "SOCIAL", "clickedLink viewedPage+5s"),
)
