"""Texts of documents as HTML: escaped, with the parts between backquotes as code."""

import re
from typing import Any

from markupsafe import Markup, escape

CODE = re.compile(r"`([^`\n]+)`")


def prose(given: Any) -> Markup:
    """Return a text as HTML; of the marks of Markdown, only those of code are read."""
    text = str(given)
    pieces, end = [], 0
    for found in CODE.finditer(text):
        pieces += [escape(text[end : found.start()]), Markup("<code>{}</code>").format(found[1])]
        end = found.end()
    return Markup("").join([*pieces, escape(text[end:])])
