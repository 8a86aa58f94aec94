"""Builds the wheel's compiled rules: what a scan would otherwise check and compile at its first run."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):
    """Adds `scanner/policy/builtin.marshal` to a wheel. A rule that is wrong fails the build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compiles the rules; an editable install compiles its own."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from scanner.policy.cache import Cache, dump
        from scanner.policy.load import builtin_folder, compile_files, rule_files

        folder = builtin_folder()
        files = rule_files(folder)
        rules = compile_files(files, folder, builtin=True)
        self._made = Path(tempfile.mkdtemp(prefix="groundrule-"), "builtin.marshal")
        self._made.write_bytes(dump(Cache.key(files, builtin=True, installed=True), rules))
        build_data["force_include"][str(self._made)] = "scanner/policy/builtin.marshal"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - the interface
        """Removes what `initialize` made beside the wheel."""
        made = getattr(self, "_made", None)
        if made is not None:
            made.unlink()
            made.parent.rmdir()
