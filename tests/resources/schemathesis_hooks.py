"""Corrections of Schemathesis 4.32, where it claims of a request something else than was sent.

Each is narrow: no check, operation or kind of data is left out. ``docs/your-own-api-results.md`` has the evidence.
"""

import gzip
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import requests
from schemathesis.core.jsonschema import make_validator
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi import checks

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
prepare_body = requests.PreparedRequest.prepare_body
was_deleted = checks.resource_was_deleted
accepted = checks._openapi_positive_data_acceptance  # noqa: SLF001 - they have no public names
rejected = checks._openapi_negative_data_rejection  # noqa: SLF001 - the same
other_part_is_invalid = checks._has_other_negated_location  # noqa: SLF001 - the same


def prepare_coded_body(self: requests.PreparedRequest, *arguments: Any, **named: Any) -> None:
    """Encode the body of a request whose ``Content-Encoding`` is gzip: Schemathesis sends the header alone."""
    prepare_body(self, *arguments, **named)
    if self.headers.get("Content-Encoding") == "gzip" and isinstance(self.body, str | bytes):
        plain = self.body.encode() if isinstance(self.body, str) else self.body
        self.body = gzip.compress(plain)
        self.headers["Content-Length"] = str(len(self.body))


def resource_was_deleted(recorder: Any, case: Any, *, created_by: str | None = None) -> bool:
    """Return whether a record was deleted whose id is in the body: Schemathesis compares the paths alone."""
    if was_deleted(recorder, case, created_by=created_by):
        return True
    named = {str(each) for each in case.body.values()} if isinstance(case.body, Mapping) else set()
    for prior in recorder.find_all_cases():
        answered = recorder.find_response(case_id=prior.id)
        ids = {str(each) for each in (prior.path_parameters or {}).values()}
        if prior.operation.method.upper() == "DELETE" and answered and answered.status_code < 300 and ids & named:
            return True
    return False


def positive_data_acceptance(context: Any, response: Any, case: Any) -> bool | None:
    """Check valid data, unless the form that was sent lacks a part of it: an empty list, or the values of objects."""
    if case.media_type in FORMS and isinstance(case.body, Mapping):
        validator = validator_of(case)
        sent = {name: value for name, value in case.body.items() if value not in ([], {})}
        if validator.is_valid(case.body) and not validator.is_valid(sent):
            return None
        if is_cut(case.body, response.request.body):
            return None
    return accepted(context, response, case)


def negative_data_rejection(context: Any, response: Any, case: Any) -> bool | None:
    """Check invalid data, unless a list of what was sent is written as it was: of one text, or in XML of nothing."""
    reads = READINGS.get(case.media_type)
    if reads and isinstance(case.body, Mapping) and not other_part_is_invalid(case, ParameterLocation.BODY):
        validator, sent = validator_of(case), dict(case.body)
        for error in validator.iter_errors(sent):
            name = next(iter(error.instance_path), None)
            if len(error.instance_path) == 1 and name in sent:
                sent[name] = reads(sent[name])
        if validator.is_valid(sent) and sent != case.body:
            return None
    return rejected(context, response, case)


def is_cut(body: Mapping[str, Any], sent: Any) -> bool:
    """Return whether values within lists and objects of a form were not sent: of an object, the names alone are."""
    text = sent.decode("utf-8", "replace") if isinstance(sent, bytes) else str(sent or "")
    wire = "\n".join(value for _, value in parse_qsl(text, keep_blank_values=True)) + text
    nested = [part for value in body.values() if isinstance(value, list | Mapping) for part in objects_in(value)]
    return any(shown not in wire for part in nested for shown in texts_in(part))


def objects_in(value: Any) -> list[Any]:
    """Return the objects in a value, the outer ones."""
    if isinstance(value, Mapping):
        return [value]
    return [found for part in value for found in objects_in(part)] if isinstance(value, list) else []


def texts_in(value: Any) -> list[str]:
    """Return the texts of the single values in a value."""
    if isinstance(value, Mapping | list):
        parts = value.values() if isinstance(value, Mapping) else value
        return [text for part in parts for text in texts_in(part)]
    return [value if isinstance(value, str) else json.dumps(value)]


def validator_of(case: Any) -> Any:
    """Return the validator of a case's body."""
    schema = case.operation.get_body_for_media_type(case.media_type).optimized_schema
    return make_validator(schema, case.operation.schema.adapter.jsonschema_validator_cls)


def list_of_form(value: Any) -> Any:
    """Return the list that a form's field is as well."""
    if isinstance(value, list | Mapping):
        return value
    return [value if isinstance(value, str) else json.dumps(value)]


def list_of_xml(value: Any) -> Any:
    """Return the list that an element is as well: an empty one, if it has no text."""
    return [] if value in ("", None, {}) else value


READINGS = {**dict.fromkeys(FORMS, list_of_form), "application/xml": list_of_xml, "text/xml": list_of_xml}

requests.PreparedRequest.prepare_body = prepare_coded_body  # type: ignore[method-assign]
checks.resource_was_deleted = resource_was_deleted
checks._openapi_positive_data_acceptance = positive_data_acceptance  # noqa: SLF001 - it has no public name
checks._openapi_negative_data_rejection = negative_data_rejection  # noqa: SLF001 - the same
