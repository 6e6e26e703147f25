"""The examples of ``docs/generate.md`` print the documented output."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from understudy.casting.record_request import SAMPLE
from understudy.casting.writers.formats import FORMATS
from understudy.commands.generate import PARALLEL_FROM, generate

PAGE = (Path(__file__).parent.parent / "docs" / "generate.md").read_text()
EXAMPLES = re.findall(r"^```(sh|python)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
PRINTED = [
    r'(\{"nodeId".*\n){3}first_name,email,city\n(.*\n)+(.*"gender":"F".*\n){5}',
    "",
    r"\S+41@example\.\w+\n100000 \S+41@example\.\w+",
    r"Ada \['vip'\]\ncame with [0-9a-f-]{36}\n\{'base': \{'contacts': \{'email': '\S+'\}\}\}",
    "500 500",
    "part-00001-of-00004.jsonl",
]


@pytest.mark.parametrize(("example", "printed"), list(zip(EXAMPLES, PRINTED, strict=True)))
def test_an_example_prints_its_documented_output(tmp_path: Path, example: tuple[str, str], printed: str) -> None:
    language, code = example
    here = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    script = tmp_path / "example"
    script.write_text(code.replace("--count 1000000", "--count 1000"))

    command = ["/bin/sh", "-eu", str(script)] if language == "sh" else [sys.executable, str(script)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=here)

    assert done.returncode == 0, done.stderr
    assert re.fullmatch(printed, done.stdout.strip() + "\n" if printed and language == "sh" else done.stdout.strip()), (
        done.stdout
    )


def test_the_page_names_all_options_and_formats() -> None:
    options = [name for option in generate.params for name in option.opts if name.startswith("--")]

    assert [name for name in options if name not in PAGE] == []
    assert [name for name in FORMATS if f"`.{name}`" not in PAGE] == []
    assert f"{PARALLEL_FROM:,} records" in PAGE
    assert f"0 to {SAMPLE[-1]}" in PAGE
