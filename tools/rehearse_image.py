"""Rehearsal of the Dockerfile's steps without a container engine, in a temporary folder with a minimal environment.

The base image and the user are left out; everything else is run unchanged: ``make image``.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
SECONDS = 30
KEPT = re.compile(r"PIP_\w+|\w+_proxy", re.IGNORECASE)
"""Variables of our own environment that the steps get: sources of packages."""


def main() -> None:
    """Build, start, wait until healthy, stop."""
    with tempfile.TemporaryDirectory() as folder:
        work, base = Path(folder, "build"), Path(folder, "base")
        work.mkdir()
        venv.create(base, with_pip=True)
        variables = {name: value for name, value in os.environ.items() if KEPT.fullmatch(name)}
        variables |= {"PREFIX": f"{folder}/prefix", "PATH": f"{base}/bin:/usr/bin:/bin", "HOME": folder}
        instruction: dict[str, str] = {}
        for word, rest in instructions((ROOT / "Dockerfile").read_text()):
            if word == "COPY" and "--from" not in rest:
                copy(rest, work)
            elif word == "RUN":
                subprocess.run(["/bin/sh", "-euc", rest], cwd=work, env=variables, check=True)
            elif word == "ENV":
                variables |= settings(rest, variables)
            else:
                instruction[word] = rest
        shutil.rmtree(work)
        serve(instruction, variables, folder)
    print("the image's steps work, and what they make is healthy")


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """Yield each instruction's word and the rest of it, on one line."""
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for line in lines.replace("\\\n", " ").splitlines():
        word, _, rest = line.strip().partition(" ")
        if word:
            yield word, rest.strip()


def settings(rest: str, variables: dict[str, str]) -> dict[str, str]:
    """Return the names and values of an ENV, with variables in them replaced."""
    found = re.findall(r'(\w+)=(?:"([^"]*)"|(\S+))', rest)
    return {
        name: re.sub(r"\$(\w+)", lambda match: variables[match.group(1)], quoted or plain)
        for name, quoted, plain in found
    }


def copy(rest: str, work: Path) -> None:
    """Copy the files of a COPY from the repository."""
    *sources, target = rest.split()
    for source in sources:
        place = work / target / source if target == "./" else work / target
        place.parent.mkdir(parents=True, exist_ok=True)
        origin = ROOT / source
        if origin.is_dir():
            shutil.copytree(origin, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(origin, place)


def serve(instruction: dict[str, str], variables: dict[str, str], folder: str) -> None:
    """Start the image's command on a free port, and repeat its health check until that succeeds."""
    port = free_port()
    command = [*json.loads(instruction["ENTRYPOINT"]), *json.loads(instruction["CMD"]), "--port", port]
    check = json.loads(instruction["HEALTHCHECK"].partition(" CMD ")[2])
    started = subprocess.Popen([which(command[0], variables), *command[1:]], env=variables, cwd=folder)
    try:
        deadline = time.monotonic() + SECONDS
        asked = [which(check[0], variables), *check[1:]]
        asked += [str(started.pid)]  # a container has no other server
        while subprocess.run(asked, env=variables, cwd=folder, check=False, stderr=subprocess.DEVNULL).returncode:
            if started.poll() is not None or time.monotonic() > deadline:
                sys.exit("the image's command did not become healthy")
            time.sleep(0.2)
    finally:
        started.terminate()
        started.wait()


def free_port() -> str:
    """Return a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


def which(name: str, variables: dict[str, str]) -> str:
    """Return the program that the image's PATH finds."""
    return shutil.which(name, path=variables["PATH"]) or sys.exit(f"{name} is not on the image's PATH")


if __name__ == "__main__":
    main()
