"""A scenario file is read; an error in it names the file, line, key and correct form."""

import re
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest

from understudy.app import create_app
from understudy.casting.scenario import ANCHOR, SHARES, Scenario
from understudy.casting.scenario_file import load_scenario, open_scenario
from understudy.core.data_folder import data_folder
from understudy.core.misconfigured import Misconfigured
from understudy.core.timestamps import parse_rfc3339
from understudy.settings import Settings
from understudy.vendors.contacthub.start_data.fixed_ids import OTHER_ENTRY_NODE
from understudy.vendors.discovery import find_options

SCENARIOS = data_folder("fixtures") / "scenarios"
OTHER_ID = "9d8c7b6a-0000-4000-8000-000000000001"


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_start_scenario_is_read() -> None:
    scenario = load_scenario(SCENARIOS / "start.yaml")
    assert (scenario.seed, scenario.people, scenario.merchants, scenario.shops, scenario.products) == (1, 60, 2, 24, 40)
    assert scenario.locales == ("it_IT", "en_GB", "en_US", "pl_PL", "de_DE", "fr_FR")
    assert scenario.clock is None
    assert scenario.instant == ANCHOR
    assert scenario.credentials["twc"]["tenant"] == "understudy"


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_scenario_is_right(path: Path) -> None:
    assert load_scenario(path).locales


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_file_is_the_default_scenario(tmp_path: Path, text: str) -> None:
    assert load_scenario(write(tmp_path, text)) == Scenario()


@pytest.mark.parametrize("clock", ['"2026-03-01T10:00:00+01:00"', "2026-03-01T09:00:00Z", "2026-03-01 10:00:00+01:00"])
def test_the_clock_may_be_quoted_or_not(tmp_path: Path, clock: str) -> None:
    scenario = load_scenario(write(tmp_path, f"clock: {clock}\n"))
    assert scenario.clock == scenario.instant == datetime(2026, 3, 1, 9, tzinfo=UTC)


LAUGHS = "a: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"b{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)
"""Aliases of aliases: a few lines that stand for billions of values."""


@pytest.mark.parametrize("clock", ["1970-01-01T00:00:00Z", "2999-12-31T23:59:59Z", "2026-01-01t09:00:00z"])
def test_the_clock_has_the_control_api_s_bounds(tmp_path: Path, clock: str) -> None:
    assert load_scenario(write(tmp_path, f"clock: {clock}\n")).clock == parse_rfc3339(clock)
    assert load_scenario(write(tmp_path, f'clock: "{clock}"\n')).clock == parse_rfc3339(clock)


def test_a_text_of_the_greatest_depth_is_read(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="shares must be names"):
        load_scenario(write(tmp_path, "shares: " + "[" * 63 + "]" * 63))


def test_anchors_and_merge_keys_are_read(tmp_path: Path) -> None:
    text = "credentials:\n  crmcom: &user {username: a, password: b}\n  capillary: {<<: *user, password: c}\n"
    assert load_scenario(write(tmp_path, text)).credentials["capillary"] == {"username": "a", "password": "c"}


@pytest.mark.parametrize("part", ["credentials", "settings"])
def test_every_option_may_be_left_out_one_by_one(tmp_path: Path, part: str) -> None:
    whole = {vendor: getattr(options, part) for vendor, options in find_options().items()}
    texts = {vendor: {name: option.default for name, option in known.items()} for vendor, known in whole.items()}

    assert getattr(open_scenario(), part) == texts
    for vendor, known in texts.items():
        for name in known:
            other = next((choice for choice in whole[vendor][name].choices if choice != known[name]), OTHER_ID)
            path = write(tmp_path, f"{part}: {{{vendor}: {{{name}: {other}}}}}\n")
            assert getattr(open_scenario(str(path)), part) == {**texts, vendor: {**known, name: other}}


def test_the_start_scenario_shows_the_defaults() -> None:
    start = load_scenario(SCENARIOS / "start.yaml")
    options = find_options()

    for part in ("credentials", "settings"):
        for vendor, texts in getattr(start, part).items():
            known = getattr(options[vendor], part)
            assert texts == {name: known[name].default for name in texts}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("seed: 1\npeple: 60\n", 2, "unknown key 'peple'; did you mean 'people'?"),
        ("zzz: 1\n", 1, "unknown key 'zzz'; known are seed, people, merchants, shops, products, locales, clock, "),
        ("[a]: 1\n", 1, "unknown key '?'; known are"),
        ("people: 1\nseed: 1\npeople: 2\n", 3, "people is given twice; keep one"),
        ("people: sixty\n", 1, "people must be a whole number from 0 to 10000000, not 'sixty'"),
        ("people: -1\n", 1, "people must be a whole number from 0 to 10000000, not -1"),
        ("people: 10000001\n", 1, "people must be a whole number from 0 to 10000000, not 10000001"),
        ("people: yes\n", 1, "people must be a whole number from 0 to 10000000, not 'yes'"),
        ("seed: 1.5\n", 1, "seed must be a whole number from 0 to 9223372036854775807, not 1.5"),
        ("seed: 1\n\nshops: 2\n", 3, "shops need an owner; set merchants to 1 or more"),
        ("vendors: [contacthub, ecdpp]\n", 1, "vendors has an unknown vendor 'ecdpp'; did you mean 'ecdp'?"),
        ("vendors: ecdp\n", 1, "vendors must be a list of one or more, such as [acme, other], not 'ecdp'"),
        (
            "people: 1\nrecords:\n  twc.jobs: 1\n  crmcom.purchase: 3\n",
            4,
            "records has an unknown kind of record that a request takes 'crmcom.purchase'; did you mean 'crmcom.pu",
        ),
        (
            "records:\n  twc.jobs: many\n",
            2,
            "records of twc.jobs must be a whole number from 0 to 10000000, not 'many'",
        ),
        ("records: [twc.jobs]\n", 1, "records must be kinds, each with a number"),
        ("shares:\n  laking: 3\n", 2, "shares has an unknown share 'laking'; did you mean 'lacking'?"),
        ("shares:\n  lacking: 101\n", 2, "shares of lacking must be a whole number from 0 to 100, not 101"),
        (
            "vendors: [ecdp]\nrecords:\n  twc.jobs: 1\n",
            3,
            "records have twc.jobs, whose vendor is not among the vendors; add it there",
        ),
        ("locales: it_IT\n", 1, "locales must be a list of one or more, such as [it_IT, en_GB], not 'it_IT'"),
        ("locales: []\n", 1, "locales must be a list of one or more"),
        ("locales:\n  - en_GB\n  - it_IR\n", 3, "locales has an unknown locale 'it_IR'; did you mean 'it_IT'?"),
        ("locales: [[it_IT]]\n", 1, "locales has an unknown locale ['it_IT']"),
        ("locales:\n  - it_IT\n  - it_IT\n", 3, "locales names it_IT twice; keep one"),
        ("clock: 2026-01-01\n", 1, "clock must be a date and time with its zone, such as "),
        ('clock: "2026-01-01T09:00:00"\n', 1, "clock must be a date and time with its zone, such as "),
        ("clock: soon\n", 1, "clock must be a date and time with its zone, such as "),
        ("clock: 2026-13-45\n", 1, "clock must be a date and time with its zone, such as "),
        ("credentials: x\n", 1, "credentials must be vendors, each with its names and values, not 'x'"),
        ("credentials:\n  ecdp: {}\n  twc: 1\n", 3, "credentials of twc must be names and values, not 1"),
        ("credentials: [ecdp]\n", 1, "credentials must be vendors, each with its names and values, not ['ecdp']"),
        ("credentials:\n  ecpd: {api_key: x}\n", 2, "credentials has an unknown vendor 'ecpd'; did you mean 'ecdp'?"),
        ("settings:\n  1: {}\n", 2, "settings has an unknown vendor 1; known are capillary, contacthub, crmcom"),
        (
            "credentials:\n  ecdp:\n    api_kye: x\n",
            3,
            "credentials of ecdp have an unknown key 'api_kye'; did you mean 'api_key'?",
        ),
        (
            "credentials:\n  twc: {zzz: x}\n",
            2,
            "credentials of twc have an unknown key 'zzz'; known are tenant, client_id, client_secret",
        ),
        ("settings:\n  twc: {pace: x}\n", 2, "settings of twc have an unknown key 'pace'; it has none"),
        (
            "settings:\n  contacthub:\n    bulk_job: at once\n",
            3,
            "settings of contacthub have an unknown key 'bulk_job'; did you mean 'bulk_jobs'?",
        ),
        (
            "settings:\n  contacthub: {bulk_jobs: at onse}\n",
            2,
            "settings of contacthub: bulk_jobs must be one of 'at once', 'by the clock', not 'at onse'",
        ),
        (
            "credentials:\n  crmcom:\n    username: a\n    password: 123456\n",
            4,
            "credentials of crmcom: password must be text, not 123456; put it in quotes",
        ),
        ("credentials:\n  ecdp: {api_key: true}\n", 2, "credentials of ecdp: api_key must be text, not True"),
        ("credentials:\n  ecdp: {api_key: [a]}\n", 2, "credentials of ecdp: api_key must be text, not ['a']"),
        ("credentials:\n  ecdp:\n    api_key:\n", 3, "credentials of ecdp: api_key has no value"),
        (
            'credentials:\n  ecdp: {api_key: ""}\n',
            2,
            "credentials of ecdp: api_key must be one line of text in ASCII, not ''",
        ),
        (
            'credentials:\n  ecdp: {api_key: "a "}\n',
            2,
            "credentials of ecdp: api_key must be one line of text in ASCII, no",
        ),
        ('credentials:\n  ecdp: {api_key: "a\\nb"}\n', 2, "credentials of ecdp: api_key must be one line of text"),
        (
            "credentials:\n  capillary: {username: a:b}\n",
            2,
            "credentials of capillary: username must be one line of text without a colon, not 'a:b'",
        ),
        (
            "credentials:\n  contacthub: {node: mine}\n",
            2,
            "credentials of contacthub: node must be a UUID in lower case",
        ),
        ("credentials:\n  twc: {tenant: a/b}\n", 2, "credentials of twc: tenant must be letters, digits, '.', '_'"),
        (
            f"credentials:\n  contacthub: {{node: {OTHER_ENTRY_NODE}}}\n",
            2,
            f"credentials of contacthub: node cannot be '{OTHER_ENTRY_NODE}': another record of the start data has it",
        ),
        ("credentials:\n  ecdp:\n    api_key: a\n    api_key: b\n", 4, "api_key is given twice; keep one"),
        ("credentials:\n  ecdp: {}\n  ecdp: {}\n", 3, "ecdp is given twice; keep one"),
        ('clock: "1969-12-31T23:59:59Z"\n', 1, "clock must be between 1970 and 2999, not '1969-12-31T23:59:59Z'"),
        ('clock: "3000-01-01T00:00:00Z"\n', 1, "clock must be between 1970 and 2999"),
        ("clock: 0001-01-01T00:00:00+14:00\n", 1, "clock must be between 1970 and 2999"),
        ('clock: "9999-12-31T23:59:59-14:00"\n', 1, "clock must be between 1970 and 2999"),
        ('clock: ",026-01-01T00:00:00Z"\n', 1, "clock must be a date and time with its zone"),
        ("clock: 0000-01-01T00:00:00Z\n", 1, "clock must be a date and time with its zone, such as "),
        ("people: !!bool x\n", 1, "people cannot be read: "),
        ("people: !!timestamp x\n", 1, "people cannot be read: "),
        ("people: !!int x\n", 1, "people cannot be read: "),
        ("people: 1\nshares: *x\n", 2, "*x stands for nothing that ends before it"),
        ("people: 1\nshares: &x {lacking: *x}\n", 2, "*x stands for nothing that ends before it"),
        ("people: 1\nshares: " + "[" * 65 + "]" * 65, 2, "is nested deeper than 64 levels"),
        ("people: 1\nshares: " + "[" * 100_000, 2, "is nested deeper than 64 levels"),
        ("people: 1\nshares: " + "{a: " * 64 + "1" + "}" * 64, 2, "is nested deeper than 64 levels"),
        (LAUGHS, 7, "has more than 5000000 values"),
        ("- people\n", 1, "a scenario is keys and values, such as `people: 60`, not a list"),
        ("people\n", 1, "a scenario is keys and values, such as `people: 60`, not 'people'"),
        ("people: 1\nshops: [1\nseed: 2\n", 3, "not YAML: "),
        ("people: !!python/name:os.system x\n", 1, "not YAML: could not determine a constructor"),
        ("people: 1\n--- \npeople: 2\n", 2, "not YAML: "),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, line: int, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(Misconfigured) as caught:
        load_scenario(path)
    message_found = str(caught.value)
    assert message_found.startswith(f"{path}:{line}: {message}")
    assert "\n" not in message_found


def test_a_missing_file_is_named_with_the_nearest() -> None:
    with pytest.raises(Misconfigured, match=r"strat\.yaml: no such scenario; did you mean 'start\.yaml'\?"):
        load_scenario(SCENARIOS / "strat.yaml")


def test_a_folder_is_no_scenario(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be read: Is a directory"):
        load_scenario(tmp_path)


@pytest.mark.parametrize(("raw", "message"), [(b"seed: \xff\n", "not UTF-8 text"), (b"seed: \x01\n", "not YAML: ")])
def test_a_file_that_is_no_text_is_named(tmp_path: Path, raw: bytes, message: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(raw)
    with pytest.raises(Misconfigured, match=message):
        load_scenario(path)


def test_shops_without_merchants_are_refused_in_python_too() -> None:
    with pytest.raises(ValueError, match="set merchants to 1 or more"):
        Scenario(shops=1)


PAGE = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")


def test_the_page_s_example_is_right(tmp_path: Path) -> None:
    [example] = [
        block for block in re.findall(r"^```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE) if "seed:" in block
    ]

    scenario = load_scenario(write(tmp_path, example))

    assert scenario.records["crmcom.purchases"] == 60
    assert scenario.shares.keys() == SHARES.keys()
    known = {field.name for field in fields(Scenario)} - {
        "stated_records",
        "duplicates",
        "record_places",
        "delivery_places",
    }
    """``stated_records`` are under the key ``records``; duplicates are only for generated records."""
    assert [name for name in known if f"{name}:" not in example] == []
    assert [stated.collection for stated in scenario.stated_records] == ["customers"]


def test_the_page_names_every_shipped_scenario() -> None:
    assert re.findall(r"^\| `([\w-]+)` \|", PAGE, re.MULTILINE) == [
        "start", "empty", "small-shop", "busy-month", "gdpr-requests", "hundred-thousand",
    ]  # fmt: skip
    assert {path.stem for path in SCENARIOS.glob("*.yaml")} == set(re.findall(r"^\| `([\w-]+)` \|", PAGE, re.MULTILINE))


@pytest.mark.parametrize("number", ["010", "00", "+010", "-01", "007.5", "0_1"])
def test_a_number_that_begins_with_a_zero_is_refused(tmp_path: Path, number: str) -> None:
    for text, line in ((f"people: {number}\n", 1), (f"records:\n  ecdp:\n    customers: [{{phone: {number}}}]\n", 3)):
        path = write(tmp_path, text)
        with pytest.raises(Misconfigured) as caught:
            load_scenario(path)
        assert str(caught.value) == (
            f"{path}:{line}: {number} begins with a zero: write a number without it, or a text in quotes"
        )


@pytest.mark.parametrize("value", ["1:30", "1_000", "0x10", "0b11", "0o10", "yes", "no", "on", "off", "1.0"])
@pytest.mark.parametrize("key", ["people", "seed", "days", "records: {twc.jobs", "shares: {lacking"])
def test_only_a_whole_number_in_digits_is_one(tmp_path: Path, key: str, value: str) -> None:
    text = f"{key}: {value}" + ("}" if "{" in key else "")
    with pytest.raises(Misconfigured, match=rf"must be a whole number from 0 to \d+, not '?{value}'?"):
        load_scenario(write(tmp_path, text + "\n"))


@pytest.mark.parametrize(("value", "number"), [("0", 0), ("10", 10), ("+7", 7)])
def test_plain_digits_are_that_number(tmp_path: Path, value: str, number: int) -> None:
    assert load_scenario(write(tmp_path, f"people: {value}\n")).people == number


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "Y", "2026-01-01", "1:30"])
def test_a_bare_word_is_text_as_in_json(tmp_path: Path, word: str) -> None:
    scenario = load_scenario(write(tmp_path, f"credentials: {{crmcom: {{password: {word}}}}}\n"))
    assert scenario.credentials == {"crmcom": {"password": word}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("vendors: []\n", "1: vendors must be a list of one or more, such as [acme, other], not []; for all of"),
        ("vendors:\n  - ecdp\n  - twc\n  - ecdp\n", "4: vendors names ecdp twice; keep one"),
        (
            "records:\n  contacthub:\n    customers: {id: a}\n",
            "3: records of contacthub: customers must be a list, each with `- `, not names and values",
        ),
        (
            "records:\n  ecdp:\n    customers:\n      id: a\n",
            "4: records of ecdp: customers must be a list, each with `- `, not names and values",
        ),
        (
            "records:\n  ecdp:\n    customers: many\n",
            "3: records of ecdp: customers must be a list, each with `- `, not 'many'",
        ),
    ],
)
def test_what_must_be_a_list_is_one(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(Misconfigured) as caught:
        load_scenario(path)
    assert str(caught.value).startswith(f"{path}:{message}")


@pytest.mark.parametrize(
    ("vendor", "key"),
    [
        ("ecdp", "api_key"),
        ("crmcom", "api_key"),
        ("contacthub", "token"),
        ("capillary", "key"),
        ("capillary", "secret"),
    ],
)
@pytest.mark.parametrize("value", ["ü", "a\\nb", "a\\rb", " a", "a ", "\\ta", "a\\u2028b", "a\\x85b", "€"])
def test_a_credential_that_no_header_can_carry_is_refused(tmp_path: Path, vendor: str, key: str, value: str) -> None:
    path = write(tmp_path, f'credentials:\n  {vendor}: {{{key}: "{value}"}}\n')
    with pytest.raises(Misconfigured) as caught:
        load_scenario(path)
    assert str(caught.value).startswith(f"{path}:2: credentials of {vendor}: {key} must be one line of text in ASCII")
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "line", "missing"),
    [
        ("people: 5\nrecords:\n  crmcom.purchases: 3\n", 3, "products"),
        ("people: 5\nproducts: 3\nrecords:\n  crmcom.purchases: 3\n", 4, "shops"),
        ("records:\n  contacthub.sessions: 3\n", 2, "people"),
    ],
)
def test_records_without_what_they_need_are_named_with_their_line(
    tmp_path: Path, text: str, line: int, missing: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(Misconfigured) as caught:
        create_app(Settings(scenario=path)).worlds.get_or_create()
    kind = text.splitlines()[line - 1].split(":")[0].strip()
    assert str(caught.value) == (
        f"{path}:{line}: {kind}: such records need {missing}; set {missing} to 1 or more in the scenario"
    )
