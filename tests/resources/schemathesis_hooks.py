"""Corrections of Schemathesis 4.32, where it claims of a request something else than was sent.

Each is narrow: no check, operation or kind of data is left out. ``docs/your-own-api-results.md`` has the evidence.
"""

import gzip
import json
from collections.abc import Mapping
from typing import Any

import requests
import schemathesis
from schemathesis.core.jsonschema import make_validator
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi import checks

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
prepare_body = requests.PreparedRequest.prepare_body
was_deleted = checks.resource_was_deleted


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


requests.PreparedRequest.prepare_body = prepare_coded_body  # type: ignore[method-assign]
checks.resource_was_deleted = resource_was_deleted


@schemathesis.hook
def filter_case(_context: Any, case: Any) -> bool:
    """Return whether a form is as valid, or as invalid, in its texts as Schemathesis claims of its values.

    An empty list is no text at all, so that a required one is missing; one text is a list of one as well.
    """
    if case.media_type not in FORMS or not isinstance(case.body, Mapping) or case.meta is None:
        return True
    alternative = case.operation.get_body_for_media_type(case.media_type)
    if alternative is None:
        return True
    validator = make_validator(alternative.optimized_schema, case.operation.schema.adapter.jsonschema_validator_cls)
    sent = {name: value for name, value in case.body.items() if value not in ([], {})}
    if not case.meta.is_negative_at(ParameterLocation.BODY):
        return bool(validator.is_valid(sent) or not validator.is_valid(case.body))
    for error in validator.iter_errors(sent):
        name = next(iter(error.instance_path), None)
        if len(error.instance_path) == 1 and name in sent and not isinstance(sent[name], list | Mapping):
            sent[name] = [_text(sent[name])]
    return not validator.is_valid(sent)


def _text(value: Any) -> str:
    """Return a value as a form has it."""
    return value if isinstance(value, str) else json.dumps(value)
