"""The parser of one action: from its tokens to its pipeline, or to Go's error.

An action is parsed once for all places where the same text stands: what depends on the place (which variables there
are, what the action is nested in) is left to `scanner.template.parser`, which replays the `events`.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any, NamedTuple

from scanner.template.lexer import Token, lex_action
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
_NOT_EXECUTABLE = (Bool, Dot, Nil, Number, String)
_MAX_PARENTHESES = 10000

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
        "trims",
        "word",
    )

    def __init__(self, length: int, trims: bool) -> None:
        self.length = length
        self.trims = trims
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
    """The action does not parse."""

    def __init__(self, message: str, token: Token | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.token = token


def parse_action(text: str, start: int, functions: Container[str]) -> Action:
    """The action whose left delimiter stands at `start`. Comments are none."""
    inside = start + 2
    if text[inside : inside + 1] == "-" and text[inside + 1 : inside + 2] in (" ", "\t", "\r", "\n"):
        inside += 2
    tokens, end = lex_action(text, inside)
    action = Action(end - start, text.startswith("-", end - 3) and end - 3 > inside)
    parser = _Parser(tokens, start, functions, action)
    try:
        parser.parse()
    except _FlawError as flawed:
        if flawed.token:
            action.flaw = Flaw(flawed.message, flawed.token[1] - start, True)
        else:
            action.flaw = Flaw(flawed.message, parser.last(), False)
    action.last = parser.last()
    return action


class _Parser:
    """The tokens of an action, the next of them, and how far they have been looked at."""

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

    def last(self) -> int:
        """The offset of the last token that was looked at: Go gives its line in errors."""
        return self.tokens[max(self.seen, self.at - 1)][1] - self.start

    def next(self) -> Token:
        at = self.at
        self.at = at + 1
        return self.tokens[at] if at < len(self.tokens) else self.tokens[-1]

    def peek(self) -> Token:
        """The next token that is no space."""
        at = self.at
        token = self.tokens[at]
        if token[0] == "space":
            self.at = at = at + 1
            token = self.tokens[at]
        if at > self.seen:
            self.seen = at
        return token

    def parse(self) -> None:
        action = self.action
        kind, offset, value = self.peek()
        action.word = offset - self.start
        if kind != "keyword":
            action.pipeline = self.pipeline("command", "close")
            return
        self.at += 1
        action.kind = value
        if value in ("if", "range", "with"):
            action.pipeline = self.pipeline(value, "close")
        elif value == "else":
            following = self.peek()
            if following[0] == "keyword" and following[2] in ("if", "with"):
                self.at += 1
                action.kind = "else " + following[2]
                action.word = following[1] - self.start
                action.pipeline = self.pipeline(following[2], "close")
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
        token = self.peek()
        if token[0] not in ("string", "raw"):
            self.unexpected(token, context)
        self.at += 1
        self.action.name_offset = token[1] - self.start
        self.action.name = self.literal(unquote, token[2])
        if keyword == "define":
            self.expect_close(context)
        elif keyword == "block" or self.peek()[0] != "close":
            self.action.pipeline = self.pipeline(context, "close")

    def expect_close(self, context: str) -> None:
        token = self.peek()
        if token[0] != "close":
            self.unexpected(token, context)
        self.at += 1

    def unexpected(self, token: Token, context: str) -> None:
        """Raises for a token that may not stand here."""
        kind, _, value = token
        if kind == "error":
            raise _FlawError(value, token)
        if kind in ("keyword", "dot", "nil"):
            shown = f"<{value}>"
        elif len(value.encode("utf-8", "surrogateescape")) > 10:
            shown = quote(value[:10]) + "..."
        else:
            shown = quote(value)
        raise _FlawError(f"unexpected {shown} in {context}")

    def literal(self, read: Any, text: str) -> Any:
        try:
            return read(text)
        except LiteralError as error:
            raise _FlawError(str(error)) from None

    def pipeline(self, context: str, end: str) -> Pipeline:
        """declarations? command ('|' command)*, up to and with the `end` token."""
        first = self.peek()
        names, offsets, assigns = self.declarations(context) if first[0] == "variable" else ([], [], False)
        commands: list[Command] = []
        while True:
            token = self.peek()
            if token[0] == end:
                self.at += 1
                break
            if token[0] not in _OPERANDS:
                self.unexpected(token, context)
            commands.append(self.command())
        if not commands:
            raise _FlawError(f"missing value for {context}")
        for stage, command in enumerate(commands):
            if stage and isinstance(command.operands[0], _NOT_EXECUTABLE):
                raise _FlawError(f"non executable command in pipeline stage {stage + 1}")
        targets = []
        if names:
            self.events.append(("bind", (assigns, names), 0))
            for name, offset in zip(names, offsets, strict=True):
                targets.append(Variable(offset, name, (), self.uses))
                self.uses += 1
        return Pipeline(first[1] - self.start, tuple(commands), tuple(targets), assigns)

    def declarations(self, context: str) -> tuple[list[str], list[int], bool]:
        """The names and offsets of the variables that a pipeline begins with, and whether it assigns to them."""
        names: list[str] = []
        offsets: list[int] = []
        assigns = False
        while (variable := self.peek())[0] == "variable":
            back = self.at
            self.at += 1
            kind, _, value = self.peek()
            if kind not in ("assign", "declare") and not (kind == "char" and value == ","):
                self.at = back
                break
            self.at += 1
            names.append(variable[2])
            offsets.append(variable[1] - self.start)
            self.events.append(("declare", variable[2], 0))
            if kind != "char":
                assigns = kind == "assign"
                break
            if context == "range" and len(names) < 2:
                if self.peek()[0] in ("variable", "close", "right"):
                    continue
                raise _FlawError("range can only initialize variables")
            raise _FlawError(f"too many declarations in {context}")
        return names, offsets, assigns

    def command(self) -> Command:
        """operand (space operand)*; the `|` behind it is taken too."""
        offset = self.peek()[1]
        operands: list[Expression] = []
        while True:
            operand = self.operand()
            if operand is not None:
                operands.append(operand)
            token = self.next()
            kind = token[0]
            if kind == "space":
                continue
            if kind in ("close", "right"):
                self.seen = max(self.seen, self.at - 1)
                self.at -= 1
            elif kind != "pipe":
                self.unexpected(token, "operand")
            break
        if not operands:
            raise _FlawError("empty command")
        return Command(offset - self.start, tuple(operands))

    def operand(self) -> Expression | None:
        """A term and the fields behind it; None where none begins."""
        node = self.term()
        if node is None:
            return None
        at = self.at
        tokens = self.tokens
        if at > self.seen and at < len(tokens):
            self.seen = at
        if tokens[at][0] != "field":
            return node
        offset = tokens[at][1] - self.start
        names: list[str] = []
        while tokens[at][0] == "field":
            names.append(tokens[at][2][1:])
            at += 1
        self.at = at
        self.seen = max(self.seen, at)
        if isinstance(node, Field):
            return Field(offset, (*node.names, *names))
        if isinstance(node, Variable):
            return Variable(offset, node.name, (*node.names, *names), node.use)
        if isinstance(node, _NOT_EXECUTABLE):
            raise _FlawError(f"unexpected . after term {quote(str(node))}")
        return Chain(offset, node, tuple(names))

    def term(self) -> Expression | None:
        kind, at, value = self.peek()
        offset = at - self.start
        self.at += 1
        if kind == "field":
            return Field(offset, (value[1:],))
        if kind == "word":
            if value not in self.functions:
                raise _FlawError(f"function {quote(value)} not defined")
            return Identifier(offset, value)
        if kind == "variable":
            self.events.append(("use", value, self.last()))
            self.uses += 1
            return Variable(offset, value, (), self.uses - 1)
        if kind in ("string", "raw"):
            return String(offset, self.literal(unquote, value), value)
        if kind == "dot":
            return Dot(offset)
        if kind == "left":
            if self.depth >= _MAX_PARENTHESES:
                raise _FlawError("max expression depth exceeded")
            self.depth += 1
            inner = self.pipeline("parenthesized pipeline", "right")
            self.depth -= 1
            return inner
        if kind == "nil":
            return Nil(offset)
        if kind == "bool":
            return Bool(offset, value == "true")
        if kind in _NUMBERS:
            numeral: Numeral = self.literal(_NUMBERS[kind], value)
            return Number(offset, numeral, value)
        self.at -= 1
        return None


_NUMBERS = {"number": number, "complex": complex_number, "character": character_constant}
