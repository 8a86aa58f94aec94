"""Reports: projections of a Report to the formats that people and programs read."""

from scanner.report.formats import FORMATS, render
from scanner.report.options import RenderOptions
from scanner.report.summary import Summary, summarise

__all__ = ["FORMATS", "RenderOptions", "Summary", "render", "summarise"]
