"""The one error tree: what went wrong, where, and what to do next."""

from __future__ import annotations

from scanner.core.location import Location


class GroundruleError(Exception):
    """A failure that a person can act on.

    `message` says what, `location` where (None when there is no place), `hint` what to do next.
    """

    def __init__(self, message: str, location: Location | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.location = location
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location else ""
        return f"{place}{self.message}"


class UsageError(GroundruleError):
    """The command line cannot be carried out as given (exit status 2)."""


class ConfigurationError(GroundruleError):
    """`.groundrule.yaml` or `[tool.groundrule]` is wrong (exit status 2)."""


class RuleError(GroundruleError):
    """A rule file is wrong (exit status 2)."""


class SourceError(GroundruleError):
    """An input cannot be read or resolved: it becomes an entry of `not_scanned` and the scan goes on."""


class RuleErrors(GroundruleError):  # noqa: N818 - it holds several
    """Every error of a set of rule files at once, in the order of files and lines."""

    def __init__(self, errors: list[RuleError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = errors


class ConfigurationErrors(GroundruleError):  # noqa: N818 - it holds several
    """Every error of the configuration at once, in the order of files and lines."""

    def __init__(self, errors: list[ConfigurationError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = errors
