"""What a configuration says of one rule."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from scanner.core.location import Location


class RuleSetting(NamedTuple):
    """What is said of a rule; None where nothing is. Locations are those of the keys, for errors."""

    enabled: bool | None = None
    severity: str | None = None
    parameters: Mapping[str, Any] = {}
    location: Location | None = None
    parameter_locations: Mapping[str, Location] = {}
