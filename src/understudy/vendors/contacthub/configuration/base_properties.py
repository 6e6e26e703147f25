"""Base properties of customers by their dotted path below ``base`` (version 1.51), each enabled or disabled."""

from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import (
    disabled_base_properties,
    read_setting,
    write_setting,
)

DESCRIPTIONS = {
    "address": "Where the customer lives",
    "address.city": "City",
    "address.country": "Country",
    "address.geo": "Place on the map",
    "address.geo.lat": "Latitude",
    "address.geo.lon": "Longitude",
    "address.province": "Province",
    "address.street": "Street and number",
    "address.zip": "Postal code",
    "address.region": "Region",
    "contacts": "How to reach the customer",
    "contacts.email": "E-mail address",
    "contacts.fax": "Fax number",
    "contacts.mobileDevices": "Devices that take notifications",
    "contacts.mobilePhone": "Mobile number",
    "contacts.otherContacts": "Further contacts",
    "contacts.phone": "Phone number",
    "credential": "How the customer signs in",
    "credential.password": "Password",
    "credential.username": "User name",
    "dob": "Date of birth",
    "educations": "Schools and studies",
    "firstName": "First name",
    "gender": "Gender",
    "jobs": "Jobs",
    "lastName": "Last name",
    "likes": "Likes",
    "locale": "Language and country",
    "middleName": "Middle name",
    "pictureUrl": "Picture",
    "prefix": "What goes before the name",
    "socialProfile": "Accounts on social networks",
    "socialProfile.facebook": "Account on Facebook",
    "socialProfile.google": "Account on Google",
    "socialProfile.instagram": "Account on Instagram",
    "socialProfile.linkedin": "Account on LinkedIn",
    "socialProfile.qzone": "Account on Qzone",
    "socialProfile.twitter": "Account on Twitter",
    "subscriptions": "Subscriptions",
    "timezone": "Time zone",
    "title": "Title",
}


def base_properties(state: VendorState, workspace_id: str) -> list[Json]:
    """Return all base properties, each with its description and whether it is enabled."""
    disabled = disabled_base_properties(state, workspace_id)
    return [
        {"name": name, "description": description, "enabled": name not in disabled}
        for name, description in DESCRIPTIONS.items()
    ]


def switch_base_property(state: VendorState, workspace_id: str, name: str, *, enabled: bool | None) -> Json:
    """Enable, disable or (``None``) only return a base property; refuse an unknown one with 404."""
    if name not in DESCRIPTIONS:
        raise Refused(404, f"base property not found {name}")
    if enabled is not None:
        states = {**read_setting(state, workspace_id, "baseProperties", {}), name: {"enabled": enabled}}
        kept = {other: status_row for other, status_row in states.items() if not status_row["enabled"]}
        write_setting(state, workspace_id, "baseProperties", kept)
    is_enabled = name not in disabled_base_properties(state, workspace_id)
    return {"name": name, "description": DESCRIPTIONS[name], "enabled": is_enabled}
