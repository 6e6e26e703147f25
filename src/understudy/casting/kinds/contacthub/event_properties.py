"""``properties`` of an event: a function for each group of types with the same properties, by step."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from understudy.casting.kind import Record
from understudy.casting.kinds.contacthub import order_properties
from understudy.casting.kinds.contacthub.sequence_run import SequenceRun
from understudy.core.timestamps import iso_milliseconds
from understudy.vendors.contacthub.cast_mapping import product_values

SHOP = "https://shop.example.com"
KEYWORDS = ("espresso", "winter coat", "gift", "size 42", "linen", "teapot", "red scarf", "rucksack")
PAGES = ("Home", "News", "Sale", "Stores", "About us", "Help")
SETTINGS = (("LANGUAGE", "it", "en"), ("CURRENCY", "EUR", "GBP"), ("PASSWORD", "", ""), ("EMAIL", "", ""))
LISTS = (("newsletter", "Weekly newsletter"), ("offers", "Offers of the month"), ("club", "News of the club"))
THEMES = ("Winter sale", "New arrivals", "Back in stock", "Gifts", "A thank-you", "Spring is here")
TICKETS = ("A parcel is late", "The size does not fit", "A question about a bill", "A coupon does not work")
SERVICES = (("fit", "Fitting at home"), ("alerts", "Alerts when back in stock"), ("repair", "Repairs for members"))
GATHERINGS = (("Tasting", "TASTING"), ("Fashion evening", "SHOW"), ("Workshop", "WORKSHOP"), ("Club night", "PARTY"))
FORMS = ("Size guide", "Wishes", "Competition")
SENSED = ("Door opened", "Shelf touched", "Mirror asked", "Fitting room entered")
DEVICES = ({"isMobile": 1, "isTablet": 0}, {"isMobile": 0, "isTablet": 1}, {"isMobile": 0, "isTablet": 0})
FULFILLED = {"eventParticipated", "eventNoShow"}


def _nothing(_: SequenceRun) -> Record:
    return {}


def _page(run: SequenceRun) -> Record:
    title = run.streams["page"].pick(run.event, PAGES)
    path = f"/{title.lower().replace(' ', '-')}"
    record: Record = {"title": title, "url": SHOP + path, "path": path}
    if not run.lacks("referer", 60):
        record["referer"] = "https://search.example.com/"
    return record


def _search(run: SequenceRun) -> Record:
    keyword = run.streams["keyword"].pick(run.event, KEYWORDS)
    record: Record = {"keyword": keyword}
    if not run.lacks("resultCount"):
        record["resultCount"] = run.streams["results"].below(run.event, 60)
    return record


def _category(run: SequenceRun) -> Record:
    return {"category": run.product().category}


def _product(run: SequenceRun) -> Record:
    product = run.product()
    record = product_values(product) | {"category": [product.category]}
    if not run.lacks("linkUrl"):
        record["linkUrl"] = f"{SHOP}/products/{product.sku}"
    if not run.lacks("shortDescription", 50):
        record["shortDescription"] = f"{product.name} by {product.brand}"
    return record


def _in_basket(run: SequenceRun) -> Record:
    return _product(run) | {"quantity": run.basket[0].quantity}


def _review(run: SequenceRun) -> Record:
    return _product(run) | {"rating": str(5 - run.streams.long_tailed("rating", run.event, 5) + 1)}


def _setting(run: SequenceRun) -> Record:
    setting, old, new = run.streams["setting"].pick(run.event, SETTINGS)
    return {"setting": setting, "oldValue": old, "newValue": new} if old else {"setting": setting}


def _list(run: SequenceRun) -> Record:
    list_id, name = run.streams["list"].pick(run.number, LISTS)
    return {"subscriberId": run.person.id, "listId": list_id, "listName": name, "channel": "EMAIL"}


def _invitation(run: SequenceRun) -> Record:
    return _list(run) | {"invitationChannel": "EMAIL"}


def _campaign(run: SequenceRun) -> Record:
    theme = run.streams["theme"].pick(run.number, THEMES)
    email = run.person.email
    record = _list(run) | {"campaignId": run.code("K"), "campaignName": theme, "recipient": email}
    if not run.lacks("campaignSubject"):
        record["campaignSubject"] = f"{theme}, {run.person.first_name}"
    if not run.lacks("mailDomain"):
        record["mailDomain"] = email.partition("@")[2]
    return record


def _seen(run: SequenceRun) -> Record:
    return _campaign(run) | run.streams["device"].pick(run.number, DEVICES)


def _clicked(run: SequenceRun) -> Record:
    return _seen(run) | {"linkUrl": f"{SHOP}/products/{run.product().sku}", "linkId": "1"}


def _link(run: SequenceRun) -> Record:
    return {"title": "Shop", "url": f"{SHOP}/products/{run.product().sku}"}


def _ticket(run: SequenceRun) -> Record:
    subject = run.streams["ticket"].pick(run.number, TICKETS)
    record: Record = {"ticketId": run.code("T"), "subject": subject}
    if not run.lacks("category"):
        record["category"] = ["Help"]
    return record


def _service(run: SequenceRun) -> Record:
    service_id, name = run.streams["service"].pick(run.number, SERVICES)
    since = iso_milliseconds(run.starts)
    return {"subscriberId": run.person.id, "serviceId": service_id, "serviceName": name, "startDate": since}


def _service_ended(run: SequenceRun) -> Record:
    return _service(run) | {"endDate": iso_milliseconds(run.at)}


def _gathering(run: SequenceRun) -> Record:
    """Return an evening in a shop, on the day of the last step if that is attendance or absence, else a week later."""
    name, kind = run.streams["gathering"].pick(run.number, GATHERINGS)
    shop = run.shop
    place = {"city": shop.city, "country": shop.country}
    held = run.ends if run.last_event in FULFILLED else run.ends + timedelta(days=7)
    return {
        "eventId": run.code("E"),
        "eventName": f"{name} in {shop.city}",
        "eventType": kind,
        "eventDate": iso_milliseconds(held),
        "eventLocation": {"type": "STORE", "id": shop.id, "name": shop.name, "address": place},
    }


def _visit(run: SequenceRun) -> Record:
    out = run.at + timedelta(minutes=40 + run.streams["stay"].below(run.event, 120))
    return _gathering(run) | {"checkIn": iso_milliseconds(run.at), "checkOut": iso_milliseconds(out)}


def _form(run: SequenceRun) -> Record:
    name = run.streams["form"].pick(run.number, FORMS)
    return {"formName": name, "formId": name.lower().replace(" ", "-"), "data": {"city": run.person.city}}


def _survey(run: SequenceRun) -> Record:
    answer = {
        "question": "How likely are you to come again?",
        "answer": str(run.streams["answer"].below(run.event, 11)),
    }
    return {"surveyId": "after-form", "surveyName": "How was it?", "answers": [answer]}


def _generic(run: SequenceRun) -> Record:
    return {"name": run.streams["sensed"].pick(run.event, SENSED)}


PropertyMaker = Callable[[SequenceRun], Record]


def _each(types: str, make: PropertyMaker) -> dict[str, PropertyMaker]:
    return dict.fromkeys(types.split(), make)


PROPERTIES_BY_STEP: Mapping[str, PropertyMaker] = {
    **_each("loggedIn loggedOut", _nothing),
    **_each("viewedPage", _page),
    **_each("searched", _search),
    **_each("viewedProductCategory", _category),
    **_each("viewedProduct addedCompare removedCompare addedWishlist removedWishlist", _product),
    **_each("addedProduct removedProduct", _in_basket),
    **_each("reviewedProduct", _review),
    **_each("changedSetting", _setting),
    **_each("clickedLink", _link),
    **_each("completedOrder", order_properties.order_properties),
    **_each("returnedOrder", order_properties.return_properties),
    **_each("orderShipped", order_properties.shipment),
    **_each("abandonedCart", order_properties.abandoned_cart),
    **_each("abandonedSession", order_properties.abandoned_session),
    **_each("grantedCoupon", order_properties.coupon),
    **_each("addedReward removedReward", order_properties.reward),
    **_each("campaignOptinRequested", _invitation),
    **_each("campaignSubscribed", _list),
    **_each("campaignSent campaignUnsubscribed", _campaign),
    **_each("campaignOpened campaignBounced campaignMarkedSpam campaignBlacklisted", _seen),
    **_each("campaignLinkClicked", _clicked),
    **_each("openedTicket repliedTicket closedTicket", _ticket),
    **_each("serviceSubscribed", _service),
    **_each("serviceUnsubscribed", _service_ended),
    **_each(
        "eventEligible eventInvited eventNotInvited eventConfirmed eventDeclined eventRegistered eventNoShow",
        _gathering,
    ),
    **_each("eventParticipated", _visit),
    **_each("formCompiled", _form),
    **_each("surveyCompiled", _survey),
    **_each("genericActiveEvent genericPassiveEvent", _generic),
}
"""Function for each step of a sequence: an event type, or ``returnedOrder``, a ``completedOrder`` of type return."""
