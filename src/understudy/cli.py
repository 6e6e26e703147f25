"""Entry point of the command line: commands by name, and the reporting of errors."""

import errno
import os
import sys
import traceback
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from understudy import __version__
from understudy.commands.closed_output import replace_closed_outputs
from understudy.core.misconfigured import Misconfigured
from understudy.settings import control_token, is_debugging, is_plain

ERROR, BUG, INTERRUPTED = 2, 70, 130
"""Exit codes: an error to correct, an exception of Understudy's own, Ctrl-C."""

BROKEN_PIPE = 0 if sys.platform == "win32" else 141
"""Exit code when the reader of the output has gone, as of any filter: a shell's for SIGPIPE."""

COMMANDS = {
    "serve": ("serve", "Start the stand-in."),
    "check": ("check", "Show how a document of your own is read: its resources, and parts that are not obeyed."),
    "init": ("init", "Write a project file, and a first behaviour, test and workflow for a document of your own."),
    "verify": ("verify", "Hold a server against its document, by the whole contract suite."),
    "coverage": ("coverage", "Show the evidence for each operation, or with --journal what calls have reached."),
    "operations": ("operations", "List every operation, and how sure its contract is."),
    "credentials": ("credentials", "Print each vendor's base URL and development credentials."),
    "env": ("env", "Print base URLs and credentials as environment variables."),
    "run": ("run", "Run a command beside a server of its own."),
    "generate": ("generate", "Make records of a KIND: valid, realistic, and the same every time."),
    "seed": ("seed", "Send a running server a scenario's records, by the vendors' own operations."),
    "spec": ("spec", "Print an OpenAPI document as one JSON."),
    "diff": ("diff", "Show what changed between two documents, and which changes break clients."),
    "remap": ("remap", "Find a vendor's operations in its own document, and write the remap file."),
    "pact": ("pact", "Write the calls of a test run as a Pact file, and hold a Pact file against a server."),
    "proxy": ("proxy", "Hold a client's calls to a real service against a document and the stand-in."),
    "listen": ("listen", "Receive deliveries over HTTP, and show them."),
    "world": ("world", "Make, copy, reset and delete worlds."),
    "snapshot": ("snapshot", "Keep a world as it is, and put it back."),
    "journal": ("journal", "Show the last calls in a world."),
    "verify-calls": ("journal", "Hold the calls in a world against what is expected."),
    "fault": ("fault", "Have calls and deliveries go wrong, and end it."),
    "deliveries": ("deliveries", "List what vendors send by themselves, and send it again."),
    "clock": ("clock", "Read, freeze, set and move a world's time."),
    "completion": ("completion", "Print the completion script of a shell."),
}
"""Module in ``commands`` and summary of each command; the module holds it under the command's name."""


class _ReaderHasLeft(Exception):  # noqa: N818 - no error: a filter ends so
    """End of a command whose output nobody reads any more; for click itself a broken pipe is a failure."""


class Commands(click.Group):
    """Group of all commands, which reports an error in one line, with exit code 2."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command of this process's arguments."""
        replace_closed_outputs()
        try:
            sys.exit(self._run(*args, **extra))
        except (BrokenPipeError, _ReaderHasLeft):
            _discard_output()
            sys.exit(BROKEN_PIPE)
        except OSError as error:
            _discard_output()
            with suppress(OSError):
                is_closed = error.errno == errno.EBADF and not error.filename
                why = "the standard output is closed" if is_closed else error.strerror or str(error)
                _print_error(why if is_closed else f"{error.filename or 'the output'}: {why}")
            sys.exit(ERROR)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Return the context of the arguments; help and version are printed here."""
        try:
            context = super().make_context(*args, **extra)
        except BrokenPipeError as error:
            raise _ReaderHasLeft from error
        context.color = False if is_plain() else None
        return context

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that the arguments name; a token that no header can carry is refused before."""
        control_token()
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _ReaderHasLeft from error

    def _run(self, *args: Any, **extra: Any) -> int:
        """Run the command, and return the exit code; print the error that ends it."""
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
            sys.stdout.flush()
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message())
            return ERROR
        except click.ClickException as error:
            return _print_error(_text_of(error))
        except Misconfigured as error:
            return _print_error(str(error))
        except click.Abort:
            return INTERRUPTED
        except (OSError, _ReaderHasLeft):
            raise
        except Exception as error:  # noqa: BLE001 - no exception of Python's reaches a user
            return _print_bug(error)
        return code if isinstance(code, int) else 0


class Deferred(click.Command):
    """Command whose module is imported when it is called, so that others do not wait for its imports."""

    def __init__(self, name: str, module: str, summary: str) -> None:
        super().__init__(name, help=summary, short_help=summary)
        self._module = module

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Return the context of the command itself."""
        return self.load().make_context(*args, **extra)

    def load(self) -> click.Command:
        """Return the command itself."""
        module = import_module(f"understudy.commands.{self._module}")
        command: click.Command = getattr(module, str(self.name).replace("-", "_"))
        _mark_examples(command)
        return command


def _mark_examples(command: click.Command) -> None:
    """Replace the mark of lines that are not wrapped, which a raw docstring spells out, by click's own character."""
    command.help = command.help and command.help.replace("\\b\n", "\b\n")
    for each in command.commands.values() if isinstance(command, click.Group) else ():
        _mark_examples(each)


def _text_of(error: click.ClickException) -> str:
    """Return the text of an error; one of usage without a suggestion leads to what the command takes."""
    text = error.format_message()
    text = text if text.endswith("..") else text.removesuffix(".")
    if not isinstance(error, click.UsageError) or error.ctx is None:
        return text
    options = {name for each in error.ctx.command.params for name in each.opts}
    if isinstance(error, click.NoSuchOption):
        text = _leading_to_server(error.option_name, error.ctx.command.name, options) or text
    hint = "" if "id you mean" in text or ": " in text else _hint(text, error.ctx, options)
    return f"{text.rstrip('.')}: {hint}" if hint else text


def _leading_to_server(option: str, command: str | None, options: set[str]) -> str:
    """Return the text of an unknown option that names a server, if the command has another way to name one."""
    if option in ("--port", "--host") and "--url" in options:
        return f"No such option '{option}': the server is --url http://127.0.0.1:8080, or $UNDERSTUDY_URL"
    if option == "--url" and "--upstream" in options:
        return "No such option '--url': the real service is --upstream URL"
    if option == "--url" and command in ("credentials", "env"):
        return "No such option '--url': a running server is $UNDERSTUDY_URL; --host and --port describe another"
    return ""


def _hint(text: str, context: click.Context, options: set[str]) -> str:
    command = context.command
    if text.startswith("No such command") and isinstance(command, click.Group):
        return f"{context.command_path} has {', '.join(command.list_commands(context))}"
    if "unexpected extra argument" in text and "--world" in options:
        return "a world is named by --world NAME"
    if text.startswith(("No such option", "Got unexpected", "Missing")):
        return f"see {context.command_path} --help"
    return ""


def _print_error(message: str) -> int:
    click.echo(f"understudy: {' '.join(message.split())}", err=True)
    return ERROR


def _print_bug(error: Exception) -> int:
    """Print the place of an exception that nobody foresaw; the traceback if ``UNDERSTUDY_DEBUG`` is set."""
    if is_debugging():
        traceback.print_exception(error)
        return BUG
    *_, last = traceback.extract_tb(error.__traceback__)
    place = f"{Path(last.filename).name}, line {last.lineno}"
    _print_error(
        f"a fault of Understudy's own in {place}: {error}; set UNDERSTUDY_DEBUG=1 for the traceback, and report it"
    )
    return BUG


def _discard_output() -> None:
    """Discard the rest of the standard output, so that Python does not write it, and complain, at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="understudy")
def main() -> None:
    """Stand in for vendor APIs: answer as the vendor would, and keep what was sent."""


for _name, (_module, _summary) in COMMANDS.items():
    main.add_command(Deferred(_name, _module, _summary))
