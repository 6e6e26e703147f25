"""Labels of the console's tables and filters: one word for one thing, and the words of the glossary."""

import re
from collections import defaultdict
from pathlib import Path

from understudy import console

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((Path(console.__file__).parent / "templates").glob("*.html"))
CHOICE = re.compile(r'ui\.choice\("(\w+)".*?, "([^"]+)"\) *\}\}')
HEAD = re.compile(r"<th\b[^>]*>([^<{]+)</th>")


def labels_by_filter() -> dict[str, set[str]]:
    found = defaultdict(set)
    for template in TEMPLATES:
        for name, label in CHOICE.findall(template.read_text()):
            found[name].add(label)
    return found


def test_a_filter_has_the_same_label_on_every_page() -> None:
    found = labels_by_filter()

    assert {"vendor", "fidelity", "provenance", "status"} <= set(found)
    assert {name: labels for name, labels in found.items() if len(labels) != 1} == {}


def test_a_filter_is_labelled_by_its_name_in_the_address() -> None:
    assert {name: labels for name, labels in labels_by_filter().items() if labels != {name.capitalize()}} == {}


def test_the_columns_of_operations_are_the_words_of_the_glossary() -> None:
    text = (ROOT / "src/understudy/console/templates/operations.html").read_text()
    glossary = (ROOT / "CONTRIBUTING.md").read_text().partition("## Glossary")[2]

    assert HEAD.findall(text) == ["Operation", "Method and path", "Fidelity", "Provenance", "Calls"]
    assert "\n| fidelity |" in glossary
    assert "\n| provenance |" in glossary


def test_a_world_is_forked_by_the_word_of_the_command_line() -> None:
    text = (ROOT / "src/understudy/console/templates/world.html").read_text()

    assert ">Fork</button>" in text
    assert "Name of the fork" in text
