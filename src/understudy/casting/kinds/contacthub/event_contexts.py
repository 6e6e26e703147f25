"""Property ``contextInfo`` of an event: client, device or shop, by the event's context."""

from collections.abc import Callable, Mapping

from understudy.casting.kind import Record
from understudy.casting.kinds.contacthub.sequence_run import SequenceRun

LACKING = 20
"""Percent of events without ``contextInfo``."""

BROWSERS = ("Mozilla/5.0 (X11; Linux x86_64)", "Mozilla/5.0 (Macintosh)", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)")
MODELS = (("Fotone 7", "Fotone"), ("Aster S", "Aster"), ("Lumo Pad", "Lumo"))


def context_info(run: SequenceRun) -> Record:
    """Return the member ``contextInfo`` of an event; empty for contexts without one, and for some events."""
    make = CONTEXT_INFO.get(run.context)
    if make is None or run.streams.lacks("contextInfo", run.number, LACKING):
        return {}
    return {"contextInfo": make(run)}


def _client(run: SequenceRun) -> Record:
    """Return a browser; its address is in a range reserved for documentation (RFC 5737)."""
    last = 1 + run.streams["ip"].below(run.number, 254)
    agent = run.streams["browser"].pick(run.number, BROWSERS)
    return {"client": {"userAgent": agent, "ip": f"198.51.100.{last}"}}


def _device(run: SequenceRun) -> Record:
    model, vendor = run.streams["model"].pick(run.number, MODELS)
    locale = run.person.locale
    return {"device": {"model": model, "deviceVendor": vendor, "locale": locale, "language": locale[:2]}}


def _shop(run: SequenceRun) -> Record:
    shop = run.shop
    return {
        "store": {
            "id": shop.code,
            "name": shop.name,
            "type": "FREE-STANDING",
            "city": shop.city,
            "country": shop.country,
        }
    }


def _web_shop(run: SequenceRun) -> Record:
    store = {"id": "web", "name": "Web shop", "type": "ECOMMERCE", "website": "https://shop.example.com"}
    return _client(run) | {"store": store}


CONTEXT_INFO: Mapping[str, Callable[[SequenceRun], Record]] = {
    "WEB": _client,
    "SOCIAL": _client,
    "MOBILE": _device,
    "ECOMMERCE": _web_shop,
    "RETAIL": _shop,
}
