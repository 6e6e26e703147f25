"""Types of event fields with their attributes, and the rules for the fields of an event."""

from dataclasses import dataclass
from typing import Any

from understudy.core.refused import Refused
from understudy.vendors.capillary.errors import ATTRIBUTE, MESSAGES
from understudy.vendors.capillary.field_patterns import BadPattern, check_pattern

Field = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Attribute:
    """Attribute of a field type; without a default it is stored without a value."""

    name: str
    label: str
    value_type: str
    default: str | None = None
    possible: tuple[str, ...] = ()

    def default_value(self) -> dict[str, Any]:
        """Return the attribute as stored when the request does not set it."""
        return {"valueType": self.value_type} | ({} if self.default is None else {"value": self.default})

    def catalogue_entry(self) -> dict[str, Any]:
        """Return the attribute as listed in the catalogue of field types."""
        response: dict[str, Any] = {"name": self.name, "label": self.label, "valueType": self.value_type}
        if self.default is not None:
            response["defaultValue"] = self.default
        if self.possible:
            response["possibleValues"] = list(self.possible)
        return response


@dataclass(frozen=True, slots=True)
class FieldType:
    """Type of an event's field; every stored field of the type has all its ``attributes``."""

    name: str
    label: str
    value_type: str
    attributes: tuple[Attribute, ...]

    def catalogue_entry(self) -> dict[str, Any]:
        """Return the type as listed in the catalogue of field types."""
        attributes = [attribute.catalogue_entry() for attribute in self.attributes]
        return {"type": self.name, "label": self.label, "valueType": self.value_type, "attributes": attributes}


IDENTIFIER_TYPES = tuple(
    "userId mobile email externalId wechat martjackId cuid fbid unionId fcmToken line cardnumber cardExternalId".split()
)
SOURCES = "FACEBOOK WEB_ENGAGE WECHAT INSTORE MARTJACK TMALL TAOBAO JD ECOMMERCE WEBSITE LINE"

ACCOUNT = Attribute("accountId", "Account of the source", "ENUM", possible=("WECHAT", "LINE"))
ADD = Attribute("addCustomerIfNotExists", "Register unknown customers", "BOOLEAN", "false")
GROUP = Attribute("groupIdentifierType", "Group identifier", "ENUM", "GroupExternalId")
MOBILE = Attribute("identifierType", "Customer identifier", "ENUM", "mobile", IDENTIFIER_TYPES)
USER_ID = Attribute("identifierType", "Customer identifier", "ENUM", "userId", IDENTIFIER_TYPES)
PSI = Attribute("isPsiData", "Sensitive data", "BOOLEAN", "false")
REQUIRED = Attribute("isRequired", "Required", "BOOLEAN", "true")
UNIQUE = Attribute("isUniqueKeyField", "Part of the unique key", "BOOLEAN", "false")
VALUES = Attribute("possibleValues", "Possible values", "LIST")
REGEX = Attribute("regex", "Regular expression", "STRING")
SOURCE = Attribute("source", "Source", "ENUM", "INSTORE", tuple(SOURCES.split()))

FIELD_TYPES = (
    FieldType("tillCode", "Till code", "String", (REQUIRED, UNIQUE)),
    FieldType("couponCode", "Coupon code", "String", (REQUIRED, UNIQUE, REGEX)),
    FieldType("customer", "Customer", "String", (ACCOUNT, ADD, MOBILE, REQUIRED, SOURCE)),
    FieldType("productSku", "Product SKU", "String", (REQUIRED, UNIQUE)),
    FieldType("productBrand", "Product brand", "String", (REQUIRED, UNIQUE)),
    FieldType("productCategory", "Product category", "String", (REQUIRED, UNIQUE)),
    FieldType("string", "Text", "String", (PSI, REQUIRED, UNIQUE, REGEX)),
    FieldType("double", "Number", "double", (PSI, REQUIRED, UNIQUE)),
    FieldType("groupId", "Group", "String", (ACCOUNT, GROUP, USER_ID, REQUIRED, UNIQUE, SOURCE)),
    FieldType("date", "Date", "Date", (REQUIRED, UNIQUE)),
    FieldType("enum", "One of a list", "Enum", (PSI, REQUIRED, UNIQUE, VALUES)),
    FieldType("integer", "Whole number", "Integer", (REQUIRED, UNIQUE)),
    FieldType("boolean", "True or false", "Boolean", (REQUIRED, UNIQUE)),
)
BY_STORED_NAME = {kind.name.upper(): kind for kind in FIELD_TYPES}


def complete_field(field: Field) -> Field:
    """Return a field as stored: type in capitals, attributes sorted, missing ones with the type's defaults.

    What is sent stays as it is written, in its case too.
    """
    stored_type = field["type"].upper()
    attributes = {attribute.name: attribute.default_value() for attribute in BY_STORED_NAME[stored_type].attributes}
    for name, given in (field.get("attributes") or {}).items():
        non_null = {key: value for key, value in given.items() if value is not None}
        attributes[name] = {"valueType": "STRING"} | attributes.get(name, {}) | non_null
    return {"name": field["name"], "type": stored_type, "attributes": dict(sorted(attributes.items()))}


def check_fields(fields: list[Field], before: list[Field]) -> None:
    """Refuse fields that break a rule by themselves, or against ``before``, the fields of the event so far."""
    if customer_field(fields) is None:
        raise Refused(400, "An event needs a field of type customer")
    for field in fields:
        if is_on(field, "isUniqueKeyField") and not is_on(field, "isRequired"):
            raise _bad_attribute()
        if field["type"] == "CUSTOMER" and is_on(field, "isPsiData"):
            raise _bad_attribute()
        try:
            check_pattern(value_of(field, "regex"))
        except BadPattern:
            raise _bad_attribute() from None
    unique_before = {field["name"] for field in before if is_on(field, "isUniqueKeyField")}
    for field in fields:
        if field["name"] in unique_before and not is_on(field, "isUniqueKeyField"):
            raise _bad_attribute()


def _bad_attribute() -> Refused:
    return Refused(400, MESSAGES[ATTRIBUTE], code=ATTRIBUTE)


def mark_standard_fields(fields: list[Field], before: list[Field]) -> None:
    """Mark the fields that were built in by the vendor before an update, by their names."""
    built_in = {field["name"] for field in before if field.get("standardField")}
    for field in fields:
        if field["name"] in built_in:
            field["standardField"] = True


def customer_field(fields: list[Field]) -> Field | None:
    """Return the stored field of type customer, if there is one."""
    return next((field for field in fields if field["type"] == "CUSTOMER"), None)


def is_on(field: Field, attribute: str) -> bool:
    """Return whether a stored field's attribute is true; the vendor writes truth values as text."""
    return str(field["attributes"].get(attribute, {}).get("value", "")).lower() == "true"


def value_of(field: Field, attribute: str) -> str:
    """Return the value of a stored field's attribute; empty text if it has none."""
    return str(field["attributes"].get(attribute, {}).get("value", ""))
