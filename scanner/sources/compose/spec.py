"""How one attribute of Compose is described: what it may hold, and what each step of resolving does with it."""

from __future__ import annotations

import re
from typing import NamedTuple

NAME = re.compile(r"[a-zA-Z0-9._-]+\Z")
NOT_EMPTY = re.compile(r".+", re.DOTALL)
LETTERS = re.compile(r"[a-z]+\Z")


class Spec(NamedTuple):
    """One attribute.

    `types` are letters: s string, i integer, n number, b boolean, 0 null, o mapping, l list. `fields` are a mapping's
    known keys, `entries` its other values and `keys` the names that those may have; `open` lets any other key through,
    `extensions` the `x-` ones; all of `required` and one of `any_of` must be there. `items` are a list's items,
    `distinct` that no two are equal.

    `merge`, `unique`, `short`, `default`, `path` and `out` name what merging files, dropping repeated items, turning
    short forms into long ones, filling in defaults, resolving paths and printing do here; '' is the ordinary thing.
    """

    types: str
    fields: dict[str, Spec] | None = None
    entries: Spec | None = None
    items: Spec | None = None
    keys: re.Pattern[str] | None = None
    open: bool = False
    extensions: bool = True
    required: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    distinct: bool = False
    choices: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    bounds: tuple[int, int] | None = None
    merge: str = ""
    unique: str = ""
    short: str = ""
    default: str = ""
    path: str = ""
    out: str = ""


ANY = Spec("sinb0ol", open=True)
TEXT = Spec("s", out="text")
FLAG = Spec("bs", out="flag")
MAYBE_FLAG = Spec("bs", out="maybe_flag")
NUMBER = Spec("ns", out="integer")
WHOLE = Spec("is", out="integer")
COUNT = Spec("is", out="maybe_count")
BYTES = Spec("ns", out="bytes")
DURATION = Spec("s", out="duration")
TEXTS = Spec("l", items=TEXT, distinct=True, out="texts")
REPEATED_TEXTS = Spec("l", items=TEXT, out="texts")
ONE_OR_MORE = Spec("sl", items=TEXT, distinct=True, out="texts")
COMMAND = Spec("sl0", items=TEXT, out="command")
PAIRS = Spec("ol", entries=Spec("snb0"), items=TEXT, keys=NOT_EMPTY, extensions=False, distinct=True, out="pairs")
"""A mapping, or a list of `name=value`."""
OPTIONS = Spec("o", entries=Spec("sn"), open=True, out="options")


def record(fields: dict[str, Spec], **more: object) -> Spec:
    """A mapping with these keys and `x-` ones."""
    return Spec("o", fields, out="record")._replace(**more)  # type: ignore[arg-type]


def listing(items: Spec, **more: object) -> Spec:
    """A list."""
    return Spec("l", items=items, out="listing")._replace(**more)  # type: ignore[arg-type]


def table(entries: Spec, **more: object) -> Spec:
    """A mapping from names to the same kind of thing."""
    return Spec("o", entries=entries, keys=NAME, extensions=False, out="table")._replace(**more)  # type: ignore[arg-type]
