"""Sample bodies of types that are not JSON: texts, XML, tables, pictures, other files."""

import csv
from base64 import b64decode
from collections.abc import Mapping
from io import StringIO
from typing import Any
from xml.sax.saxutils import escape

import orjson

from understudy.samples.sample_maker import NoValue, SampleMaker

PICTURE = b64decode(b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==")
"""PNG of one transparent pixel."""

GIF = b64decode(b"R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
"""GIF of one transparent pixel."""

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="#2a6f97"/></svg>\n'
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
ZIP = b"PK\x05\x06" + bytes(18)
"""Empty archive."""

FILES: dict[str, bytes | str] = {
    "image/png": PICTURE,
    "image/gif": GIF,
    "image/svg+xml": SVG,
    "application/pdf": PDF,
    "application/zip": ZIP,
    "application/x-zip-compressed": ZIP,
}
TABLES = ("csv", "tab-separated-values")


def file_sample(media: str, node: Mapping[str, Any], maker: SampleMaker, key: str, name: str = "") -> Any:
    """Return a sample of a media type: its example (that of a name, if given), or a file of its kind."""
    names, examples = maker.example_names(node), maker.examples(node)
    if name in names:
        examples = [examples[names.index(name)]]
    for example in examples:
        return example if isinstance(example, str) else as_file(media, example)
    if media in FILES:
        return FILES[media]
    kind = media.partition("/")[0]
    if kind in ("image", "audio", "video") or media.endswith("octet-stream"):
        return PICTURE if kind == "image" else b"\0"
    try:
        value = maker.value(node.get("schema", {}), key)
    except NoValue:
        value = ""
    return as_file(media, value)


def as_file(media: str, value: Any, root: str = "response") -> Any:
    """Return a value as the text of a media type."""
    if media.endswith("xml"):
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{_element(root, value)}'
    if media.endswith("html"):
        text = escape(value if isinstance(value, str) else orjson.dumps(value).decode())
        return f"<!doctype html>\n<title>{escape(root)}</title>\n<p>{text}</p>\n"
    if media.endswith(TABLES):
        return _table(value, "\t" if media.endswith(TABLES[1]) else ",")
    if media.endswith(("ndjson", "jsonl", "json-seq", "jsonlines", "x-json-stream")):
        rows = value if isinstance(value, list) else [value]
        return "".join(f"{orjson.dumps(row).decode()}\n" for row in rows)
    text = orjson.dumps(value).decode() if isinstance(value, Mapping | list) else str(value)
    return f"data: {text}\n\n" if media.endswith("event-stream") else text


def _table(value: Any, delimiter: str) -> str:
    """Return rows as a table with a line of names; a text is one already."""
    if isinstance(value, str):
        return value
    listed = (
        next((part for part in value.values() if isinstance(part, list)), [value])
        if isinstance(value, Mapping)
        else value
    )
    rows = [
        row if isinstance(row, Mapping) else {"value": row}
        for row in (listed if isinstance(listed, list) else [listed])
    ]
    names = list(dict.fromkeys(name for row in rows for name in row))
    made = StringIO()
    table = csv.writer(made, delimiter=delimiter, lineterminator="\n")
    table.writerow(names)
    table.writerows([_cell(row.get(name)) for name in names] for row in rows)
    return made.getvalue()


def _cell(value: Any) -> Any:
    return orjson.dumps(value).decode() if isinstance(value, Mapping | list | bool) else value


def _element(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        inner = "".join(
            _element(key, each) for key, part in value.items() for each in (part if isinstance(part, list) else [part])
        )
    elif isinstance(value, list):
        inner = "".join(_element("item", part) for part in value)
    else:
        inner = escape("" if value is None else str(value).lower() if isinstance(value, bool) else str(value))
    tag = "".join(char if char.isalnum() or char in "._-" else "_" for char in name) or "item"
    tag = tag if tag[0].isalpha() or tag[0] == "_" else f"_{tag}"
    return f"<{tag}>{inner}</{tag}>"
