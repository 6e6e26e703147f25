"""Reference lists for the configuration: merge policies, source providers, event contexts."""

import orjson

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.merge_policies import MERGE_POLICIES
from understudy.vendors.contacthub.nodes.source_providers import PROVIDERS
from understudy.vendors.contacthub.schemas.event_models import context_model
from understudy.vendors.contacthub.workspace_access import enter_workspace

CONTEXTS = (
    ("CONTACT_CENTER", "Contact center", "On the phone, or in writing with an agent."),
    ("WEB", "Web", "On a web site."),
    ("MOBILE", "Mobile", "In an app."),
    ("ECOMMERCE", "E-commerce", "In a web shop."),
    ("RETAIL", "Retail", "In a store."),
    ("IOT", "Internet of things", "On a device."),
    ("SOCIAL", "Social", "On a social network."),
    ("DIGITAL_CAMPAIGN", "Digital campaign", "In a message."),
    ("OTHER", "Other", "Elsewhere."),
)


def list_merge_policies(state: VendorState, workspace_id: str, caller: Caller) -> Reply:
    """Return the merge policies of extended properties."""
    enter_workspace(state, caller, workspace_id)
    return Reply(
        {
            "elements": [
                {"id": name, "description": description, "supportedTypes": types}
                for name, description, types in MERGE_POLICIES
            ]
        }
    )


def list_providers(state: VendorState, workspace_id: str, caller: Caller) -> Reply:
    """Return the providers of sources."""
    enter_workspace(state, caller, workspace_id)
    return Reply({"elements": [provider.to_json() for provider in PROVIDERS]})


def list_contexts(state: VendorState, workspace_id: str, caller: Caller) -> Reply:
    """Return the contexts of events."""
    enter_workspace(state, caller, workspace_id)
    return Reply({"elements": [_context(*context) for context in CONTEXTS]})


def _context(name: str, label: str, description: str) -> Json:
    schema = orjson.dumps(context_model(name)["contextInfoSchema"]).decode()
    return {"id": name, "label": label, "description": description, "propertiesSchema": schema}
