"""One JSON value inside a longer text, as `--set-json` takes it."""

from __future__ import annotations

import math
from typing import Any

from scanner.helm.origin import ValueOrigin
from scanner.template.kinds import Float, Items, Map, put
from scanner.template.text import from_origin

_DEEPEST = 200


class Undecodable(Exception):  # noqa: N818 - Helm says no more than that
    """What stands there is no JSON."""


def decode(text: str, start: int, node: ValueOrigin | None) -> tuple[Any, int]:
    """The value at `start`, which comes from `node`, and the offset behind it. Raises Undecodable."""
    from json import JSONDecoder

    decoder = JSONDecoder(parse_int=_number, parse_float=_number, parse_constant=_number)
    try:
        value, end = decoder.raw_decode(text, start)
        return _marked(value, node, 0), end
    except (ValueError, RecursionError) as error:
        raise Undecodable(str(error)) from None


def _number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits} is no number of JSON")
    return number


def _marked(value: Any, node: ValueOrigin | None, depth: int) -> Any:
    """The value with Go's kinds, and the origin of each part."""
    if depth > _DEEPEST:
        raise ValueError("nested too deep")
    if isinstance(value, dict):
        found = Map((), node)
        for key, item in value.items():
            below = _below(node, key)
            put(found, _text(key), _marked(item, below, depth + 1), below)
        return found
    if isinstance(value, list):
        origins = [_below(node, index) for index in range(len(value))]
        return Items([_marked(item, origins[index], depth + 1) for index, item in enumerate(value)], node, origins)
    if isinstance(value, str):
        return _text(value) if node is None else from_origin(_text(value), node)
    if isinstance(value, float):
        return value if node is None else Float(value, node)
    return value


def _below(node: ValueOrigin | None, step: str | int) -> ValueOrigin | None:
    return None if node is None else ValueOrigin(node.source, node, step)


def _text(value: str) -> str:
    """Lone surrogates become U+FFFD."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
