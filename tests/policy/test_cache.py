"""Compiled rules: stored, found again, and never used when they are damaged, foreign or out of date."""

from __future__ import annotations

import marshal
import subprocess
import sys
from dataclasses import fields
from hashlib import sha256
from pathlib import Path

import pytest

from scanner.policy import cache as cache_module
from scanner.policy.cache import Cache, cache_folder, dump, read
from scanner.policy.load import builtin_folder, compile_files, rule_files
from scanner.policy.ruleset import load_ruleset
from tests.policy.rules import write_rule


def stored(folder: Path) -> list[Path]:
    return sorted(folder.glob("*"))


def test_cold_equals_warm(tmp_path: Path) -> None:
    cold = load_ruleset(cache=tmp_path)
    (path,) = stored(tmp_path)
    before = path.read_bytes()
    warm = load_ruleset(cache=tmp_path)
    assert cold.rules == warm.rules
    assert len(warm.rules) >= 40
    assert path.read_bytes() == before


def test_every_field_is_compared() -> None:
    rule = load_ruleset().rules[0]
    assert [each.name for each in fields(rule) if not each.compare] == ["program"]


def test_warm_imports_neither_the_runtime_nor_a_parser(tmp_path: Path) -> None:
    load_ruleset(cache=tmp_path)
    heavy = ("cel_expr_python", "google.protobuf", "yaml", "jsonschema", "re2")
    code = (
        "import sys; from pathlib import Path; from scanner.policy.ruleset import load_ruleset; import scanner.policy.judge;"
        f"print(len(load_ruleset(cache=Path({str(tmp_path)!r})).rules), [name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split(" ", 1)[1].strip() == "[]"
    assert len(stored(tmp_path)) == 1


def test_a_changed_rule_is_compiled_again(tmp_path: Path) -> None:
    rules, kept = tmp_path / "rules", tmp_path / "kept"
    write_rule(rules, "one", "compliant: container.init\n")
    first = load_ruleset([rules], builtin=False, cache=kept)
    write_rule(rules, "one", "compliant: container.user != 'x'\n")
    second = load_ruleset([rules], builtin=False, cache=kept)
    assert first.rules[0].reads == {"init"}
    assert second.rules[0].reads == {"user"}
    assert len(stored(kept)) == 2


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"x",
        b"groundrule rules 1\n",
        "half",
        "flipped",
        "another key",
        "not rules",
    ],
)
def test_what_is_damaged_is_not_used(tmp_path: Path, damage: bytes | str) -> None:
    rules, kept = tmp_path / "rules", tmp_path / "kept"
    write_rule(rules, "one")
    cold = load_ruleset([rules], builtin=False, cache=kept)
    (path,) = stored(kept)
    data = path.read_bytes()
    if damage == "half":
        path.write_bytes(data[: len(data) // 2])
    elif damage == "flipped":
        path.write_bytes(data[:-5] + bytes([data[-5] ^ 1]) + data[-4:])
    elif damage == "another key":
        path.write_bytes(data.replace(path.stem.encode(), b"0" * 64))
    elif damage == "not rules":
        body = marshal.dumps(["x"])
        path.write_bytes(b"another tool\n" + path.stem.encode() + sha256(body).hexdigest().encode() + body)
    else:
        assert isinstance(damage, bytes)
        path.write_bytes(damage)
    assert read(path, path.stem) is None
    assert load_ruleset([rules], builtin=False, cache=kept).rules == cold.rules
    assert path.read_bytes() == data


def test_a_folder_that_cannot_be_written_is_fine(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    write_rule(tmp_path / "rules", "one")
    ruleset = load_ruleset([tmp_path / "rules"], builtin=False, cache=tmp_path / "file" / "below")
    assert len(ruleset.rules) == 1


def test_old_sets_are_dropped(tmp_path: Path) -> None:
    rules, kept = tmp_path / "rules", tmp_path / "kept"
    for number in range(40):
        write_rule(rules, "one", f"compliant: container.pids_limit > {number}\n")
        load_ruleset([rules], builtin=False, cache=kept)
    assert len(stored(kept)) == 32


def test_the_key_is_that_of_the_content() -> None:
    files = [("a.yaml", b"1"), ("b.yaml", b"2")]
    keys = {
        Cache.key(files, builtin=False),
        Cache.key(files, builtin=True),
        Cache.key(files, builtin=False, installed=True),
        Cache.key([("a.yaml", b"1b"), (".yaml", b"2")], builtin=False),
        Cache.key([("a.yaml", b"2"), ("b.yaml", b"1")], builtin=False),
        Cache.key(files[:1], builtin=False),
    }
    assert len(keys) == 6
    assert Cache.key(files, builtin=False) == Cache.key(list(files), builtin=False)


def test_a_wheels_own_set_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = tmp_path / "builtin.marshal"
    files = rule_files(builtin_folder())
    rules = compile_files(files, builtin_folder(), builtin=True)
    shipped.write_bytes(dump(Cache.key(files, builtin=True, installed=True), rules))
    monkeypatch.setattr(cache_module, "SHIPPED", shipped)
    monkeypatch.setattr("scanner.policy.load.compile_files", None)
    assert [rule.info.id for rule in load_ruleset().rules] == sorted(rule.info.id for rule in rules)


@pytest.mark.parametrize(
    ("platform", "environment", "wanted"),
    [
        ("linux", {"XDG_CACHE_HOME": "/x"}, "/x/groundrule"),
        ("linux", {}, "/home/me/.cache/groundrule"),
        ("darwin", {"XDG_CACHE_HOME": "/x"}, "/home/me/Library/Caches/groundrule"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/groundrule"),
        ("win32", {}, "/home/me/AppData/Local/groundrule"),
    ],
)
def test_the_cache_folder(
    monkeypatch: pytest.MonkeyPatch, platform: str, environment: dict[str, str], wanted: str
) -> None:
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": "/home/me", **environment}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(cache_module.sys, "platform", platform)
    folder = cache_folder()
    assert folder is not None
    assert folder.as_posix() == wanted


def test_a_user_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(cache_module.Path, "home", homeless)
    assert cache_folder() is None
