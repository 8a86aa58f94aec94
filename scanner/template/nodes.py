"""The nodes of a parsed template. Expressions print themselves as Go's nodes do, because errors quote them.

Offsets of expressions count from the left delimiter of their action, in code points: one expression stands for all
actions of the same text, in all templates. Variables know their place in the list of the action's variables; which slot
of a template's variables that is, the action's statement says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from scanner.template.literals import Numeral

if TYPE_CHECKING:
    from scanner.template.actions import Action


class Field(NamedTuple):
    """`.a.b`."""

    offset: int
    names: tuple[str, ...]

    def __str__(self) -> str:
        return "." + ".".join(self.names)


class Variable(NamedTuple):
    """`$x.a.b`: `names` are the fields behind the variable, `use` its number among the action's variables."""

    offset: int
    name: str
    names: tuple[str, ...]
    use: int

    def __str__(self) -> str:
        return ".".join((self.name, *self.names))


class Chain(NamedTuple):
    """`(pipeline).a.b`, or `function.a.b`."""

    offset: int
    base: Expression
    names: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join((in_parentheses(self.base), *self.names))


class Dot(NamedTuple):
    """`.`."""

    offset: int

    def __str__(self) -> str:
        return "."


class Nil(NamedTuple):
    """`nil`."""

    offset: int

    def __str__(self) -> str:
        return "nil"


class Bool(NamedTuple):
    """`true` or `false`."""

    offset: int
    value: bool

    def __str__(self) -> str:
        return "true" if self.value else "false"


class Number(NamedTuple):
    """A number or a character."""

    offset: int
    value: Numeral
    text: str

    def __str__(self) -> str:
        return self.text


class String(NamedTuple):
    """A quoted or raw string."""

    offset: int
    value: str
    text: str

    def __str__(self) -> str:
        return self.text


class Identifier(NamedTuple):
    """The name of a function."""

    offset: int
    name: str

    def __str__(self) -> str:
        return self.name


class Command(NamedTuple):
    """A stage of a pipeline: an operand, or something to call with its arguments."""

    offset: int
    operands: tuple[Expression, ...]

    def __str__(self) -> str:
        return " ".join(map(in_parentheses, self.operands))


class Pipeline(NamedTuple):
    """Commands that hand their results on, and the variables that the last result goes to."""

    offset: int
    commands: tuple[Command, ...]
    targets: tuple[Variable, ...]
    assigns: bool

    def __str__(self) -> str:
        text = " | ".join(map(str, self.commands))
        if not self.targets:
            return text
        return ", ".join(map(str, self.targets)) + (" = " if self.assigns else " := ") + text


Operand: TypeAlias = Field | Variable | Chain | Dot | Nil | Bool | Number | String | Identifier
Expression: TypeAlias = Operand | Pipeline


def in_parentheses(node: Expression) -> str:
    """A node as an operand: a pipeline stands in parentheses."""
    return f"({node})" if isinstance(node, Pipeline) else str(node)


class Statement(NamedTuple):
    """An action in its place: `base` is the offset of its left delimiter, `slots` which variable each of its uses means
    (-1 for one that does not exist when it runs)."""

    action: Action
    base: int
    slots: tuple[int, ...]
    body: Block | None = None
    otherwise: Block | None = None


class Block:
    """Texts (with their offsets) and statements in order; `steps` is what they are compiled to when they first run."""

    __slots__ = ("nodes", "steps")

    def __init__(self) -> None:
        self.nodes: list[tuple[str, int] | Statement] = []
        self.steps: list[Any] | None = None


class Tree:
    """The body of one template: its statements, and how many variables it has at most at once (`$` is the first)."""

    __slots__ = ("block", "variables")

    def __init__(self) -> None:
        self.block = Block()
        self.variables = 1

    def is_empty(self) -> bool:
        """Whether it is nothing but white space, so that it does not replace another of its name."""
        return all(not isinstance(node, Statement) and not node[0].strip(_SPACE) for node in self.block.nodes)


_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
