"""Where an event came from: the client, the device or the shop."""

from collections.abc import Callable, Mapping

from understudy.casting.kind import Record
from understudy.casting.kinds.contacthub.sequence_run import SequenceRun

LACKING = 20
BROWSERS = ("Mozilla/5.0 (X11; Linux x86_64)", "Mozilla/5.0 (Macintosh)", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)")
MODELS = (("Fotone 7", "Fotone"), ("Aster S", "Aster"), ("Lumo Pad", "Lumo"))


def context_info(occasion: SequenceRun) -> Record:
    """Return an event's ``contextInfo``, or nothing where there is none."""
    tell = CONTEXT_INFO.get(occasion.context)
    if tell is None or occasion.draws.lacks("contextInfo", occasion.number, LACKING):
        return {}
    return {"contextInfo": tell(occasion)}


def _client(occasion: SequenceRun) -> Record:
    """Tell of a browser; its address is one that is kept for documentation."""
    last = 1 + occasion.draws["ip"].below(occasion.number, 254)
    agent = occasion.draws["browser"].pick(occasion.number, BROWSERS)
    return {"client": {"userAgent": agent, "ip": f"198.51.100.{last}"}}


def _device(occasion: SequenceRun) -> Record:
    model, vendor = occasion.draws["model"].pick(occasion.number, MODELS)
    locale = occasion.person.locale
    return {"device": {"model": model, "deviceVendor": vendor, "locale": locale, "language": locale[:2]}}


def _shop(occasion: SequenceRun) -> Record:
    shop = occasion.shop
    return {
        "store": {
            "id": shop.code,
            "name": shop.name,
            "type": "FREE-STANDING",
            "city": shop.city,
            "country": shop.country,
        }
    }


def _web_shop(occasion: SequenceRun) -> Record:
    store = {"id": "web", "name": "Web shop", "type": "ECOMMERCE", "website": "https://shop.example.com"}
    return _client(occasion) | {"store": store}


CONTEXT_INFO: Mapping[str, Callable[[SequenceRun], Record]] = {
    "WEB": _client,
    "SOCIAL": _client,
    "MOBILE": _device,
    "ECOMMERCE": _web_shop,
    "RETAIL": _shop,
}
