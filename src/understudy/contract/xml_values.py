"""Values of XML texts by their schemas, and by the ``xml`` objects in these: names, attributes, wrapped lists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat  # no tree of the standard library refuses document types and counts levels

from understudy.contract.text_values import TextTyper

MAX_DEPTH = 200
"""Limit of the nesting of elements."""

XML = "x-xml"
"""Key under which a rewritten schema has its ``xml`` object."""


class NotXml(ValueError):  # noqa: N818 - no error of the server
    """Text that is no XML, or one that is not read."""


@dataclass(slots=True)
class Element:
    """Element of an XML text; names are without their prefix."""

    name: str
    attributes: Mapping[str, str]
    children: list["Element"] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Text directly in the element."""
        return "".join(self.texts)


def parse_xml(raw: bytes) -> Element:
    """Return the root of an XML text; raise ``NotXml`` for another text, a document type, and too many levels."""
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.add_text
    parser.StartDoctypeDeclHandler = reader.refuse_type
    try:
        parser.Parse(raw, True)  # noqa: FBT003 - the parameter has no name
    except expat.ExpatError as error:
        raise NotXml(f"the body is not valid XML: {error}") from None
    except LookupError:
        raise NotXml("the body is in an encoding that is not known") from None
    return reader.root


class _Reader:
    """Handlers of a parser's events, which build the tree of elements."""

    def __init__(self) -> None:
        self.root = Element("", {})
        self._open: list[Element] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise NotXml(f"the body is nested more than {MAX_DEPTH} levels deep")
        element = Element(_local(name), {_local(key): value for key, value in attributes.items()})
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, _name: str) -> None:
        self._open.pop()

    def add_text(self, text: str) -> None:
        self._open[-1].texts.append(text)

    def refuse_type(self, *_: Any) -> None:
        raise NotXml("the body has a document type, which is not read")


class XmlTyper:
    """Reader of XML elements by one document's schemas."""

    def __init__(self, typer: TextTyper) -> None:
        self._typer = typer

    def is_read(self, schema: Any) -> bool:
        """Return whether a schema describes the elements of an XML text, and not the text itself."""
        return self._typer.kind(schema) in ("object", "array") or bool(self._typer.properties(schema))

    def root(self, schema: Any, element: Element) -> Any:
        """Return the value of the root element; raise ``NotXml`` if the schema gives it another name."""
        wanted = self._xml(schema).get("name")
        if wanted is not None and element.name != wanted:
            raise NotXml(f"the body's element is {element.name}, not {wanted}")
        return self.value(schema, element)

    def value(self, schema: Any, element: Element) -> Any:
        """Return the value of an element, in the types of its schema. What fits no type is left for it to refuse."""
        kind = self._typer.kind(schema)
        properties = self._typer.properties(schema)
        if (kind == "array" or properties) and element.text.strip():
            return element.text  # a text where elements are due
        if kind == "array":
            items = self._typer.items(schema)
            return [self.value(items, child) for child in element.children]
        if properties:
            return self._object(properties, element)
        if kind == "object" or element.children:
            return self._free(element)
        return self._typer.typed(schema, element.text)

    def _object(self, properties: Mapping[str, Any], element: Element) -> dict[str, Any]:
        found: dict[str, Any] = {}
        known = set()
        for name, schema in properties.items():
            xml = self._xml(schema)
            written = str(xml.get("name", name))
            is_list = self._typer.kind(schema) == "array"
            if is_list and xml.get("wrapped") is not True:
                items = self._typer.items(schema)
                written = str(self._xml(items).get("name", name))
            if xml.get("attribute") is True:
                if written in element.attributes:
                    found[name] = self._typer.typed(schema, element.attributes[written])
                continue
            known.add(written)
            children = [child for child in element.children if child.name == written]
            if not children:
                continue
            if is_list and xml.get("wrapped") is not True:
                found[name] = [self.value(items, child) for child in children]
            else:
                values = [self.value(schema, child) for child in children]
                found[name] = values[0] if len(values) == 1 else values
        rest = [child for child in element.children if child.name not in known]
        return {**self._free(Element("", {}, rest)), **found}

    def _free(self, element: Element) -> dict[str, Any]:
        """Return the children of an element without schema: texts and objects, and lists of those named alike."""
        found: dict[str, list[Any]] = {}
        for child in element.children:
            found.setdefault(child.name, []).append(self._free(child) if child.children else child.text)
        return {name: values[0] if len(values) == 1 else values for name, values in found.items()}

    def _xml(self, schema: Any) -> Mapping[str, Any]:
        """Return the ``xml`` object of a schema, or of the first that it is combined of; an empty one without."""
        return next((part[XML] for part in self._typer.parts(schema) if XML in part), {})


def _local(name: str) -> str:
    return name.rpartition(":")[2]
