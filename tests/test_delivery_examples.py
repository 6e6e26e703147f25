"""Example of consumers of a queue and of webhooks, run as its users run it."""

import os
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "examples" / "deliveries"


def test_the_consumers_of_the_example_pass_their_tests() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("UNDERSTUDY_")}
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "understudy.pytest_plugin"],
        cwd=EXAMPLE,
        capture_output=True,
        text=True,
        check=False,
        env={**environment, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "9 passed" in result.stdout
