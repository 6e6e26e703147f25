"""Parameters of operations: texts of a request, parsed to typed values and checked strictly against their schemas."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from keyword import iskeyword
from typing import Any

from understudy.contract.document import Document
from understudy.contract.json_schema_validator import Validator
from understudy.contract.parameter_texts import READERS, read_any_case, read_text
from understudy.contract.schema_compiler import SchemaCompiler
from understudy.contract.styled_parameters import StyledParameter, compile_style
from understudy.contract.supported_openapi import ANY_CASE, ANY_FORM
from understudy.core.numbers import clamped
from understudy.core.refused import Violation

WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
NOT_WORD = re.compile(r"[^0-9A-Za-z]+")
RESERVED = frozenset({"state", "request", "body", "caller", "url_for"})
"""Arguments of a handler that are no parameters."""

ANNOTATIONS = frozenset({"title", "description", "default", "example"})
"""Keywords of a schema that only document it."""


def python_name(name: str) -> str:
    """Return a spec's name as a Python argument: ``X-TWC-Tenant`` as ``x_twc_tenant``, ``userId`` as ``user_id``."""
    return NOT_WORD.sub("_", WORD_START.sub("_", name)).strip("_").lower()


@dataclass(frozen=True, slots=True)
class Parameter:
    """Declared parameter or response header, compiled to parse and check its text.

    ``name`` is the name in the spec, ``argument`` the handler's. A parameter that ``is_list`` has several values: each
    as ``name=value`` if it ``is_exploded``, otherwise in one text, separated by commas. One that ``takes_any_form`` is
    read in either way, with or without spaces beside the commas. If it ``takes_empty``, an empty text is no value.
    """

    name: str
    argument: str
    where: str
    is_required: bool
    is_list: bool
    is_exploded: bool
    takes_any_form: bool
    takes_empty: bool
    read: Callable[[str], Any]
    validator: Validator
    default: Any
    node: Mapping[str, Any]
    takes_any_segment: bool
    """True if the schema allows every segment of a path; a segment is never empty."""
    styled: StyledParameter | None = None
    """Reader of the texts, of a foreign document's parameter."""

    def find(self, pairs: Mapping[str, Sequence[str]]) -> Sequence[str] | None:
        """Return the texts among the pairs of a query or of cookies, or ``None`` if there are none that count."""
        if self.styled is None:
            return self.given(pairs.get(self.name))
        found: Sequence[str] | None = self.styled.collect(pairs)
        return None if self.takes_empty and found == [""] else found

    def value(self, texts: Sequence[str]) -> Any:
        """Return the typed value of the texts, one for each occurrence; raise ``InvalidParameter`` if it is invalid."""
        if len(texts) > 1 and isinstance(texts, list) and not self._takes_many:
            raise InvalidParameter(
                [Violation(self.where, self.name, "repeated", f"{self.name} is given more than once", [*texts])]
            )
        if self.styled is not None:
            value: Any = self.styled.value(texts)
        elif self.is_list:
            value = [self.read(part) for part in self._parts(texts)]
        else:
            value = self.read(texts[0])
        if not self.validator.is_valid(value):
            raise InvalidParameter(self._violations(value))
        return clamped(value) if self.styled is not None else value

    @property
    def _takes_many(self) -> bool:
        if self.styled is not None:
            return self.styled.takes_many
        return self.is_list and (self.is_exploded or self.takes_any_form)

    def given(self, texts: Sequence[str] | None) -> Sequence[str] | None:
        """Return the texts that count as given, or ``None`` for none: an empty one may stand for an absent value."""
        if not self.takes_empty or texts is None or all(texts):
            return texts
        if self.is_list:
            return [text for text in texts if text] or None
        return texts if len(texts) > 1 else None

    def _parts(self, texts: Sequence[str]) -> Sequence[str]:
        if self.takes_any_form:
            return [part.strip() for text in texts for part in text.split(",")]
        return texts if self.is_exploded else texts[0].split(",")

    def missing(self) -> Violation:
        """Return the violation of a required parameter that is missing."""
        return Violation(self.where, self.name, "required", f"{self.name} is required")

    def _violations(self, value: Any) -> list[Violation]:
        found = self.validator.violations(value, self.where)
        return [Violation(self.where, self.name, each.rule, each.message, value, each.hint) for each in found]


class InvalidParameter(Exception):  # noqa: N818 - caught, and turned into a refusal
    """Text of a parameter that its schema refuses, with the violations."""

    def __init__(self, violations: list[Violation]) -> None:
        super().__init__(violations[0].message)
        self.violations = violations


def compile_parameters(
    document: Document, schemas: SchemaCompiler, operation: Mapping[str, Any], item: Mapping[str, Any]
) -> tuple[Parameter, ...]:
    """Return an operation's own parameters, and the parameters of its path that it does not override."""
    declared: dict[tuple[str, str], Mapping[str, Any]] = {}
    for node in [*item.get("parameters", ()), *operation.get("parameters", ())]:
        found = document.resolve(node)
        declared[found["in"], found["name"]] = found
    made = tuple(compile_parameter(document, schemas, node) for node in declared.values())
    return _with_own_arguments(made) if document.is_foreign else made


def _with_own_arguments(parameters: Sequence[Parameter]) -> tuple[Parameter, ...]:
    """Return parameters whose arguments differ from each other, and from those that a handler has anyway."""
    taken, made = set(RESERVED), []
    for each in parameters:
        argument = wanted = each.argument or "value"
        number = 1
        while argument in taken or iskeyword(argument) or not argument.isidentifier():
            number += 1
            argument = f"{wanted}_{'' if number == 2 else number}" if wanted.isidentifier() else f"_{wanted}_{number}"
        taken.add(argument)
        made.append(replace(each, argument=argument))
    return tuple(made)


def compile_parameter(document: Document, schemas: SchemaCompiler, node: Mapping[str, Any]) -> Parameter:
    """Return a compiled parameter; a response header is one, too, with its name and ``in: header`` added."""
    schema = document.resolve(node.get("schema", {}))
    is_list = schema.get("type") == "array"
    scalar = document.resolve(schema.get("items", {})) if is_list else schema
    return Parameter(
        name=node["name"],
        argument=python_name(node["name"]),
        where=node["in"],
        is_required=bool(node.get("required")),
        is_list=is_list,
        is_exploded=bool(node.get("explode", node["in"] == "query")),
        takes_any_form=bool(node.get(ANY_FORM)),
        takes_empty=bool(node.get("allowEmptyValue")) and not node.get("required"),
        read=read_any_case if node.get(ANY_CASE) else READERS.get(scalar_type(document, scalar), read_text),
        validator=schemas.validator(node.get("schema", {}), "request"),
        default=schema.get("default"),
        node=node,
        takes_any_segment=node["in"] == "path" and _takes_any_segment(schema),
        styled=compile_style(document, node) if document.is_foreign else None,
    )


def _takes_any_segment(schema: Mapping[str, Any]) -> bool:
    keywords = {name: word for name, word in schema.items() if name not in ANNOTATIONS}
    return keywords.pop("type", "") == "string" and keywords in ({}, {"minLength": 1})


def scalar_type(document: Document, schema: Mapping[str, Any]) -> str:
    """Return the type as which a text is parsed: the schema's own, or the type of the first part of its ``allOf``."""
    if "type" in schema:
        return str(schema["type"])
    for part in schema.get("allOf", ()):
        return scalar_type(document, document.resolve(part))
    return "string"
