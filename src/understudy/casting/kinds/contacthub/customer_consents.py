"""What customers allow: their ``consents``, and the base property ``subscriptions`` that goes with them."""

from functools import cache

from understudy.casting.engine.json_columns import Members, member, objects, text_of
from understudy.casting.kinds.contacthub.customer_batch import CustomerBatch, Write

EMAIL = "consents/marketing/automatic/email"
ANSWERS = (
    *[(True, False, False)] * 6,
    *[(False, False, False)] * 3,
    *[(False, False, True)] * 2,
    (True, True, False),
)
"""How a customer may have answered: status, limitation, objection."""

UNASKED = ("",) * 3
VERSIONS = ("1.0", "1.0", "1.1", "2.0")
MANY = (1,) * 60 + (2,) * 28 + (3,) * 12
"""How many subscriptions people have, as often as they have them."""


def consents(sitting: CustomerBatch) -> list[str]:
    """Return what customers have been asked, each thing of them by itself."""
    draw = sitting.columns
    disclaimer = objects(
        draw.text("date", sitting.people.registered_text),
        draw.text("version", draw.pick("consents/disclaimer", VERSIONS)),
    )
    marketing = objects(
        member("automatic", _asked("consents/marketing/automatic", "email sms push im telephonic")(sitting)),
        sitting.some("marketing/traditional", 60, _asked("consents/marketing/traditional", "telephonic papery")),
    )
    return objects(
        member("disclaimer", disclaimer),
        member("marketing", marketing),
        sitting.some("consents/profiling", 75, _asked("consents/profiling", "classic online")),
        sitting.some("consents/softSpam", 50, _asked("consents/softSpam", "email papery")),
        sitting.some("consents/thirdPartyTransfer", 45, _asked("consents/thirdPartyTransfer", "profiling marketing")),
    )


def subscriptions(sitting: CustomerBatch) -> list[str]:
    """Return what customers have subscribed to; who does not allow e-mail has ended it."""
    starts = [f'{text_of(offer)[:-1]},"subscriberId":"{offer["id"]}-' for offer in sitting.lives.subscriptions]
    counts = sitting.columns.pick("subscriptions/count", MANY)
    columns = zip(sitting.people.number, _times(sitting), _preferences(sitting), counts, strict=True)
    return [
        f'[{",".join([f"""{start}{n}",{time},{want}}}""" for start in starts[:count]])}]'
        for n, time, want, count in columns
    ]


def _times(sitting: CustomerBatch) -> list[str]:
    """Return whether and since when subscriptions hold, or until when they did."""
    wishes = [status for status, _, _ in sitting.columns.pick(EMAIL, ANSWERS)]
    return [
        f'"subscribed":true,"startDate":"{start}","registeredAt":"{start}","updatedAt":"{start}"'
        if wish
        else f'"subscribed":false,"startDate":"{start}","endDate":"{end}","registeredAt":"{start}","updatedAt":"{end}"'
        for wish, start, end in zip(
            wishes, sitting.people.registered_text, sitting.later("subscriptions/end"), strict=True
        )
    ]


def _preferences(sitting: CustomerBatch) -> list[str]:
    """Return preferences: the customer's own language, and how often."""
    wishes = {
        locale: [_preference(locale[:2], rhythm) for rhythm in sitting.lives.rhythms]
        for locale in set(sitting.people.locale)
    }
    return sitting.columns.pick_from("subscriptions/frequency", [wishes[locale] for locale in sitting.people.locale])


def _preference(language: str, rhythm: str) -> str:
    chosen = [{"key": "language", "value": language}, {"key": "frequency", "value": rhythm}]
    return f'"preferences":{text_of(chosen)}'


def _asked(group: str, names: str) -> Write:
    """Return what writes the answers of a group: the first thing was asked of everyone, each other of most."""
    first, *others = names.split()

    def write(sitting: CustomerBatch) -> list[str]:
        pick = sitting.columns.pick
        return objects(
            pick(f"{group}/{first}", _answers(first)),
            *(pick(f"{group}/{name}", [*_answers(name), *UNASKED]) for name in others),
        )

    return write


@cache
def _answers(name: str) -> Members:
    return [
        f',"{name}":{text_of(dict(zip(("status", "limitation", "objection"), answer, strict=True)))}'
        for answer in ANSWERS
    ]
