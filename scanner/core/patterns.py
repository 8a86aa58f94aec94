"""Regular expressions that are compiled when they are first used: most runs need few of them, and start sooner."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

_compile = re.compile  # the true one, also while `scanner.core.libyaml` puts `late` in its place


class _Late:
    """Stands in for a compiled pattern; what has been asked for once is an attribute of its own."""

    def __init__(self, text: Any, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        found = getattr(_compile(self._text, self._flags), name)  # re keeps what it has compiled
        setattr(self, name, found)
        return found


def late(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The pattern `text`. A mistake in it shows at the first use; the functions of `re` do not take it."""
    return cast("re.Pattern[AnyStr]", _Late(text, flags))
