"""Routes: the way from the root of a document or resource to one value, as keys and list indexes."""

from __future__ import annotations

import re

from scanner.core.patterns import late

Step = str | int
Route = tuple[Step, ...]

_PLAIN_KEY = late(r"[A-Za-z_$][\w$/-]*\Z")
_TOKEN = late(r'\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|(?:^|\.)([^.\[\]"]+)')


def format_route(route: Route) -> str:
    """`services.web.ports[0]`; a key with a dot or another special character is quoted: `labels["a.b"]`."""
    parts: list[str] = []
    for step in route:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif _PLAIN_KEY.match(step):
            parts.append(f".{step}" if parts else step)
        else:
            escaped = step.replace("\\", "\\\\").replace('"', '\\"')
            parts.append(f'["{escaped}"]')
    return "".join(parts)


def parse_route(text: str) -> Route:
    """The inverse of `format_route`. Raises ValueError where `text` is no route."""
    route: list[Step] = []
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise ValueError(f"not a route: {text!r} (at character {position + 1})")
        index, quoted, key = token.groups()
        if index is not None:
            route.append(int(index))
        elif quoted is not None:
            route.append(re.sub(r"\\(.)", r"\1", quoted))
        else:
            route.append(key)
        position = token.end()
    return tuple(route)
