"""Makers of the values of small documents."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from understudy.contract.foreign.loading import ForeignDocument, load_foreign
from understudy.contract.schema_compiler import SchemaCompiler
from understudy.samples.sample_maker import SampleMaker


def document_of(schemas: dict[str, Any], version: str = "3.1.0") -> ForeignDocument:
    """Return a document with these schemas."""
    raw = {"openapi": version, "info": {"title": "T", "version": "1"}, "paths": {}, "components": {"schemas": schemas}}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "it.json"
        path.write_bytes(orjson.dumps(raw))
        return load_foreign("it", str(path))


def maker_of(schemas: dict[str, Any], version: str = "3.1.0", seed: int = 1, locale: str = "en_US") -> SampleMaker:
    """Return the maker of a document with these schemas."""
    document = document_of(schemas, version)
    return SampleMaker(document, SchemaCompiler(document, is_lazy=True), seed, locale)


def named(name: str) -> dict[str, str]:
    """Return a reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}
