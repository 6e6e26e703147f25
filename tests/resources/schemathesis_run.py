"""Run of Schemathesis, all checks and phases, against a document that is served with recognised resources.

It reads the document itself. A YAML file is given to it as JSON, because it reads some tags as other values, and the
development credentials are sent, because the check of ignored credentials needs a server that refuses others.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.acme import serving
from understudy.app import create_app
from understudy.contract.foreign.document_files import DocumentFiles
from understudy.contract.foreign.loading import load_foreign
from understudy.core.caller import BasicCredentials
from understudy.resources.development_credentials import credentials_by_scheme
from understudy.settings import Settings

NAME = "own"
HOOKS = Path(__file__).with_name("schemathesis_hooks.py")
ACCEPTED = ["2xx", "401", "403", "404", "409", "429"]
PHASES = "examples,coverage,fuzzing,stateful"


def run_schemathesis(
    entry: Path, folder: Path, *, seed: int = 1, examples: int = 10
) -> "subprocess.CompletedProcess[str]":
    """Serve a document, which takes only its development credentials, and run Schemathesis against it."""
    raw = DocumentFiles(str(entry)).read_entry()
    copy = folder / "document.json"
    copy.write_text(json.dumps(raw))
    settings = folder / "schemathesis.toml"
    settings.write_text(_settings(entry))
    app = create_app(Settings(documents=((NAME, str(entry)),), cache=None, is_strict=True))
    with serving(app) as url:
        command = [
            sys.executable, "-m", "schemathesis.cli", "--config-file", str(settings), "run", str(copy),
            "--url", url, "--phases", PHASES, "--mode", "all",
            "--seed", str(seed), "--max-examples", str(examples), "--continue-on-failure", "--warnings", "off",
            "--generation-database", "none", "--workers", "1", "--suppress-health-check", "filter_too_much,too_slow",
        ]  # fmt: skip
        environment = {**os.environ, "NO_COLOR": "1", "PYTHONWARNINGS": "ignore", "SCHEMATHESIS_HOOKS": str(HOOKS)}
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def _settings(entry: Path) -> str:
    """Return the settings: all checks, the statuses that refuse valid data, and the credentials of each scheme."""
    document = load_foreign(NAME, str(entry))
    accepted = json.dumps(ACCEPTED)
    text = f"[checks]\nenabled = true\npositive_data_acceptance.expected-statuses = {accepted}\n"
    schemes = document.raw.get("components", {}).get("securitySchemes", {})
    for name, credential in credentials_by_scheme(document).items():
        text += f"\n[auth.openapi.{json.dumps(name)}]\n"
        if isinstance(credential, BasicCredentials):
            text += f"username = {json.dumps(credential.username)}\npassword = {json.dumps(credential.password)}\n"
        else:
            key = "api_key" if schemes[name]["type"] == "apiKey" else "bearer"
            text += f"{key} = {json.dumps(credential)}\n"
    return text
