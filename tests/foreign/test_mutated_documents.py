"""Documents with mistakes of any kind: each becomes a document that can be served, or is refused in one clear line.

The deep test takes the documents of the folder that ``UNDERSTUDY_TEST_DOCUMENTS`` names, too.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.foreign.every_operation import call_every_operation
from tests.foreign.mutations import mutated
from tests.foreign.own_documents import DOCUMENTS, write
from understudy.app import create_app
from understudy.contract.compiled_operations import Operation, compile_operations
from understudy.contract.foreign.document_files import parse_text
from understudy.contract.foreign.loading import load_foreign
from understudy.contract.json_schema_validator import Validator
from understudy.core.misconfigured import Misconfigured
from understudy.settings import Settings

FOLDER = os.environ.get("UNDERSTUDY_TEST_DOCUMENTS", "")
MAX_BYTES = 400_000
"""Greatest size of a document of the folder that is mutated."""


def _validators(operation: Operation) -> Iterator[Validator]:
    yield from (each.validator for each in operation.parameters)
    yield from operation.body.media.values() if operation.body else ()
    for response in operation.responses.values():
        yield from response.media.values()
        yield from (each.validator for each in response.headers)


def _compiles(folder: Path, content: Any) -> bool:
    """Load and compile all of a document; return whether it is served, ``False`` if it is refused in one line."""
    refusal, operations = "", []
    try:
        operations = compile_operations(load_foreign("acme", write(folder, content)))
    except Misconfigured as error:
        refusal = str(error)
    if refusal:
        assert "\n" not in refusal
        assert refusal.startswith(str(folder / "acme.json"))
        return False
    for operation in operations:
        for validator in _validators(operation):
            validator.is_valid(None)
            validator.violations({})
    return True


def _failures(folder: Path, content: Any) -> list[str]:
    """Serve a document and call each operation; return those that fail though the document declares no failure."""
    try:
        app = create_app(Settings(documents=(("acme", write(folder, content)),), cache=folder / "cache"))
    except Misconfigured:
        return []
    return [
        f"{called.operation.method} {called.operation.path}: {called.status} {called.text}"
        for called in call_every_operation(app, app.vendors["acme"])
        if called.status >= 500 and not any(key.startswith("5") for key in called.operation.responses)
    ]


@pytest.mark.parametrize("version", DOCUMENTS)
def test_an_own_document_is_served_as_it_stands(version: str, tmp_path: Path) -> None:
    assert _compiles(tmp_path, DOCUMENTS[version])
    assert _failures(tmp_path, DOCUMENTS[version]) == []


@pytest.mark.parametrize("version", DOCUMENTS)
def test_a_mutated_document_compiles_or_is_refused_in_one_line(version: str, tmp_path: Path) -> None:
    served = [_compiles(tmp_path, mutated(DOCUMENTS[version], Random(f"{version} {seed}"))) for seed in range(120)]
    assert served.count(True) > 100


@pytest.mark.parametrize("version", DOCUMENTS)
def test_no_operation_of_a_mutated_document_fails(version: str, tmp_path: Path) -> None:
    failures = [
        (seed, failure)
        for seed in range(8)
        for failure in _failures(tmp_path, mutated(DOCUMENTS[version], Random(f"{version} call {seed}")))
    ]
    assert failures == []


@pytest.mark.deep
@pytest.mark.parametrize("version", DOCUMENTS)
def test_no_operation_of_many_mutated_documents_fails(version: str, tmp_path: Path) -> None:
    failures = [
        (seed, failure)
        for seed in range(300)
        for failure in _failures(tmp_path, mutated(DOCUMENTS[version], Random(f"{version} deep {seed}"), most=6))
    ]
    assert failures == []


@pytest.mark.deep
@pytest.mark.skipif(not FOLDER, reason="UNDERSTUDY_TEST_DOCUMENTS names no folder")
def test_mutated_documents_of_strangers_compile_or_are_refused_in_one_line(tmp_path: Path) -> None:
    files = [each for suffix in ("json", "yaml") for each in sorted(Path(FOLDER).rglob(f"*.{suffix}"))]
    for file in files:
        if file.stat().st_size <= MAX_BYTES:
            content = parse_text(str(file), file.read_bytes())
            assert json.dumps(content)
            for seed in range(20):
                _compiles(tmp_path, mutated(content, Random(f"{file.name} {seed}"), most=20))
