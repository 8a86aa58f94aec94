"""The formats: the one list of them, and the late import of the module that renders each."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from scanner.core.result import Report
from scanner.report.options import RenderOptions

FORMATS: dict[str, str] = {
    "text": "scanner.report.text",
    "json": "scanner.report.json_results",
    "sarif": "scanner.report.sarif",
    "junit": "scanner.report.junit",
    "github": "scanner.report.github",
    "gitlab": "scanner.report.gitlab",
    "markdown": "scanner.report.markdown",
    "html": "scanner.report.html_page",
    "csv": "scanner.report.csv_table",
    "asff": "scanner.report.asff",
    "ocsf": "scanner.report.ocsf",
}
"""Name of a format → the module whose `render(report, options)` returns the document."""


class Format(Protocol):
    """A module that renders reports."""

    def render(self, report: Report, options: RenderOptions) -> str:
        """The whole document, secrets masked, ending in a line break."""
        ...


def render(name: str, report: Report, options: RenderOptions) -> str:
    """`report` in the format `name`, one of FORMATS (KeyError otherwise). Write it with newline='' as UTF-8."""
    return cast(Format, import_module(FORMATS[name])).render(report, options)
