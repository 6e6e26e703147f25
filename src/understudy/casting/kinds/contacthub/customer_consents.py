"""Property ``consents`` of a customer, and the base property ``subscriptions``, which depends on it."""

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
"""Possible answers (status, limitation, objection), each as often as it is to be chosen."""

UNASKED = ("",) * 3
VERSIONS = ("1.0", "1.0", "1.1", "2.0")
MANY = (1,) * 60 + (2,) * 28 + (3,) * 12
"""Numbers of subscriptions, each as often as it is to be chosen."""


def consents(batch: CustomerBatch) -> list[str]:
    """Return ``consents``: the disclaimer, marketing, and for some profiling, soft spam and third-party transfer."""
    columns = batch.columns
    disclaimer = objects(
        columns.text("date", batch.people.registered_text),
        columns.text("version", columns.pick("consents/disclaimer", VERSIONS)),
    )
    marketing = objects(
        member("automatic", _asked("consents/marketing/automatic", "email sms push im telephonic")(batch)),
        batch.some("marketing/traditional", 60, _asked("consents/marketing/traditional", "telephonic papery")),
    )
    return objects(
        member("disclaimer", disclaimer),
        member("marketing", marketing),
        batch.some("consents/profiling", 75, _asked("consents/profiling", "classic online")),
        batch.some("consents/softSpam", 50, _asked("consents/softSpam", "email papery")),
        batch.some("consents/thirdPartyTransfer", 45, _asked("consents/thirdPartyTransfer", "profiling marketing")),
    )


def subscriptions(batch: CustomerBatch) -> list[str]:
    """Return ``subscriptions``; they have ended for customers who do not consent to e-mail."""
    starts = [f'{text_of(offer)[:-1]},"subscriberId":"{offer["id"]}-' for offer in batch.lifestyle.subscriptions]
    counts = batch.columns.pick("subscriptions/count", MANY)
    columns = zip(batch.people.number, _times(batch), _preferences(batch), counts, strict=True)
    return [
        f'[{",".join([f"""{start}{n}",{time},{want}}}""" for start in starts[:count]])}]'
        for n, time, want, count in columns
    ]


def _times(batch: CustomerBatch) -> list[str]:
    """Return the members for state and dates of subscriptions: running ones have no ``endDate``."""
    statuses = [status for status, _, _ in batch.columns.pick(EMAIL, ANSWERS)]
    return [
        f'"subscribed":true,"startDate":"{start}","registeredAt":"{start}","updatedAt":"{start}"'
        if status
        else f'"subscribed":false,"startDate":"{start}","endDate":"{end}","registeredAt":"{start}","updatedAt":"{end}"'
        for status, start, end in zip(
            statuses, batch.people.registered_text, batch.later("subscriptions/end"), strict=True
        )
    ]


def _preferences(batch: CustomerBatch) -> list[str]:
    """Return the member ``preferences``: the customer's language and a frequency."""
    preferences = {
        locale: [_preference(locale[:2], rhythm) for rhythm in batch.lifestyle.rhythms]
        for locale in set(batch.people.locale)
    }
    return batch.columns.pick_from("subscriptions/frequency", [preferences[locale] for locale in batch.people.locale])


def _preference(language: str, rhythm: str) -> str:
    chosen = [{"key": "language", "value": language}, {"key": "frequency", "value": rhythm}]
    return f'"preferences":{text_of(chosen)}'


def _asked(group: str, names: str) -> Write:
    """Return a function that writes the answers of a group: the first consent for all customers, others for most."""
    first, *others = names.split()

    def write(batch: CustomerBatch) -> list[str]:
        pick = batch.columns.pick
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
