"""Random bytes for one run of templates: real ones, or in a deterministic run the same ones every time.

What a traced run draws says so: its origin is CHANCE.
"""

from __future__ import annotations

from typing import Protocol

from scanner.template.kinds import CHANCE
from scanner.template.text import from_origin


class Chance(Protocol):
    """What functions of chance and time need of a run.

    `deterministic`: same templates and values give the same output. `draws` counts what was drawn in it, so that two
    passwords of one chart differ. `traced`: texts say where they come from.
    """

    deterministic: bool
    draws: int
    traced: bool


def drawn(run: Chance, text: str) -> str:
    """A text that another run would make otherwise, with its origin."""
    return from_origin(str(text), CHANCE) if run.traced else text


def random_bytes(run: Chance, count: int) -> bytes:
    """So many bytes: from the operating system, or from the number of the draw."""
    if not run.deterministic:
        from os import urandom

        return urandom(count)
    from hashlib import shake_256

    run.draws += 1
    return shake_256(b"groundrule %d" % run.draws).digest(count)


def random_below(run: Chance, bound: int) -> int:
    """An integer from 0 to `bound` - 1, for a bound of up to 2^64."""
    return int.from_bytes(random_bytes(run, 24), "big") % bound


def random_text(run: Chance, alphabet: str, count: int) -> str:
    """So many characters of an alphabet of ASCII, each as likely as any other."""
    size = len(alphabet)
    table = bytes(ord(alphabet[byte % size]) for byte in range(256))
    surplus = bytes(range(256 - 256 % size, 256))
    text = b""
    while len(text) < count:
        text += random_bytes(run, 2 * count + 16).translate(table, surplus)
    return text[:count].decode("ascii")
