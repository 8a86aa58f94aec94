"""The table of the functions for versions: `scanner.template.version_values`."""

from __future__ import annotations

from scanner.template.function import Function, late

FUNCTIONS = (
    Function("semver", "string", late("version_values", "semver")),
    Function("semverCompare", "string string", late("version_values", "semver_compare")),
)
