"""The configuration: where it is found, how files add up, and what is wrong with one, to the line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from scanner.config import SCHEMA, Config, find_root, load_config, merge
from scanner.core.errors import ConfigurationError, ConfigurationErrors
from tests.conftest import write_files


def load(folder: Path, root: Path | None = None) -> Config:
    return load_config(folder, root or find_root([folder]))


WRONG: list[tuple[str, list[str]]] = [
    ("fail-on: high\n", ["1:1: unknown key 'fail-on' | did you mean 'fail_on'?"]),
    (
        "fail_on: hihg\n",
        ["1:10: fail_on: 'hihg' is not one of: critical, high, medium, low, info, never | did you mean 'high'?"],
    ),
    ("exclude: dist\n", ["1:10: exclude: expected a list, got a text | "]),
    ("- a\n", ["1:3: expected a map, got a list | "]),
    ("strict: yes\n", ["1:9: strict: expected true or false, got a text | "]),
    (
        "rules:\n  image-not-pinned: {severty: low}\n",
        ["2:22: unknown key 'severty' | did you mean 'severity'?"],
    ),
    (
        "waivers:\n  - rule: a\n    resaon: x\n",
        [
            "2:5: waivers[0].reason: the key 'reason' is missing | ",
            "3:5: unknown key 'resaon' | did you mean 'reason'?",
        ],
    ),
    (
        "waivers:\n  - {rule: a, reason: x, expires: 2027-02-30}\n",
        ["2:35: waivers[0].expires: there is no day 2027-02-30 | write YYYY-MM-DD"],
    ),
    ("pod_templates: {Kind: spec}\n", ["1:17: the name 'Kind': does not have the form ^[^/\\s]+/[^/\\s]+$ | "]),
    (
        "a: [\n",
        ["2:1: not valid YAML: did not find expected node content while parsing a flow node | correct the syntax here"],
    ),
    (
        "fail_on: low\nfail_on: low\n",
        ["2:1: the key 'fail_on' stands here a second time (first in line 1) | keep one of the two"],
    ),
    ("fail_on: low\n---\nfail_on: low\n", ["2: a configuration is one document | remove the ---"]),
]


@pytest.mark.parametrize(("text", "expected"), WRONG, ids=range(len(WRONG)))
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, expected: list[str]) -> None:
    write_files(tmp_path, {".groundrule.yaml": text})
    with pytest.raises((ConfigurationError, ConfigurationErrors)) as caught:
        load(tmp_path)
    errors = caught.value.errors if isinstance(caught.value, ConfigurationErrors) else [caught.value]
    assert [f"{error}|{error.hint}".replace("|", " | ", 1) for error in errors] == [
        f".groundrule.yaml:{line}" for line in expected
    ]


TOML = """\
[project]
name = "x"

[tool.groundrule]
fail_on = "high"
strct = true

[tool.groundrule.rules.image-not-pinned]
severity = "lowest"

[[tool.groundrule.waivers]]
rule = "a"
reason = "b"

[[tool.groundrule.waivers]]
rule = "a"
reason = "b"
expires = "tomorrow"
"""


def test_toml_errors_have_their_lines(tmp_path: Path) -> None:
    write_files(tmp_path, {"pyproject.toml": TOML})
    with pytest.raises(ConfigurationErrors) as caught:
        load(tmp_path)
    assert [str(error) for error in caught.value.errors] == [
        "pyproject.toml:6: unknown key 'strct'",
        "pyproject.toml:9: rules.image-not-pinned.severity: 'lowest' is not one of: critical, high, medium, low, info",
        "pyproject.toml:18: waivers[1].expires: does not have the form ^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    ]


def test_toml_says_the_same_as_yaml(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "a/pyproject.toml": '[tool.groundrule]\nfail_on = "high"\nexclude = ["x"]\n'
            '[[tool.groundrule.waivers]]\nrule = ["a", "b"]\nreason = "r"\nexpires = 2027-01-31\n',
            "b/.groundrule.yaml": "fail_on: high\nexclude: [x]\n"
            "waivers: [{rule: [a, b], reason: r, expires: 2027-01-31}]\n",
        },
    )
    a, b = load(tmp_path / "a"), load(tmp_path / "b")
    assert (a.fail_on, a.exclude[0].globs) == (b.fail_on, b.exclude[0].globs) == ("high", ("x",))
    assert a.waivers[0].rules == b.waivers[0].rules == ("a", "b")
    assert a.waivers[0].expires == b.waivers[0].expires == "2027-01-31"


def test_a_pyproject_without_a_section_is_none(tmp_path: Path) -> None:
    write_files(tmp_path, {"pyproject.toml": '[tool.other]\nx = "[tool.groundrulez]"\n'})
    assert load(tmp_path) == Config(files=("pyproject.toml",))


def test_the_nearest_wins_key_by_key_up_to_the_git_root(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            ".groundrule.yaml": "fail_on: never\n",
            "repository/.git/HEAD": "",
            "repository/.groundrule.yaml": "fail_on: high\nstrict: true\nignore: [a]\nexclude: [out]\n"
            "rules: {r: {severity: low, parameters: {x: 1, y: 1}}}\nwaivers: [{rule: a, reason: outer}]\n",
            "repository/app/pyproject.toml": '[tool.groundrule]\nfail_on = "low"\nignore = ["b"]\nexclude = ["tmp"]\n'
            '[[tool.groundrule.waivers]]\nrule = "a"\nreason = "inner"\n',
        },
    )
    root = tmp_path / "repository"
    config = load(root / "app")
    assert config.files == (".groundrule.yaml", "app/pyproject.toml")
    assert (config.fail_on, config.strict) == ("low", True)
    assert [word for word, _ in config.ignore] == ["b"]
    assert [waiver.reason for waiver in config.waivers] == ["outer", "inner"]
    assert [(paths.folder, paths.globs) for paths in config.exclude] == [
        (root.as_posix(), ("out",)),
        ((root / "app").as_posix(), ("tmp",)),
    ]
    assert config.excludes(f"{root.as_posix()}/app/tmp/x.yaml")
    assert not config.excludes(f"{root.as_posix()}/tmp/x.yaml")


def test_without_git_it_is_found_to_the_top(tmp_path: Path) -> None:
    write_files(tmp_path, {".groundrule.yaml": "fail_on: high\n", "a/b/x.yaml": ""})
    assert load(tmp_path / "a" / "b").fail_on == "high"


def test_an_explicit_file_is_the_only_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {".groundrule.yaml": "fail_on: high\n", "other.yaml": "strict: true\n"})
    config = load_config(tmp_path, tmp_path, tmp_path / "other.yaml")
    assert (config.fail_on, config.strict) == ("low", True)
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path, {"other.yaml": "exclude: [a]\n"})
    assert load_config(tmp_path, tmp_path, Path("other.yaml")).excludes(f"{tmp_path.as_posix()}/a/x.yaml")
    with pytest.raises(ConfigurationError, match="does not exist"):
        load_config(tmp_path, tmp_path, tmp_path / "absent.yaml")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({".groundrule.yml": ""}, "this name is not read"),
        ({".groundrule.yaml": "", "pyproject.toml": "[tool.groundrule]\n"}, "has a section"),
    ],
)
def test_what_would_be_overlooked_is_an_error(tmp_path: Path, files: dict[str, str | bytes], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        load(write_files(tmp_path, files))


@pytest.mark.parametrize("name", [".groundrule.yaml", "pyproject.toml"])
def test_what_cannot_be_read_is_an_error(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {name: ""})

    def denied(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    with pytest.raises(ConfigurationError, match=f"{name}: cannot be read: Permission denied"):
        load_config(tmp_path, tmp_path)


def test_a_nested_file_holds_for_its_folder(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "dev/.groundrule.yaml": "fail_on: never\nignore: [a]\nrules: {b: {enabled: false}}\noverrides: [{paths: [x], rules: {c: {severity: low}}}]\n"
        },
    )
    config = merge(Config(), tmp_path / "dev" / ".groundrule.yaml", tmp_path, nested=True)
    assert config.fail_on == "low"
    assert [notice.message for notice in config.notices] == ["fail_on counts only for scans of this folder"]
    own, limited = config.layers
    assert own.paths is not None
    assert limited.paths is not None
    assert [word for word, _ in own.ignore] == ["a"]
    inside, outside = f"{tmp_path.as_posix()}/dev/x/y.yaml", f"{tmp_path.as_posix()}/x/y.yaml"
    assert [own.paths.match(path) for path in (inside, outside)] == [True, False]
    assert [limited.paths.match(path) for path in (inside, outside)] == [True, False]


def test_the_schema_is_one_and_says_what_each_key_is_for() -> None:
    schema: dict[str, Any] = json.loads(SCHEMA.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)

    def keys(node: Any) -> list[tuple[str, Any]]:
        found = []
        if isinstance(node, dict):
            found = list(node.get("properties", {}).items())
            for inner in node.values():
                found += keys(inner)
        return found

    definitions = schema["$defs"]
    undescribed = [
        name
        for name, value in keys(schema)
        if isinstance(value, dict)
        and not (definitions[value["$ref"].rpartition("/")[2]] if "$ref" in value else value).get("description")
    ]
    assert undescribed == []


def test_limits_add_up_key_by_key(tmp_path: Path) -> None:
    inner = {
        ".groundrule.yaml": "helm_limits: {steps: 1000, seconds: 1.5}\n",
        "in/.groundrule.yaml": "helm_limits: {steps: 2000}\n",
    }
    write_files(tmp_path, {".git/x": "", **inner})
    assert load(tmp_path / "in").helm_limits == {"steps": 2000, "seconds": 1.5}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{steps: 0}", "1:22: helm_limits.steps: must be at least 1"),
        ("{depth: 1.5}", "1:22: helm_limits.depth: expected an integer, got 1.5"),
        ("{output: 3}", "1:15: unknown key 'output'"),
        ("{seconds: -1}", "1:24: helm_limits.seconds: must be at least 1"),
    ],
)
def test_limits_that_are_none(text: str, message: str, tmp_path: Path) -> None:
    write_files(tmp_path, {".groundrule.yaml": f"helm_limits: {text}\n"})
    with pytest.raises(ConfigurationErrors) as caught:
        load(tmp_path)
    assert str(caught.value) == f".groundrule.yaml:{message}"
