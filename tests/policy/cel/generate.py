"""Random well-typed expressions and data for the differential test: the grammar that rules may use.

Three things are left out, since the runtime departs from the specification: `substring` with an end that is the end
of the string (an error there), NaN as a string (`-nan` there), and one local name used twice (the second `cel.bind`
may see what a loop that ended early left in the first).
"""

from __future__ import annotations

import random
from typing import Any

from scanner.core.views import Attribute, View


def shape(name: str, table: str, *, subject: bool = False) -> View:
    """A view from lines of `name type`."""
    pairs = (line.split() for line in table.strip().splitlines())
    return View(name, "for tests", {word: Attribute(word, kind, "") for word, kind in pairs}, subject)


PART = shape("part", "name string\nsize int\nok bool\ntags list(string)\nmarks map(string)\nratio double")
THING = shape(
    "thing",
    """
    text string
    other string
    count int
    limit int
    on bool
    off bool
    ratio double
    words list(string)
    numbers list(int)
    labels map(string)
    amounts map(int)
    part part
    parts list(part)
    """,
    subject=True,
)
VIEWS = {view.name: view for view in (THING, PART)}

_STRINGS = [
    "",
    "a",
    "b",
    "ab",
    "abc",
    "aab",
    "A",
    "é",
    "x.y",
    "1",
    "-7",
    "true",
    " a ",
    "a,b,c",
    "日本",
    "\\",
    "'",
    "\n",
]
_PATTERNS = ["a", "^a", "b$", "a+b", "[a-c]+", "(?i)AB", "^$", ".", "\\\\d+", "x\\\\.y", "(a|b)c"]
_INTS = [0, 1, 2, 3, -1, -7, 10, 100, 9223372036854775807, -9223372036854775808, 4611686018427387904]
_DOUBLES = ["0.0", "1.0", "-1.5", "2.5", "1e3", "0.1", "123456789.125", "1e-7", "1e21"]
_KEYS = ["a", "b", "k", "é"]


def quote(text: str) -> str:
    """A string literal."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{escaped}'"


class Generator:
    """Yields expressions of a wanted type. `names` are the local names in force, with their types."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._named = 0

    def expression(self) -> tuple[str, str]:
        """A type and an expression of it."""
        self._named = 0
        kind = self.random.choice(
            ["bool"] * 8 + ["int", "int", "string", "string", "double", "list(string)", "list(int)", "dyn"]
        )
        return kind, self.make(kind, self.random.choice([2, 3, 3, 4, 5]), {})

    def make(self, kind: str, depth: int, names: dict[str, str]) -> str:
        """An expression of the type, at most `depth` deep."""
        pick = self.random.random()
        fitting = [name for name, type_ in names.items() if type_ == kind]
        if fitting and pick < 0.35:
            return self.random.choice(fitting)
        if depth <= 0 or pick > 0.93:
            return self._leaf(kind, names)
        if pick > 0.88:
            return self._general(kind, depth - 1, names)
        return getattr(self, f"_{kind.replace('(', '_').replace(')', '')}")(depth - 1, names)

    def _name(self) -> str:
        self._named += 1
        return f"v{self._named}"

    def _message(self, names: dict[str, str]) -> tuple[str, View]:
        known = [name for name, kind in names.items() if kind == "part"]
        if known and self.random.random() < 0.6:
            return self.random.choice(known), PART
        if self.random.random() < 0.25:
            return self.random.choice(["thing.part", f"thing.parts[{self.random.choice([0, 1, 2])}]"]), PART
        return "thing", THING

    def _attribute(self, kind: str, names: dict[str, str]) -> str | None:
        owner, view = self._message(names)
        fitting = [a.name for a in view.attributes.values() if a.type == kind]
        return f"{owner}.{self.random.choice(fitting)}" if fitting else None

    def _leaf(self, kind: str, names: dict[str, str]) -> str:
        choose = self.random.choice
        if kind == "dyn":
            return f"dyn({self._leaf(choose(['int', 'string', 'bool', 'double']), names)})"
        attribute = self._attribute(kind, names) if self.random.random() < 0.6 else None
        if attribute:
            return attribute
        if kind == "string":
            return quote(choose(_STRINGS))
        if kind == "int":
            return str(choose(_INTS[:8] if self.random.random() < 0.8 else _INTS))
        if kind == "double":
            return choose(_DOUBLES)
        if kind == "bool":
            return choose(["true", "false"])
        if kind == "list(string)":
            return f"[{', '.join(quote(choose(_STRINGS)) for _ in range(choose([1, 2, 3])))}]"
        if kind == "list(int)":
            return f"[{', '.join(str(choose(_INTS)) for _ in range(choose([1, 2, 3])))}]"
        return "{" + ", ".join(f"{quote(key)}: {quote(key * 2)}" for key in self.random.sample(_KEYS, 2)) + "}"

    def _general(self, kind: str, depth: int, names: dict[str, str]) -> str:
        """What exists for every type: a condition, a binding, an element."""
        pick = self.random.randrange(3)
        if pick == 0:
            parts = (self.make(part, depth, names) for part in ("bool", kind, kind))
            return "({} ? {} : {})".format(*parts)
        if pick == 1:
            name, bound = self._name(), self.random.choice(["int", "string", "bool", "list(string)"])
            body = self.make(kind, depth, {**names, name: bound})
            return f"cel.bind({name}, {self.make(bound, depth, names)}, {body})"
        if kind in {"string", "int"}:
            return f"{self.make(f'list({kind})', depth, names)}[{self.make('int', 0, names)}]"
        return self._leaf(kind, names)

    def _range(self, depth: int, names: dict[str, str], *, ordered: bool) -> tuple[str, str]:
        """Something to iterate over and the type of its elements; the keys of a map have no order."""
        pick = self.random.choice([0, 2, 3, 4] if ordered else [0, 1, 2, 3, 4])
        if pick == 0:
            return "thing.parts", "part"
        if pick == 1:
            return self.make("map", depth, names), "string"
        kind = self.random.choice(["string", "int"])
        return self.make(f"list({kind})", depth, names), kind

    def _macro(self, macro: str, inner: str, depth: int, names: dict[str, str]) -> str:
        name = self._name()
        range_, kind = self._range(depth, names, ordered=macro == "map")
        return f"{range_}.{macro}({name}, {self.make(inner, depth, {**names, name: kind})})"

    def _bool(self, depth: int, names: dict[str, str]) -> str:
        def make(kind: str) -> str:
            return self.make(kind, depth, names)

        pick = self.random.randrange(20)
        if pick < 4:
            operator = self.random.choice(["&&", "||"])
            return f"({make('bool')} {operator} {make('bool')})"
        if pick == 4:
            return f"!({make('bool')})"
        if pick < 8:
            kind = self.random.choice(
                ["int", "string", "bool", "double", "list(string)", "list(int)", "map", "dyn", "dyn"]
            )
            return f"({make(kind)} {self.random.choice(['==', '!='])} {make(kind)})"
        if pick < 11:
            kind = self.random.choice(["int", "int", "string", "double", "bool", "dyn"])
            return f"({make(kind)} {self.random.choice(['<', '<=', '>', '>='])} {make(kind)})"
        if pick < 13:
            kind = self.random.choice(["string", "int"])
            return f"({make(kind)} in {make(f'list({kind})')})"
        if pick == 13:
            return f"({make('string')} in {make('map')})"
        if pick == 14:
            owner, view = self._message(names)
            name = self.random.choice(list(view.attributes))
            return f"has({owner}.{name})" if self.random.random() < 0.7 else f"has(thing.labels.{self._key()})"
        if pick == 15:
            function = self.random.choice(["contains", "startsWith", "endsWith"])
            return f"{make('string')}.{function}({make('string')})"
        if pick == 16:
            return f"{make('string')}.matches({quote(self.random.choice(_PATTERNS)).replace(chr(92) * 4, chr(92) * 2)})"
        if pick == 17:
            return f"bool({make(self.random.choice(['string', 'bool']))})"
        return self._macro(self.random.choice(["exists", "all", "exists_one"]), "bool", depth, names)

    def _key(self) -> str:
        return self.random.choice(["a", "b", "k"])

    def _int(self, depth: int, names: dict[str, str]) -> str:
        def make(kind: str) -> str:
            return self.make(kind, depth, names)

        pick = self.random.randrange(12)
        if pick < 5:
            return f"({make('int')} {self.random.choice(['+', '-', '*', '/', '%'])} {make('int')})"
        if pick == 5:
            return f"-({make('int')})"
        if pick < 8:
            return f"size({make(self.random.choice(['string', 'list(string)', 'list(int)', 'map']))})"
        if pick == 8:
            return f"int({make(self.random.choice(['string', 'double', 'int']))})"
        if pick == 9:
            start = f", {make('int')}" if self.random.random() < 0.4 else ""
            return f"{make('string')}.{self.random.choice(['indexOf', 'lastIndexOf'])}({make('string')}{start})"
        if pick == 10:
            return f"thing.amounts[{make('string')}]"
        return f"thing.amounts.{self._key()}"

    def _double(self, depth: int, names: dict[str, str]) -> str:
        pick = self.random.randrange(6)
        if pick < 4:
            one, other = self.make("double", depth, names), self.make("double", depth, names)
            return f"({one} {self.random.choice(['+', '-', '*', '/'])} {other})"
        if pick == 4:
            return f"-({self.make('double', depth, names)})"
        return f"double({self.make(self.random.choice(['int', 'string', 'double']), depth, names)})"

    def _string(self, depth: int, names: dict[str, str]) -> str:
        def make(kind: str) -> str:
            return self.make(kind, depth, names)

        text = make("string")
        calls = [
            lambda: f"({text} + {make('string')})",
            lambda: f"({text} + {make('string')})",
            lambda: f"string({make(self.random.choice(['int', 'bool', 'string']))})",
            lambda: f"string({self.make('double', 0, names)})",
            lambda: f"{text}.{self.random.choice(['lowerAscii', 'upperAscii', 'trim', 'reverse'])}()",
            lambda: f"{text}.replace({make('string')}, {make('string')})",
            lambda: f"{text}.replace({make('string')}, {make('string')}, {make('int')})",
            lambda: f"{text}.substring({make('int')})",
            lambda: f"{text}.charAt({make('int')})",
            lambda: f"{make('list(string)')}.join({make('string')})",
            lambda: f"{make('list(string)')}.join()",
            lambda: f"thing.labels[{make('string')}]",
            lambda: f"thing.labels.{self._key()}",
        ]
        return self.random.choice(calls)()

    def _list_string(self, depth: int, names: dict[str, str]) -> str:
        pick = self.random.randrange(7)
        if pick < 2:
            limit = f", {self.make('int', 0, names)}" if self.random.random() < 0.4 else ""
            return f"{self.make('string', depth, names)}.split({quote(self.random.choice(['', ',', 'a']))}{limit})"
        if pick == 2:
            return f"({self.make('list(string)', depth, names)} + {self.make('list(string)', depth, names)})"
        if pick == 3:
            return f"[{self.make('string', depth, names)}, {self.make('string', depth, names)}]"
        if pick < 6:
            return self._macro("map", "string", depth, names)
        return self._filter("string", depth, names)

    def _list_int(self, depth: int, names: dict[str, str]) -> str:
        pick = self.random.randrange(6)
        if pick == 0:
            return f"({self.make('list(int)', depth, names)} + {self.make('list(int)', depth, names)})"
        if pick == 1:
            return f"[{self.make('int', depth, names)}, {self.make('int', depth, names)}]"
        if pick < 4:
            return self._macro("map", "int", depth, names)
        if pick == 4:
            name = self._name()
            range_, kind = self._range(depth, names, ordered=True)
            inner = {**names, name: kind}
            return f"{range_}.map({name}, {self.make('bool', depth, inner)}, {self.make('int', depth, inner)})"
        return self._filter("int", depth, names)

    def _filter(self, kind: str, depth: int, names: dict[str, str]) -> str:
        name = self._name()
        predicate = self.make("bool", depth, {**names, name: kind})
        return f"{self.make(f'list({kind})', depth, names)}.filter({name}, {predicate})"

    def _map(self, depth: int, names: dict[str, str]) -> str:
        if self.random.random() < 0.5:
            return "thing.labels"
        return f"{{{self.make('string', depth, names)}: {self.make('string', depth, names)}}}"

    def _dyn(self, depth: int, names: dict[str, str]) -> str:
        kind = self.random.choice(["int", "string", "bool", "double", "list(string)", "map"])
        if self.random.random() < 0.15:
            return f"[dyn({self.make(kind, depth, names)}), {self.make('int', depth, names)}][0]"
        return f"dyn({self.make(kind, depth, names)})"

    def data(self) -> dict[str, Any]:
        """Values of a thing: attributes are there or not; lists and maps, where they are there, are not empty."""
        return self._values(THING)

    def _values(self, view: View) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for attribute in view.attributes.values():
            if self.random.random() < 0.6:
                values[attribute.name] = self.value(attribute.type)
        return values

    def value(self, kind: str) -> Any:
        """A value of a type."""
        choose = self.random.choice
        if kind == "string":
            return choose(_STRINGS)
        if kind == "int":
            return choose(_INTS)
        if kind == "bool":
            return choose([True, False])
        if kind == "double":
            return float(choose(_DOUBLES))
        if kind.startswith("list("):
            return [self.value(kind[5:-1]) for _ in range(choose([1, 2, 3]))]
        if kind.startswith("map("):
            return {key: self.value(kind[4:-1]) for key in self.random.sample(_KEYS, choose([1, 2]))}
        return self._values(VIEWS[kind])
