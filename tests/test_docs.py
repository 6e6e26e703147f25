"""Examples in the pages about the command line."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import StandIn

DOCS = Path(__file__).parent.parent / "docs"
PROGRAM = """#!/bin/sh
for attempt in 1 2; do
  curl -s -o /dev/null -X POST "$ROOT/@checkout-42/crmcom/crmapi/rest/v2/purchases" \\
    -H 'Content-Type: application/json' -H 'api_key: 5f0c9a52-7b1e-4d36-9a84-3c2d10e8b7f1' -d '{}'
done
"""


def test_the_example_of_steering_from_a_shell_works(stand_in: StandIn, tmp_path: Path) -> None:
    if "checkout-42" in stand_in.understudy.worlds.names():  # of another page's example, which was cut short
        stand_in.understudy.worlds.delete("checkout-42")
    [example] = re.findall(r"^```sh\n(.*?)^```", (DOCS / "command-line.md").read_text(), re.DOTALL | re.MULTILINE)
    program = tmp_path / "your-program"
    program.write_text(PROGRAM)
    program.chmod(0o700)
    path = f"{tmp_path}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    variables = {**os.environ, "PATH": path, "UNDERSTUDY_URL": stand_in.root, "ROOT": stand_in.root}

    result = subprocess.run(
        ["/bin/sh", "-euc", example], cwd=tmp_path, env=variables, capture_output=True, text=True, check=True
    )

    assert "holds  2 calls fit, as expected" in result.stdout
    assert [line.split()[2] for line in result.stdout.splitlines() if "create_purchase" in line] == ["503"]
    assert "2026-01-31T09:00:00.000000Z  frozen" in result.stdout
    assert (tmp_path / "after-a-month.json").stat().st_size > 10_000
    assert "checkout-42" not in stand_in.understudy.worlds.names()
