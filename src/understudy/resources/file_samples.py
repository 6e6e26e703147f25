"""Sample bodies of types that are not JSON: texts, XML, pictures, other files."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from understudy.samples.sample_maker import NoValue, SampleMaker

PICTURE = b64decode(b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==")
"""PNG of one transparent pixel."""

FILES = {"image/png": PICTURE, "application/pdf": b"%PDF-1.4\n%%EOF\n"}


def file_sample(media: str, node: Mapping[str, Any], maker: SampleMaker, key: str) -> Any:
    """Return a sample of a media type: its example, or a file of its kind."""
    for example in maker.examples(node):
        return example if isinstance(example, str) else _text(media, example)
    if media in FILES:
        return FILES[media]
    kind = media.partition("/")[0]
    if kind in ("image", "audio", "video") or media.endswith("octet-stream"):
        return PICTURE if kind == "image" else b"\0"
    try:
        value = maker.value(node.get("schema", {}), key)
    except NoValue:
        value = ""
    return _text(media, value)


def _text(media: str, value: Any) -> str:
    if media.endswith(("xml", "html")):
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{_element("response", value)}'
    if isinstance(value, list) and all(isinstance(row, Mapping) for row in value):
        names = list(dict.fromkeys(name for row in value for name in row))
        return "".join(
            f"{','.join(line)}\n" for line in [names, *([str(row.get(n, "")) for n in names] for row in value)]
        )
    return value if isinstance(value, str) else str(value)


def _element(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        inner = "".join(_element(key, part) for key, part in value.items())
    elif isinstance(value, list):
        return "".join(_element(name, part) for part in value)
    else:
        inner = escape("" if value is None else str(value).lower() if isinstance(value, bool) else str(value))
    tag = "".join(char if char.isalnum() or char in "._-" else "_" for char in name) or "item"
    return f"<{tag}>{inner}</{tag}>"
