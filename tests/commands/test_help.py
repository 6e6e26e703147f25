"""Help texts: examples stand on lines of their own."""

import click
import pytest
from click.testing import CliRunner

from understudy.cli import COMMANDS, Deferred, main


def paths() -> list[tuple[str, ...]]:
    """Return the words of every command, those of groups in groups included."""
    found: list[tuple[str, ...]] = []
    for name, (module, summary) in COMMANDS.items():
        command = Deferred(name, module, summary).load()
        found.append((name,))
        if isinstance(command, click.Group):
            found += [(name, each) for each in command.commands]
    return found


@pytest.mark.parametrize("words", paths(), ids=" ".join)
def test_no_help_shows_the_mark_of_an_example(words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*words, "--help"])

    assert result.exit_code == 0, result.output
    assert "\\b" not in result.stdout
    assert "\b" not in result.stdout


@pytest.mark.parametrize("words", [("diff",), ("coverage",), ("pact", "write"), ("remap",)])
def test_an_example_is_a_line_of_its_own(words: tuple[str, ...]) -> None:
    lines = CliRunner().invoke(main, [*words, "--help"]).stdout.splitlines()

    assert any(line.startswith(f"  understudy {' '.join(words)} ") for line in lines)


@pytest.mark.parametrize("words", [(), *paths()], ids=lambda each: " ".join(each) or "understudy")
def test_help_fits_a_terminal_of_80_columns_and_is_not_cut(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    lines = CliRunner().invoke(main, [*words, "--help"]).stdout.splitlines()

    assert [line for line in lines if len(line) > 80] == []
    assert [line for line in lines if line.endswith("...") and not line.startswith("Usage:")] == []


@pytest.mark.parametrize("words", paths(), ids=" ".join)
def test_no_help_shows_a_word_of_python(words: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(main, [*words, "--help"]).stdout

    assert not [each for each in ("None", "True", "False", "_TEXT", "lambda") if each in shown]


@pytest.mark.parametrize("words", paths(), ids=" ".join)
def test_a_usage_line_breaks_no_name_of_a_choice(words: tuple[str, ...]) -> None:
    usage = CliRunner().invoke(main, [*words, "--help"]).stdout.partition("\n\n")[0]

    assert "|" not in usage or "\n" not in usage, usage
