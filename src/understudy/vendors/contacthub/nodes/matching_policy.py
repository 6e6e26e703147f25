"""Matching policy of a node: the properties by which two customers are equal."""

from understudy.core.json_types import Json

DEFAULT_POLICY: Json = {"properties": ["base.contacts.email"], "caseSensitive": False}
"""Matching policy of a node that is created without one."""


def complete_policy(sent: Json) -> Json:
    """Return a matching policy with all of its properties; the default of ``caseSensitive`` is false."""
    return {"caseSensitive": sent.get("caseSensitive", False), "properties": sent["properties"]}
