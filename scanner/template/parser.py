"""The parser of a template file: texts, actions and how they nest, into one tree for each template that it defines."""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from scanner.core.patterns import late
from scanner.template.actions import Action, Flaw, parse_action
from scanner.template.errors import LimitError, TemplateError
from scanner.template.lexer import SPACES
from scanner.template.nodes import Block, Statement, Tree
from scanner.template.printing import quote

_COMMENT = late(r"\{\{(?:-[ \t\r\n])?/\*")
_COMMENT_END = late(r"([ \t\r\n]-)?\}\}")
_PUSHES = ("if", "range", "with")


class Parsed(NamedTuple):
    """The trees of a file: its own, and those of its definitions by name; and how many tokens its actions have."""

    tree: Tree
    definitions: dict[str, Tree]
    tokens: int


def parse(name: str, text: str, functions: Container[str], actions: dict[str, Action], most: int) -> Parsed:
    """The trees of a file's text. Raises TemplateError as Go words it, and LimitError for more tokens than `most`.

    `actions` is a cache of parsed actions by their text, for the same `functions`; it grows.
    """
    return _Parser(name, text, functions, actions, most).parse()


class _Scope:
    """One tree in the making: its variables, and what Go keeps for its error texts.

    Go's parser lets a name be used that no longer exists when the template runs (after `else`, one of the branch
    before). `live` are the variables that exist, each in the slot of its place; `known` all names that parse.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.tree = Tree()
        self.live = ["$"]
        self.slots: dict[str, list[int]] = {"$": [0]}
        self.known = ["$"]
        self.known_times = {"$": 1}
        self.ranges = 0
        self.action_start = -1
        self.last = 0

    def slot(self, name: str) -> int:
        """The slot of the variable that a name means; -1 where there is none."""
        slots = self.slots.get(name)
        return slots[-1] if slots else -1

    def declare(self, name: str) -> None:
        """Lets a name be used."""
        self.known.append(name)
        self.known_times[name] = self.known_times.get(name, 0) + 1

    def bind(self, name: str) -> int:
        """The slot of a new variable."""
        slot = len(self.live)
        self.live.append(name)
        self.slots.setdefault(name, []).append(slot)
        if slot >= self.tree.variables:
            self.tree.variables = slot + 1
        return slot

    def unbind(self, live: int) -> None:
        """Leaves only the first variables."""
        for name in self.live[live:]:
            self.slots[name].pop()
        del self.live[live:]

    def leave(self, live: int, known: int) -> None:
        """Leaves only the first variables, and the first names that parse."""
        self.unbind(live)
        for name in self.known[known:]:
            self.known_times[name] -= 1
        del self.known[known:]


class _Open:
    """A statement or a definition that still waits for its end."""

    __slots__ = ("block", "bound", "implied", "kind", "known", "live", "otherwise", "statement")

    def __init__(self, kind: str, block: Block, scope: _Scope) -> None:
        self.kind = kind
        self.block = block
        self.live = len(scope.live)
        self.known = len(scope.known)
        self.bound = self.live
        self.otherwise: Block | None = None
        self.statement: tuple[Action, int, tuple[int, ...]] | None = None
        self.implied = False


class _Parser:
    """The state of parsing one text: what is open, innermost last, and the trees around."""

    def __init__(self, name: str, text: str, functions: Container[str], actions: dict[str, Action], most: int) -> None:
        self.most = most
        self.tokens = 0
        self.name = name
        self.text = text
        self.functions = functions
        self.actions = actions
        self.definitions: dict[str, Tree] = {}
        self.scope = _Scope(name)
        self.scopes = [self.scope]
        self.open: list[_Open] = []
        self.block = self.scope.tree.block

    def parse(self) -> Parsed:
        text = self.text
        at = 0
        while (start := text.find("{{", at)) >= 0:
            trims = text[start + 2 : start + 3] == "-" and text[start + 3 : start + 4] in (" ", "\t", "\r", "\n")
            if start > at:
                plain = text[at:start].rstrip(SPACES) if trims else text[at:start]
                if plain:
                    self.block.nodes.append((plain, at))
            inside = start + 4 if trims else start + 2
            if text.startswith("/*", inside):
                at = self.comment(inside)
                continue
            end = text.find("}}", start) + 2
            action = self.actions.get(text[start:end])
            if action is None:
                action = parse_action(text, start, self.functions)
                if action.flaw is None:
                    self.actions[text[start : start + action.length]] = action
            self.tokens += action.tokens
            if self.tokens > self.most:
                raise LimitError(f"the templates have more than {self.most:,} tokens", "template_tokens")
            self.action(action, start)
            at = start + action.length
            if action.trims:
                at = self.after_spaces(at)
        if at < len(text):
            self.block.nodes.append((text[at:], at))
        self.scope.last = len(text)
        if self.open:
            self.fail("unexpected EOF")
        self.define(self.name, self.scope.tree)
        return Parsed(self.definitions.pop(self.name), self.definitions, self.tokens)

    def after_spaces(self, at: int) -> int:
        text = self.text
        while text[at : at + 1] in (" ", "\t", "\r", "\n"):
            at += 1
        return at

    def comment(self, start: int) -> int:
        """Goes over a comment, and the white space that it trims behind itself."""
        close = self.text.find("*/", start + 2)
        if close < 0:
            self.lexical("unclosed comment", start)
        found = _COMMENT_END.match(self.text, close + 2)
        if found is None:
            self.lexical("comment ends before closing delimiter", start)
            return start
        return self.after_spaces(found.end()) if found[1] else found.end()

    def line(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1

    def fail(self, message: str) -> None:
        """Raises Go's error at the line of the last token read."""
        line = self.line(self.scope.last)
        raise TemplateError(f"template: {self.name}:{line}: {message}", self.name, line)

    def lexical(self, message: str, offset: int) -> None:
        """Raises what the lexer found, with the line where the action around it began if that is another."""
        scope = self.scope
        scope.last = offset
        if scope.action_start >= 0 and (line := self.line(scope.action_start)) != self.line(offset):
            action = "" if message.endswith(" action") else " in action"
            message += f"{action} started at {self.name}:{line}"
        self.fail(message)

    def action(self, action: Action, base: int) -> None:
        """Takes one action in."""
        kind = action.kind
        scope = self.scope
        if kind == "define":
            if not self.open:
                self.begin_definition(action, base)
                return
            scope.last = base + action.word
            self.fail("unexpected <define> in command")
        scope.action_start = base
        if kind in ("else if", "else with"):
            # Go reads no further than to the second word before it looks at what the action belongs to.
            scope.last = base + action.word
            self.other(kind)
            scope.action_start = -1
        slots = self.replay(action, base) if action.events or action.flaw else ()
        scope.last = base + action.last
        if kind == "pipeline" or kind == "template":
            self.block.nodes.append(Statement(action, base, slots))
        elif kind in _PUSHES or kind in ("else if", "else with"):
            self.begin(action, base, slots)
            return
        elif kind == "end":
            self.end()
        elif kind == "else":
            self.other(kind)
        elif kind == "block":
            self.block.nodes.append(Statement(action, base, slots))
            self.enter(action)
            return
        elif kind == "break" or kind == "continue":
            if not scope.ranges:
                self.fail("{{" + kind + "}} outside {{range}}")
            self.block.nodes.append(Statement(action, base, slots))
        self.scope.action_start = -1

    def replay(self, action: Action, base: int) -> tuple[int, ...]:
        """The slots of an action's variables here. Raises for one that there is not, and for the action's own flaw."""
        scope = self.scope
        slots: list[int] = []
        self.marks = (len(scope.live), len(scope.known))
        for kind, subject, last in action.events:
            if kind == "use":
                if not scope.known_times.get(subject):
                    scope.last = base + last
                    self.fail(f"undefined variable {quote(subject)}")
                slots.append(scope.slot(subject))
            elif kind == "declare":
                scope.declare(subject)
            else:
                assigns, names = subject
                slots += [scope.slot(name) if assigns else scope.bind(name) for name in names]
        if action.flaw:
            self.flawed(action.flaw, base)
        return tuple(slots)

    def flawed(self, flaw: Flaw, base: int) -> None:
        if flaw.lexical:
            self.lexical(flaw.message, base + flaw.offset)
        self.scope.last = base + flaw.offset
        self.fail(flaw.message)

    def begin(self, action: Action, base: int, slots: tuple[int, ...]) -> None:
        """Opens an if, range or with: what follows is its body."""
        kind = action.kind.removeprefix("else ")
        opened = _Open(kind, self.block, self.scope)
        if action.events:
            opened.live, opened.known = self.marks
        opened.implied = kind != action.kind
        opened.statement = (action, base, slots)
        self.scope.ranges += kind == "range"
        self.open.append(opened)
        self.block = Block()

    def other(self, kind: str) -> None:
        """Goes on to the other branch of what is open."""
        opened = self.open[-1] if self.open else None
        if opened is None:
            self.fail("unexpected {{else}}")
        elif opened.kind in ("define", "block"):
            self.context_of(opened)
            self.fail(f"unexpected {{{{else}}}} in {opened.kind} clause")
        elif opened.otherwise is not None:
            self.fail("expected end; found {{else}}")
        else:
            if kind != "else" and kind != "else " + opened.kind:
                self.fail(f"unexpected <{kind[5:]}> in input")
            scope = self.scope
            scope.ranges -= opened.kind == "range"
            opened.otherwise = self.block
            scope.unbind(opened.bound)
            self.block = Block()

    def end(self) -> None:
        """Closes what is open, and the ifs around it that `else if` stands for."""
        while True:
            if not self.open:
                self.fail("unexpected {{end}}")
            opened = self.open.pop()
            scope = self.scope
            if opened.kind in ("define", "block"):
                self.leave(opened)
                return
            body, otherwise = (self.block, None) if opened.otherwise is None else (opened.otherwise, self.block)
            scope.ranges -= opened.kind == "range" and otherwise is None
            scope.leave(opened.live, opened.known)
            self.block = opened.block
            if opened.statement is not None:
                action, base, slots = opened.statement
                self.block.nodes.append(Statement(action, base, slots, body, otherwise))
            if not opened.implied:
                return

    def begin_definition(self, action: Action, base: int) -> None:
        """Opens a template of its own; Go has a parser of its own for it, which knows no action around."""
        outer = self.scope
        self.enter(action)
        self.scope.last = base + action.last
        if action.flaw:
            self.flawed(action.flaw, base)
        outer.last = base + action.word

    def enter(self, action: Action) -> None:
        opened = _Open(action.kind, self.block, self.scope)
        self.open.append(opened)
        self.scope = _Scope(action.name)
        self.scopes.append(self.scope)
        self.block = self.scope.tree.block

    def leave(self, opened: _Open) -> None:
        self.define(self.scope.name, self.scope.tree)
        self.scopes.pop()
        self.scope = self.scopes[-1]
        self.block = opened.block

    def context_of(self, opened: _Open) -> None:
        """Go words an error about a block's end with the parser around it, which read no further than its beginning."""
        if opened.kind == "block":
            self.scope = self.scopes[-2]

    def define(self, name: str, tree: Tree) -> None:
        """Adds a tree: one that is empty replaces none, and two that are not cannot be in one file."""
        known = self.definitions.get(name)
        if known is None or known.is_empty():
            self.definitions[name] = tree
        elif not tree.is_empty():
            self.fail(f"template: multiple definition of template {quote(name)}")
