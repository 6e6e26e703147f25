"""Times of pushed occurrences, in the forms that the vendor's guide lists."""

from datetime import UTC, datetime

from understudy.vendors.capillary.epoch_millis import parse_millis, to_millis

FORMS = (
    "%d-%m-%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d", "%d-%m-%Y", "%m/%d/%Y",
    "%Y%m%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%d-%b-%y", "%a %b %d %H:%M:%S UTC %Y", "%a %b %d %H:%M:%S GMT %Y",
    "%B,%d,%Y", "%Y-%d-%m %H:%M:%S",
)  # fmt: skip
"""Forms beside those of ISO 8601, in the order of the guide: the first that fits is taken."""


def parse_event_time(text: str, now: datetime) -> int | None:
    """Return the milliseconds that a text states in one of the guide's forms or as a number; ``None`` for another.

    A time without an offset is read as UTC, a month and a day without a year as of this year (inferred).
    """
    millis = parse_millis(text)
    if millis is not None or not text.isascii():
        return millis
    for form in FORMS:
        for each in (text, f"{text},{now.year}"):
            try:
                return to_millis(datetime.strptime(each, form).replace(tzinfo=UTC))
            except ValueError:
                continue
    return None
