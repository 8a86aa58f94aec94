"""The page of the views, for those who write rules: every view, attribute, type and meaning."""

from __future__ import annotations

from scanner.core.views import VIEWS, View

GENERATED = "<!-- Generated from scanner/core/views.py by `pytest tests/project --update-goldens`. -->"
_INTRODUCTION = """\
A rule names one view (`match: {view: container}`) and reads its attributes in its expressions (`container.image`).
An attribute that is absent reads as its type's default (`''`, `0`, `false`, an empty list); `present(container.image)`
tells whether it is there. Sizes are bytes, CPU is millicores, durations are milliseconds.

An attribute marked † is a relation: it comes from the other resources of the scan."""


def views_page() -> str:
    """docs/views.md."""
    lines = [GENERATED, "", "# Views", "", _INTRODUCTION, ""]
    for heading, subject in (("Views that a rule can match", True), ("Shapes inside them", False)):
        lines += [f"## {heading}", ""]
        for view in VIEWS.values():
            if view.subject is subject:
                lines += _section(view)
    return "\n".join(lines)


def _section(view: View) -> list[str]:
    lines = [f"### {view.name}", "", view.meaning, "", "| attribute | type | meaning |", "|---|---|---|"]
    for attribute in view.attributes.values():
        mark = " †" if attribute.relation else ""
        lines.append(f"| {attribute.name}{mark} | {attribute.type} | {attribute.meaning} |")
    return [*lines, ""]
