"""How a function that rules may call is declared: its signature for the checker, and the Python behind it."""

from collections.abc import Callable
from typing import Any, NamedTuple


class Function(NamedTuple):
    """A function of the rule language.

    `parameters` and `result` are types of `scanner.core.views` (`string`, `int`, `bool`, `list(T)`, `map(string)`, the
    name of a view or shape) or `dyn` or `double`. `call` gets plain Python values, one a parameter; a shape is a dict
    in which absent attributes have no key. It returns a value of the declared type or an `Unknown`, and raises
    ValueError where an argument is wrong: the message ends up in reports, so it never quotes the argument.

    An argument that is `Unknown` makes the result unknown without a call. An argument that is a `PartialText` does so
    too, unless `partial` is set: then `call` gets it as it is. `pure` says that equal arguments give equal results,
    so that results may be kept.
    """

    name: str
    parameters: tuple[str, ...]
    result: str
    call: Callable[..., Any]
    partial: bool = False
    pure: bool = True
