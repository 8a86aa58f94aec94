"""docs/usage.md and docs/configuration.md against the program: commands, options, keys and examples."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest

from scanner.choose import choose_rules
from scanner.cli.app import COMMANDS, Commands, app
from scanner.config import SCHEMA, load_config
from scanner.report import FORMATS
from tests.conftest import ROOT, write_files

USAGE = (ROOT / "docs" / "usage.md").read_text("utf-8")
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text("utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_every_option_of_scan_is_described() -> None:
    command = app.get_command(click.Context(app), "scan")
    assert command is not None
    options = [option for option in command.params if isinstance(option, click.Option)]
    names = {name for option in options for name in option.opts if not (len(option.opts) > 2 and name == "--color")}
    long = {name for name in names if name.startswith("--")}
    short = {"--format": "-f", "--output": "-o"}
    assert {name for name in long if name not in USAGE and short.get(name, name) not in USAGE} - {"--color"} == set()
    variables = {option.envvar for option in options if option.envvar}
    assert {variable for variable in variables if f"`{variable}`" not in USAGE} == set()


def test_every_command_and_format_is_described() -> None:
    described = set(re.findall(r"`groundrule ([a-z]+)", USAGE)) | {"scan"}
    assert described == set(COMMANDS)
    assert {name for name in FORMATS if f"| {name} |" not in USAGE} == set()


def test_options_that_are_named_exist() -> None:
    known = {"--check", "--profile", "--family", "--debug"}
    aws = app.get_command(click.Context(app), "aws")
    assert isinstance(aws, Commands)
    commands = [(app, "scan"), (app, "render"), (app, "compare"), (aws, "collect"), (aws, "scan")]
    for group, name in commands:
        command = group.get_command(click.Context(group), name)
        assert command is not None
        known |= {each for option in command.params for each in option.opts}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", USAGE + CONFIGURATION)) - known == set()


def test_every_key_of_the_configuration_is_described() -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert {key for key in schema["properties"] if f"{key}:" not in CONFIGURATION} == set()


@pytest.mark.parametrize("text", blocks(CONFIGURATION, "yaml"))
def test_the_examples_of_the_configuration_are_right(tmp_path: Path, text: str) -> None:
    write_files(tmp_path, {".groundrule.yaml": text.replace("rule_folders: [policies]\n", "")})
    choose_rules(load_config(tmp_path, tmp_path))


def test_the_toml_example_is_right(tmp_path: Path) -> None:
    (text,) = blocks(CONFIGURATION, "toml")
    write_files(tmp_path, {"pyproject.toml": text})
    assert load_config(tmp_path, tmp_path).waivers[0].expires == "2027-01-31"


def test_the_suppressions_of_the_usage_page_are_understood(tmp_path: Path) -> None:
    from scanner.scan import Options, scan

    compose, annotation = blocks(USAGE, "yaml")
    pod = f"apiVersion: v1\nkind: Pod\n{annotation}  name: x\nspec: {{containers: [{{name: a, image: b}}]}}\n"
    write_files(tmp_path, {"compose.yaml": compose, "pod.yaml": pod})
    report = scan([tmp_path], Options()).report
    assert {notice.message for notice in report.notices} == {
        "the suppression of family:exposure is not used",
        "the suppression of privileged-container is not used",
        "the suppression of host-pid is not used",
    }
    suppressed = {finding.rule.id for finding in report.findings if finding.status == "suppressed"}
    assert suppressed == {"image-not-pinned", "privileged-container"}
