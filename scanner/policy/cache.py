"""Compiled rules as plain data: kept for the next run, and shipped in the wheel.

A stored set is found by the content of everything that it was made of; the wheel's own was made of what lies beside
it. What is damaged, foreign or out of date is not used, and a folder that cannot be written only costs time.
"""

from __future__ import annotations

import marshal
import os
import sys
from binascii import crc32
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from scanner import __version__
from scanner.core.result import RuleInfo
from scanner.policy.rule import MARSHAL, Parameter, Rule

_MAGIC = f"groundrule rules 4 {__version__}\n".encode()
_KEY_SIZE, _SUM_SIZE = 64, 8
SHIPPED = Path(__file__).with_name("builtin.marshal")
"""The wheel's own rules, compiled when it was built."""
_PACKAGE = Path(__file__).parent.parent


def cache_folder() -> Path | None:
    """The user's cache folder for groundrule, after the habits of the platform; None for a user without a home.

    It need not exist.
    """
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(home / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(home / ".cache")
    return Path(base) / "groundrule"


class Cache:
    """Compiled rules under `folder`; None keeps nothing. The wheel's own set is used in any case."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    @staticmethod
    def key(files: Iterable[tuple[str, bytes]], *, builtin: bool, installed: bool | None = None) -> str:
        """A digest of the rule files and of what compiles them: the version where groundrule is `installed` (None: as
        it is here); in a checkout, where it changes under one version, the code itself, with views and functions."""
        from hashlib import sha256

        digest = sha256(f"{__version__} {MARSHAL} {int(builtin)}\n".encode())
        if not (SHIPPED.exists() if installed is None else installed):
            for path in _compiling_code():
                digest.update(path.read_bytes())
        for name, data in files:
            digest.update(f"{len(name.encode())} {len(data)}\n{name}".encode())
            digest.update(data)
        return digest.hexdigest()

    def load(self, key: str) -> list[Rule] | None:
        """The stored rules, None where there are none for this key."""
        return read(self.folder / f"{key}.rules", key) if self.folder else None

    def store(self, key: str, rules: Sequence[Rule]) -> None:
        """Keeps the rules; whoever reads at the same time sees all of the file or none of it."""
        if self.folder is None:
            return
        partial = self.folder / f"{key}.{os.getpid()}.partial"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(dump(key, rules))
            partial.replace(self.folder / f"{key}.rules")
        except OSError:
            # A cache that cannot be written is no failure: the rules are compiled again next time.
            return
        self._drop_old()

    def _drop_old(self, keep: int = 32) -> None:
        """Leaves the newest sets only."""
        try:
            stored = sorted(Path(self.folder or ".").glob("*.rules"), key=lambda path: path.stat().st_mtime)
            for path in stored[:-keep]:
                path.unlink(missing_ok=True)
        except OSError:
            return


def _compiling_code() -> list[Path]:
    policy = _PACKAGE / "policy"
    folders = (policy, policy / "cel", policy / "functions")
    core = _PACKAGE / "core"
    shapes = [core / "relations.py", core / "resource_shapes.py", *sorted((core / "shapes").glob("*.json"))]
    return [core / "views.py", *shapes, *(path for folder in folders for path in sorted(folder.glob("*.py")))]


def shipped() -> list[Rule] | None:
    """The wheel's own rules; None in a checkout."""
    return read(SHIPPED, None)


def dump(key: str, rules: Sequence[Rule]) -> bytes:
    """A stored set: what it is, its key, a checksum of the rest, and the rules as plain data."""
    body = marshal.dumps([_pack(rule) for rule in rules], MARSHAL)
    return _MAGIC + key.encode() + _checksum(body) + body


def read(path: Path, key: str | None) -> list[Rule] | None:
    """The rules stored in a file under `key` (None: under any); None where it is missing, damaged or holds something
    else."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    start = len(_MAGIC) + _KEY_SIZE
    own, body = data[len(_MAGIC) : start], data[start + _SUM_SIZE :]
    # Nothing that is not whole gets to marshal, which trusts what it reads.
    if not data.startswith(_MAGIC) or data[start : start + _SUM_SIZE] != _checksum(body):
        return None
    if key is not None and own != key.encode():
        return None
    return [_unpack(packed) for packed in marshal.loads(body)]  # noqa: S302 - checked by its sum


def _checksum(body: bytes) -> bytes:
    return f"{crc32(body):0{_SUM_SIZE}x}".encode()


_RULE = tuple(field.name for field in fields(Rule) if field.name not in ("info", "parameters", "values", "program"))


def _pack(rule: Rule) -> tuple[Any, ...]:
    parameters = {name: (each.type, each.default, each.description) for name, each in rule.parameters.items()}
    return tuple(rule.info), tuple(getattr(rule, name) for name in _RULE), parameters


def _unpack(packed: tuple[Any, ...]) -> Rule:
    info, rule, parameters = packed
    declared = {name: Parameter(*each) for name, each in parameters.items()}
    values = {name: parameter.default for name, parameter in declared.items()}
    return Rule(
        info=RuleInfo(*info),
        parameters=declared,
        values=values,
        **dict(zip(_RULE, rule, strict=True)),
    )
