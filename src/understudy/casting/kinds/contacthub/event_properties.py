"""What each type of event tells: one function for types that tell the same, in a table by the scene's step."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from understudy.casting.kind import Record
from understudy.casting.kinds.contacthub import order_properties
from understudy.casting.kinds.contacthub.sequence_run import SequenceRun
from understudy.core.timestamps import iso_milliseconds
from understudy.vendors.contacthub.start_data.product_values import product_values

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


def _page(occasion: SequenceRun) -> Record:
    title = occasion.draws["page"].pick(occasion.event, PAGES)
    path = f"/{title.lower().replace(' ', '-')}"
    record: Record = {"title": title, "url": SHOP + path, "path": path}
    if not occasion.lacks("referer", 60):
        record["referer"] = "https://search.example.com/"
    return record


def _search(occasion: SequenceRun) -> Record:
    keyword = occasion.draws["keyword"].pick(occasion.event, KEYWORDS)
    record: Record = {"keyword": keyword}
    if not occasion.lacks("resultCount"):
        record["resultCount"] = occasion.draws["results"].below(occasion.event, 60)
    return record


def _category(occasion: SequenceRun) -> Record:
    return {"category": occasion.product().category}


def _product(occasion: SequenceRun) -> Record:
    product = occasion.product()
    record = product_values(product) | {"category": [product.category]}
    if not occasion.lacks("linkUrl"):
        record["linkUrl"] = f"{SHOP}/products/{product.sku}"
    if not occasion.lacks("shortDescription", 50):
        record["shortDescription"] = f"{product.name} by {product.brand}"
    return record


def _in_basket(occasion: SequenceRun) -> Record:
    return _product(occasion) | {"quantity": occasion.basket[0].quantity}


def _review(occasion: SequenceRun) -> Record:
    return _product(occasion) | {"rating": str(5 - occasion.draws.tail("rating", occasion.event, 5) + 1)}


def _setting(occasion: SequenceRun) -> Record:
    setting, old, new = occasion.draws["setting"].pick(occasion.event, SETTINGS)
    return {"setting": setting, "oldValue": old, "newValue": new} if old else {"setting": setting}


def _list(occasion: SequenceRun) -> Record:
    list_id, name = occasion.draws["list"].pick(occasion.number, LISTS)
    return {"subscriberId": occasion.person.id, "listId": list_id, "listName": name, "channel": "EMAIL"}


def _invitation(occasion: SequenceRun) -> Record:
    return _list(occasion) | {"invitationChannel": "EMAIL"}


def _campaign(occasion: SequenceRun) -> Record:
    theme = occasion.draws["theme"].pick(occasion.number, THEMES)
    email = occasion.person.email
    record = _list(occasion) | {"campaignId": occasion.code("K"), "campaignName": theme, "recipient": email}
    if not occasion.lacks("campaignSubject"):
        record["campaignSubject"] = f"{theme}, {occasion.person.first_name}"
    if not occasion.lacks("mailDomain"):
        record["mailDomain"] = email.partition("@")[2]
    return record


def _seen(occasion: SequenceRun) -> Record:
    return _campaign(occasion) | occasion.draws["device"].pick(occasion.number, DEVICES)


def _clicked(occasion: SequenceRun) -> Record:
    return _seen(occasion) | {"linkUrl": f"{SHOP}/products/{occasion.product().sku}", "linkId": "1"}


def _link(occasion: SequenceRun) -> Record:
    return {"title": "Shop", "url": f"{SHOP}/products/{occasion.product().sku}"}


def _ticket(occasion: SequenceRun) -> Record:
    subject = occasion.draws["ticket"].pick(occasion.number, TICKETS)
    record: Record = {"ticketId": occasion.code("T"), "subject": subject}
    if not occasion.lacks("category"):
        record["category"] = ["Help"]
    return record


def _service(occasion: SequenceRun) -> Record:
    service_id, name = occasion.draws["service"].pick(occasion.number, SERVICES)
    since = iso_milliseconds(occasion.starts)
    return {"subscriberId": occasion.person.id, "serviceId": service_id, "serviceName": name, "startDate": since}


def _service_ended(occasion: SequenceRun) -> Record:
    return _service(occasion) | {"endDate": iso_milliseconds(occasion.at)}


def _gathering(occasion: SequenceRun) -> Record:
    """Tell of an evening in a shop; those who come or fail to come do so on its day."""
    name, kind = occasion.draws["gathering"].pick(occasion.number, GATHERINGS)
    shop = occasion.shop
    place = {"city": shop.city, "country": shop.country}
    held = occasion.ends if occasion.finale in FULFILLED else occasion.ends + timedelta(days=7)
    return {
        "eventId": occasion.code("E"),
        "eventName": f"{name} in {shop.city}",
        "eventType": kind,
        "eventDate": iso_milliseconds(held),
        "eventLocation": {"type": "STORE", "id": shop.id, "name": shop.name, "address": place},
    }


def _visit(occasion: SequenceRun) -> Record:
    out = occasion.at + timedelta(minutes=40 + occasion.draws["stay"].below(occasion.event, 120))
    return _gathering(occasion) | {"checkIn": iso_milliseconds(occasion.at), "checkOut": iso_milliseconds(out)}


def _form(occasion: SequenceRun) -> Record:
    name = occasion.draws["form"].pick(occasion.number, FORMS)
    return {"formName": name, "formId": name.lower().replace(" ", "-"), "data": {"city": occasion.person.city}}


def _survey(occasion: SequenceRun) -> Record:
    answer = {
        "question": "How likely are you to come again?",
        "answer": str(occasion.draws["answer"].below(occasion.event, 11)),
    }
    return {"surveyId": "after-form", "surveyName": "How was it?", "answers": [answer]}


def _generic(occasion: SequenceRun) -> Record:
    return {"name": occasion.draws["sensed"].pick(occasion.event, SENSED)}


PropertyMaker = Callable[[SequenceRun], Record]


def _each(types: str, tell: PropertyMaker) -> dict[str, PropertyMaker]:
    return dict.fromkeys(types.split(), tell)


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
"""What is told at each step of a scene: a type of event, or ``returnedOrder``, a completed order brought back."""
