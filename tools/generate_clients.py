"""Generation of clients from every vendor's document, with four generators; an operation that one loses is an error.

Run by `make clients`. It installs the generators, in the versions below, into build/clients and writes there.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "clients"
BIN = BUILD / "venv" / "bin"
NPM = BUILD / "node_modules" / ".bin"
PYTHON_PACKAGES = (
    "datamodel-code-generator==0.89.0",
    "openapi-python-client==0.29.1",
    "pydantic[email]==2.14.4",
    "ruff==0.14.6",
)
NODE_PACKAGES = ("@hey-api/openapi-ts@0.95.0", "openapi-typescript@7.13.0", "typescript@5.9.3")
METHODS = frozenset(("get", "put", "post", "delete", "patch", "head", "options"))
LOSS = re.compile(r"Unable to process schema|Cannot parse|Endpoint will not be generated|WARNING parsing|Failed to")
"""Words with which openapi-python-client reports something that it leaves out."""


def main() -> int:
    """Generate all clients; return 1 if a generator fails or loses something, with a line for each."""
    install()
    faults = []
    for vendor in vendors():
        document = BUILD / f"{vendor}.json"
        document.write_bytes(run([Path(sys.executable).parent / "understudy", "spec", vendor]).stdout)
        expected = count_operations(json.loads(document.read_bytes()))
        for name, generate in GENERATORS.items():
            found, fault = generate(document, BUILD / vendor)
            if not fault and found is not None and found != expected:
                fault = f"{found} operations of {expected}"
            print(f"{vendor:12} {name:26} {fault or 'all ' + str(expected) + ' operations'}", flush=True)
            faults += [fault] if fault else []
    return 1 if faults else 0


def vendors() -> list[str]:
    """Return the names of the vendors, one for each document."""
    return sorted(path.stem for path in (ROOT / "specs").iterdir() if path.is_dir() or path.suffix == ".yaml")


def count_operations(document: dict[str, dict[str, dict[str, object]]]) -> int:
    """Return the number of operations of a document."""
    return sum(len(METHODS & item.keys()) for item in document["paths"].values())


def install() -> None:
    """Install the generators, unless these versions are there."""
    BUILD.mkdir(parents=True, exist_ok=True)
    versions, wanted = BUILD / "versions.txt", "\n".join((*PYTHON_PACKAGES, *NODE_PACKAGES))
    if versions.exists() and versions.read_text() == wanted:
        return
    run([sys.executable, "-m", "venv", BUILD / "venv"], must_work=True)
    run([BIN / "python", "-m", "pip", "install", "--quiet", *PYTHON_PACKAGES], must_work=True)
    run(["npm", "install", "--no-audit", "--no-fund", "--prefix", BUILD, *NODE_PACKAGES], must_work=True)
    versions.write_text(wanted)


def run(command: Iterable[object], *, must_work: bool = False) -> subprocess.CompletedProcess[bytes]:
    """Run a command in the build folder, with the generators in its path."""
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(list(map(str, command)), cwd=BUILD, env=environment, capture_output=True, check=False)
    if must_work and done.returncode:
        sys.exit(done.stderr.decode() or done.stdout.decode())
    return done


def failure(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return the last line that a failed generator printed; an empty text for one that succeeded."""
    lines = (done.stdout + done.stderr).decode().strip().splitlines()
    return "" if done.returncode == 0 else f"exit {done.returncode}: {lines[-1] if lines else ''}"


def hey_api(document: Path, folder: Path) -> tuple[int | None, str]:
    """Generate a TypeScript client; return the number of its functions."""
    out = folder / "hey-api"
    done = run([NPM / "openapi-ts", "-i", document, "-o", out])
    if done.returncode:
        return None, failure(done)
    return len(re.findall(r"^export const ", (out / "sdk.gen.ts").read_text(), re.MULTILINE)), ""


def openapi_typescript(document: Path, folder: Path) -> tuple[int | None, str]:
    """Generate TypeScript types and check them with the compiler; return the number of operations."""
    out = folder / "types.ts"
    done = run([NPM / "openapi-typescript", document, "-o", out])
    if done.returncode:
        return None, failure(done)
    _, _, operations = out.read_text().partition("export interface operations {")
    return len(re.findall(r"^    \S+: \{$", operations, re.MULTILINE)), failure(run([NPM / "tsc", "--noEmit", out]))


def datamodel_code_generator(document: Path, folder: Path) -> tuple[int | None, str]:
    """Generate pydantic models, and import them; they have no operations."""
    out = folder / "models.py"
    arguments = ["--input", document, "--output", out, "--input-file-type", "openapi"]
    done = run([BIN / "datamodel-codegen", *arguments, "--output-model-type", "pydantic_v2.BaseModel"])
    return None, failure(done) or failure(run([BIN / "python", out]))


def openapi_python_client(document: Path, folder: Path) -> tuple[int | None, str]:
    """Generate a Python client; return the number of its operations. A schema that is left out is a fault."""
    out = folder / "python-client"
    done = run([BIN / "openapi-python-client", "generate", "--overwrite", "--path", document, "--output-path", out])
    lost = LOSS.findall((done.stdout + done.stderr).decode())
    modules = [path for path in out.glob("*/api/*/*.py") if path.name != "__init__.py"]
    return len(modules), failure(done) or (f"{len(lost)} parts left out" if lost else "")


GENERATORS: dict[str, Callable[[Path, Path], tuple[int | None, str]]] = {
    "hey-api": hey_api,
    "openapi-typescript": openapi_typescript,
    "datamodel-code-generator": datamodel_code_generator,
    "openapi-python-client": openapi_python_client,
}

if __name__ == "__main__":
    sys.exit(main())
