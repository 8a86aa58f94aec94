"""The parser of one action: from its tokens to its pipeline, or to Go's error.

An action is parsed once for all places where the same text stands: what depends on the place (which variables there
are, what the action is nested in) is left to `scanner.template.parser`, which replays the `events`.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any, NamedTuple, NoReturn

from scanner.template.lexer import MOST_PARENTHESES, Token, lex_action
from scanner.template.literals import LiteralError, Numeral, character_constant, complex_number, number, unquote
from scanner.template.nodes import (
    Bool,
    Chain,
    Command,
    Dot,
    Expression,
    Field,
    Identifier,
    Nil,
    Number,
    Pipeline,
    String,
    Variable,
)
from scanner.template.printing import quote

_OPERANDS = frozenset(
    ("bool", "character", "complex", "dot", "field", "word", "number", "nil", "raw", "string", "variable", "left")
)
_WEIGHT = 5
"""How many tokens take as much memory as an action without any."""

_NOT_EXECUTABLE = (Bool, Dot, Nil, Number, String)

Event = tuple[str, Any, int]
"""What happens to variables in an action, in order: ("use", name, last), ("declare", name, last), and at the end of a
pipeline ("bind", (assigns, names), last). `last` is the offset of the last token read until then."""


class Flaw(NamedTuple):
    """What is wrong in an action: Go's message without the place, the offset whose line Go names, and whether it is
    the lexer's message, which may get `in action started at` behind it."""

    message: str
    offset: int
    lexical: bool


class Action:
    """A parsed action. `kind` is its first word (`else if` and `else with` too), or `pipeline`.

    Offsets count from its left delimiter: `word` of its first token, `last` of the last token read.
    """

    __slots__ = (
        "compiled",
        "events",
        "flaw",
        "kind",
        "last",
        "length",
        "name",
        "name_offset",
        "pipeline",
        "tokens",
        "trims",
        "word",
    )

    def __init__(self, length: int, trims: bool) -> None:
        self.length = length
        self.trims = trims
        self.tokens = 0
        self.kind = "pipeline"
        self.name = ""
        self.name_offset = 0
        self.pipeline: Pipeline | None = None
        self.events: list[Event] = []
        self.flaw: Flaw | None = None
        self.word = 0
        self.last = 0
        self.compiled: dict[tuple[int, ...], Any] = {}


class _FlawError(Exception):
    """The action does not parse: what is wrong, and the number of the token whose line Go names."""

    def __init__(self, message: str, index: int, lexical: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.index = index
        self.lexical = lexical


def parse_action(text: str, start: int, functions: Container[str]) -> Action:
    """The action whose left delimiter stands at `start`. Comments are none."""
    inside = start + 2
    if text[inside : inside + 1] == "-" and text[inside + 1 : inside + 2] in (" ", "\t", "\r", "\n"):
        inside += 2
    tokens, end = lex_action(text, inside)
    action = Action(end - start, text.startswith("-", end - 3) and end - 3 > inside)
    action.tokens = len(tokens) + _WEIGHT
    parser = _Parser(tokens, start, functions, action)
    try:
        parser.parse()
    except _FlawError as flaw:
        offset = tokens[max(flaw.index, parser.seen)][1] - start
        action.flaw = Flaw(flaw.message, offset, flaw.lexical)
        action.last = offset
    else:
        action.last = tokens[-1][1] - start
    return action


class _Parser:
    """The tokens of an action and the number of the next of them. `seen` is the number of one that Go's parser has read
    although it lies ahead."""

    def __init__(self, tokens: list[Token], start: int, functions: Container[str], action: Action) -> None:
        self.tokens = tokens
        self.start = start
        self.functions = functions
        self.action = action
        self.events = action.events
        self.at = 0
        self.seen = 0
        self.depth = 0
        self.uses = 0

    def parse(self) -> None:
        action = self.action
        kind, offset, value, _ = self.tokens[0]
        action.word = offset - self.start
        if kind != "keyword":
            action.pipeline = self.pipeline("command", "close")
            return
        self.at = 1
        action.kind = value
        if value in ("if", "range", "with"):
            action.pipeline = self.pipeline(value, "close")
        elif value == "else":
            kind, offset, following, _ = self.tokens[1]
            if kind == "keyword" and following in ("if", "with"):
                self.at = 2
                action.kind = "else " + following
                action.word = offset - self.start
                action.pipeline = self.pipeline(following, "close")
            else:
                self.expect_close("else")
        elif value == "end":
            self.expect_close("end")
        elif value in ("break", "continue"):
            self.expect_close("{{" + value + "}}")
        else:
            self.named(value)

    def named(self, keyword: str) -> None:
        """The rest of define, template and block."""
        context = keyword + " clause"
        kind, offset, _, _ = self.tokens[1]
        if kind not in ("string", "raw"):
            self.unexpected(1, context)
        self.at = 2
        self.action.name_offset = offset - self.start
        self.action.name = self.literal(unquote, 1)
        if keyword == "define":
            self.expect_close(context)
        elif keyword == "block" or self.tokens[2][0] != "close":
            self.action.pipeline = self.pipeline(context, "close")

    def expect_close(self, context: str) -> None:
        if self.tokens[self.at][0] != "close":
            self.unexpected(self.at, context)

    def unexpected(self, index: int, context: str) -> NoReturn:
        """Raises for a token that may not stand here."""
        kind, _, value, _ = self.tokens[index]
        if kind == "error":
            raise _FlawError(value, index, lexical=True)
        if kind in ("keyword", "dot", "nil"):
            shown = f"<{value}>"
        elif len(value.encode("utf-8", "surrogateescape")) > 10:
            shown = quote(value[:10]) + "..."
        else:
            shown = quote(value)
        raise _FlawError(f"unexpected {shown} in {context}", index)

    def literal(self, read: Any, index: int) -> Any:
        try:
            return read(self.tokens[index][2])
        except LiteralError as error:
            raise _FlawError(str(error), index) from None

    def pipeline(self, context: str, end: str) -> Pipeline:
        """declarations? command ('|' command)*, up to and with the `end` token."""
        tokens = self.tokens
        first = tokens[self.at]
        names, offsets, assigns = self.declarations(context) if first[0] == "variable" else ([], [], False)
        commands: list[Command] = []
        while (kind := tokens[self.at][0]) != end:
            if kind not in _OPERANDS:
                self.unexpected(self.at, context)
            command = self.command()
            commands.append(command)
        if not commands:
            raise _FlawError(f"missing value for {context}", self.at)
        if len(commands) > 1:
            for stage, command in enumerate(commands[1:], 2):
                if isinstance(command.operands[0], _NOT_EXECUTABLE):
                    raise _FlawError(f"non executable command in pipeline stage {stage}", self.at)
        self.at += 1
        targets = []
        if names:
            self.events.append(("bind", (assigns, names), 0))
            for name, offset in zip(names, offsets, strict=True):
                targets.append(Variable(offset, name, (), self.uses))
                self.uses += 1
        return Pipeline(first[1] - self.start, tuple(commands), tuple(targets), assigns)

    def declarations(self, context: str) -> tuple[list[str], list[int], bool]:
        """The names and offsets of the variables that a pipeline begins with, and whether it assigns to them."""
        tokens = self.tokens
        names: list[str] = []
        offsets: list[int] = []
        while tokens[self.at][0] == "variable":
            _, offset, name, _ = tokens[self.at]
            self.seen = self.at + 1
            kind, _, value, _ = tokens[self.at + 1]
            if kind not in ("assign", "declare") and not (kind == "char" and value == ","):
                break
            self.at += 2
            names.append(name)
            offsets.append(offset - self.start)
            self.events.append(("declare", name, 0))
            if kind != "char":
                return names, offsets, kind == "assign"
            if context != "range" or len(names) > 1:
                raise _FlawError(f"too many declarations in {context}", self.at - 1)
            if tokens[self.at][0] not in ("variable", "close", "right"):
                raise _FlawError("range can only initialize variables", self.at)
        return names, offsets, False

    def command(self) -> Command:
        """operand (space operand)*; the `|` behind it is taken too."""
        tokens = self.tokens
        offset = tokens[self.at][1]
        operands = [self.operand()]
        while True:
            kind, _, _, is_apart = tokens[self.at]
            if is_apart and kind in _OPERANDS:
                operands.append(self.operand())
            elif kind == "pipe":
                self.at += 1
                break
            elif kind == "close" or kind == "right":
                break
            else:
                self.unexpected(self.at, "operand")
        return Command(offset - self.start, tuple(operands))

    def operand(self) -> Expression:
        """A term and the fields behind it."""
        node = self.term()
        tokens = self.tokens
        at = self.at
        kind, offset, name, is_apart = tokens[at]
        if kind != "field" or is_apart:
            return node
        names: list[str] = []
        while kind == "field" and not is_apart:
            names.append(name[1:])
            at += 1
            kind, _, name, is_apart = tokens[at]
        self.at = at
        offset -= self.start
        if isinstance(node, Field):
            return Field(offset, (*node.names, *names))
        if isinstance(node, Variable):
            return Variable(offset, node.name, (*node.names, *names), node.use)
        if isinstance(node, _NOT_EXECUTABLE):
            # Go has read on to what follows directly: a trimming delimiter if only its own blank stands between.
            gap = tokens[at][1] - tokens[at - 1][1] - len(tokens[at - 1][2])
            read = at if self.action.trims and kind == "close" and gap == 2 else at - 1
            raise _FlawError(f"unexpected . after term {quote(str(node))}", read)
        return Chain(offset, node, tuple(names))

    def term(self) -> Expression:
        index = self.at
        kind, at, value, _ = self.tokens[index]
        offset = at - self.start
        self.at = index + 1
        if kind == "field":
            return Field(offset, (value[1:],))
        if kind == "word":
            if value not in self.functions:
                raise _FlawError(f"function {quote(value)} not defined", index)
            return Identifier(offset, value)
        if kind == "variable":
            self.events.append(("use", value, self.tokens[max(index, self.seen)][1] - self.start))
            self.uses += 1
            return Variable(offset, value, (), self.uses - 1)
        if kind == "string" or kind == "raw":
            return String(offset, self.literal(unquote, index), value)
        if kind == "dot":
            return Dot(offset)
        if kind == "left":
            if self.depth >= MOST_PARENTHESES:
                raise _FlawError("max expression depth exceeded", index)
            self.depth += 1
            inner = self.pipeline("parenthesized pipeline", "right")
            self.depth -= 1
            return inner
        if kind == "nil":
            return Nil(offset)
        if kind == "bool":
            return Bool(offset, value == "true")
        numeral: Numeral = self.literal(_NUMBERS[kind], index)
        return Number(offset, numeral, value)


_NUMBERS = {"number": number, "complex": complex_number, "character": character_constant}
