"""Providers (kinds) of sources, each with the settings and the role of its sources."""

from dataclasses import dataclass
from typing import Any

from understudy.core.json_types import Json

TRUSTED, UNTRUSTED = "TRUSTED_APPLICATION", "UNTRUSTED_APPLICATION"
API, JAVASCRIPT, CONTACTSEND, CONTACTPLAN = "API", "JavaScript", "CONTACTSEND", "CONTACTPLAN"


@dataclass(frozen=True, slots=True)
class Provider:
    """Provider of sources; ``settings`` are the JSON schemas of its sources' ``properties``, by name."""

    id: str
    label: str
    category: str
    description: str
    role: str
    settings: Json

    def to_json(self) -> Json:
        """Return the provider as the list of providers shows it."""
        return {
            "id": self.id,
            "label": self.label,
            "logo": None,
            "categories": [self.category],
            "description": self.description,
            "documents": None,
            "propertiesSchema": {"type": "object", "properties": self.settings},
            "role": self.role,
        }


def _list_of(**properties: Any) -> Json:
    items = {"type": "object", "properties": {name: {"type": kind} for name, kind in properties.items()}}
    return {"type": "array", "items": items}


_INTEGER = {"type": "integer"}
_FLAG = {"type": "boolean"}
_ADDRESSES = {"allowedIPs": {"type": "array", "items": {"type": "string", "format": "ipv4"}}}
_PAGES = {"allowedURLs": {"type": "array", "items": {"type": "string", "format": "uri"}}}
_SEND = {
    "userdbId": _INTEGER,
    "groupPk": _INTEGER,
    "mappedColumns": _list_of(hub="string", send="string"),
    "options": {"type": "object", "properties": {"syncCustomer": {"type": "string"}, "importEvent": _FLAG}},
    "subscriptions": _list_of(sendWfc="string", hub="string", send="string"),
}
_PLAN = {
    "userdbId": _INTEGER,
    "groupPk": _INTEGER,
    "exportProducts": _FLAG,
    "exportStores": _FLAG,
    "eventPropertiesColumnMapping": _list_of(model="string", mapping="array"),
    "productsPropertiesColumnMapping": _list_of(model="string", mapping="array"),
    "classifications": {"type": "array", "items": {"type": "string"}},
}

PROVIDERS: tuple[Provider, ...] = (
    Provider(API, "API", "API", "A program that calls the API.", TRUSTED, _ADDRESSES),
    Provider(JAVASCRIPT, "JavaScript", "WEB", "The script of a web page.", UNTRUSTED, _PAGES),
    Provider("MAGENTO", "Magento", "ECOMMERCE", "A Magento shop.", TRUSTED, _ADDRESSES),
    Provider(CONTACTSEND, "Contactsend", "CONTACTLAB", "A user database of Contactsend.", TRUSTED, _SEND),
    Provider(CONTACTPLAN, "Contactplan", "CONTACTLAB", "An export to Contactplan.", TRUSTED, _PLAN),
    Provider("ANDROID_SDK", "Android", "SDK", "An app for Android.", UNTRUSTED, _ADDRESSES),
    Provider("OBJECTIVEC_SDK", "Objective-C", "SDK", "An app for iOS.", UNTRUSTED, _ADDRESSES),
    Provider("NODEJS_SDK", "Node.js", "SDK", "A program on Node.js.", TRUSTED, _ADDRESSES),
    Provider("JAVA_SDK", "Java", "SDK", "A program in Java.", TRUSTED, _ADDRESSES),
    Provider("SCALA_SDK", "Scala", "SDK", "A program in Scala.", TRUSTED, _ADDRESSES),
    Provider("DOTNET_SDK", ".NET", "SDK", "A program on .NET.", TRUSTED, _ADDRESSES),
)
"""Known providers. A source in a browser or an app is untrusted and may only write (vendor's guide)."""

PROGRAMS = frozenset(provider.id for provider in PROVIDERS if provider.settings is _ADDRESSES)
"""Ids of the eight providers that the body of an update may name (documented)."""

ROLE_OF = {provider.id: provider.role for provider in PROVIDERS}
"""Role of a source's token, by provider id."""
