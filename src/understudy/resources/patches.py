"""Patches of records: JSON Patch and JSON Merge Patch, by the request's media type."""

from typing import Any

from understudy.core.json_patch import PatchRefused, is_patch, merge_patched, patched
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.request_facts import RequestFacts
from understudy.resources.record_forms import RecordForms, at
from understudy.resources.resource import Resource, Use

JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"


def patch_kind(request: RequestFacts, body: Any) -> str:
    """Return the media type of a patch, also of a list of operations that is sent as plain JSON; empty for none."""
    media = request.header("content-type").partition(";")[0].strip().lower()
    if media in (JSON_PATCH, MERGE_PATCH):
        return media
    return JSON_PATCH if is_patch(body) else ""


def patched_record(
    forms: RecordForms, resource: Resource, use: Use, record: Json, request: RequestFacts, body: Any
) -> Json:
    """Return a record with a patch applied; refuse a JSON Patch that cannot be, changes the id or breaks the schema.

    Of a merge patch that the record's schema does not allow as a whole, the allowed members are taken.
    """
    if patch_kind(request, body) == MERGE_PATCH:
        sent = at(body, use.sent_place) if use.sent_place else body
        known = forms.known_part(resource.schema, sent)
        known.pop(resource.id_property, None)
        made = merge_patched(record, known)
        return made if not forms.violations(resource.schema, made) else forms.overlaid(resource.schema, record, known)
    try:
        made = patched(record, body)
    except PatchRefused as refused:
        raise Refused(refused.status, str(refused)) from None
    if not isinstance(made, dict):
        raise Refused(422, f"the patch leaves no object of the {resource.singular}")
    name = resource.id_property
    if name in record and made.get(name) != record[name]:
        raise Refused(422, f"the {name} of a {resource.singular} cannot be changed")
    wrong = forms.violations(resource.schema, made)
    if wrong:
        reason = f"{wrong[0].path} {wrong[0].message}".strip()
        raise Refused(422, f"the patched {resource.singular} is not valid: {reason}", violations=wrong)
    return made
