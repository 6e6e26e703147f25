"""Entry point of the command line: commands by name, and the reporting of errors."""

import sys
from importlib import import_module
from typing import Any

import click

from understudy import __version__
from understudy.core.misconfigured import Misconfigured

COMMANDS = {
    "serve": ("serve", "Start the stand-in."),
    "operations": ("operations", "List every operation, and how sure its contract is."),
    "credentials": ("credentials", "Print each vendor's base URL and development credentials."),
    "env": ("env", "Print base URLs and credentials as environment variables."),
    "run": ("run", "Run a command beside a server of its own."),
    "generate": ("generate", "Make records of a KIND: valid, realistic, and the same every time."),
    "seed": ("seed", "Send a running server a scenario's records, by the vendors' own operations."),
    "spec": ("spec", "Print a vendor's OpenAPI document as one JSON."),
    "world": ("world", "Make, copy, reset and delete worlds."),
    "snapshot": ("snapshot", "Keep a world as it is, and put it back."),
    "journal": ("journal", "Show the last calls in a world."),
    "verify-calls": ("journal", "Hold the calls in a world against what is expected."),
    "fault": ("fault", "Have calls go wrong, and end it."),
    "clock": ("clock", "Read, freeze, set and move a world's time."),
    "completion": ("completion", "Print the completion script of a shell."),
}
"""Module in ``commands`` and summary of each command; the module holds it under the command's name."""


class Commands(click.Group):
    """Group of all commands, which reports an error in one line, with exit code 2."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command of this process's arguments."""
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message())
            sys.exit(2)
        except click.ClickException as error:
            _exit_with_error(error.format_message())
        except Misconfigured as error:
            _exit_with_error(str(error))
        except click.Abort:
            sys.exit(130)
        sys.exit(code if isinstance(code, int) else 0)


class Deferred(click.Command):
    """Command whose module is imported when it is called, so that others do not wait for its imports."""

    def __init__(self, name: str, module: str, summary: str) -> None:
        super().__init__(name, help=summary)
        self._module = module

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Return the context of the command itself."""
        return self.load().make_context(*args, **extra)

    def load(self) -> click.Command:
        """Return the command itself."""
        module = import_module(f"understudy.commands.{self._module}")
        command: click.Command = getattr(module, str(self.name).replace("-", "_"))
        return command


def _exit_with_error(message: str) -> None:
    click.echo(f"understudy: {' '.join(message.split())}", err=True)
    sys.exit(2)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="understudy")
def main() -> None:
    """Stand in for vendor APIs: answer as the vendor would, and keep what was sent."""


for _name, (_module, _summary) in COMMANDS.items():
    main.add_command(Deferred(_name, _module, _summary))
