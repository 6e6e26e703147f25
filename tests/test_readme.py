"""Examples of the README, each run against a started server in a world of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import StandIn

README = Path(__file__).parent.parent / "README.md"
EXAMPLES = [
    pytest.param(language, code, id=f"{heading}-{language}")
    for heading, section in re.findall(r"^### (.+?)\n(.*?)(?=^##)", README.read_text(), re.DOTALL | re.MULTILINE)
    for language, code in re.findall(r"^```(sh|python)\n(.*?)^```", section, re.DOTALL | re.MULTILINE)
]
RUN = {"sh": ["/bin/sh", "-euc"], "python": [sys.executable, "-c"]}
PRINTED = {
    "Capillary-sh": '"errors":[]',
    "Capillary-python": "'",
    "CRM.COM-sh": '{"id":',
    "CRM.COM-python": "POSTED\nCRM.EXCEPTIONS.",
    "ECDP-sh": "201",
    "ECDP-python": "201\nAda",
    "Contacthub-sh": '{"id":"',
    "Contacthub-python": "202\n",
    "TWC-sh": '[{"',
    "TWC-python": "True",
    "From a shell-sh": '{"rule":',
    "Over HTTP-python": "[503, 200]\n1 call fits, as expected\n",
}


@pytest.mark.parametrize(("language", "code"), EXAMPLES)
def test_an_example_of_the_readme_works(
    stand_in: StandIn, request: pytest.FixtureRequest, tmp_path: Path, language: str, code: str
) -> None:
    elsewhere = code.replace("http://127.0.0.1:8080/@", f"{stand_in.root}/@")
    here = elsewhere.replace("http://127.0.0.1:8080", f"{stand_in.root}/@{stand_in.world_name}")

    path = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    result = subprocess.run([*RUN[language], here], cwd=tmp_path, env=path, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr
    assert PRINTED[request.node.callspec.id] in result.stdout
    assert {exchange.status // 100 for exchange in stand_in.world.journal} <= {2, 4}


def test_every_vendor_has_a_shell_and_a_python_example() -> None:
    assert {example.id for example in EXAMPLES} == PRINTED.keys()


def test_the_table_names_every_base_url(stand_in: StandIn) -> None:
    for credentials in stand_in.understudy.credentials("http://127.0.0.1:8080").values():
        assert f"`{credentials['base_url']}`" in README.read_text()
