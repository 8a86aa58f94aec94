"""What goes wrong with a chart, in Helm's words."""

from __future__ import annotations

from scanner.core.errors import SourceError


class HelmError(SourceError):
    """A chart that does not load or render. `message` is what Helm prints after `Error: `, without its advice about
    `--debug`; `location` is the place to look at, where one is known."""
