"""Random templates: every function with plausible and odd arguments, in every kind of statement; by seed."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from random import Random

from tests.template.literals import LITERALS, OBJECTS
from tests.template.odd_values import Document
from tests.template.signatures import signatures

INTEGERS = ("int", "int64", "number")
NUMBERS = ("int", "int", "int64", "float", "real")
ANY = (
    "text",
    "text",
    "int",
    "int64",
    "float",
    "bool",
    "list",
    "map",
    "nil",
    "strings",
    "ints",
    "object",
    "semver",
    "time",
    "bytes",
)
IMPLAUSIBLE = ("text", "int", "float", "bool", "list", "map", "nil", "object", "strings", "int64")
VERBS = "vvvvsdqxXtTcUeEfFgGbo"
FLAGS = ("", "", "", "", "+", "-", "#", "0", " ", "+#", "-0")
WIDTHS = ("", "", "", "", "5", "12", ".2", "8.3", ".0", ".", "*", ".*", "[1]", "[2]*[1]")
METHOD_CHAINS = ("Major", "Minor", "Patch", "Prerelease", "Metadata", "Original", "String", "Nope", "IncMajor")
TEXTS = ("\n", " ", "a: ", "  - x\n", "text\n", "", "\n\n  ", "---\n", "é ", "}}", "# c\n", "\t", "{", "\r\n")

CHANGING = ("merge", "mergeOverwrite", "mustMerge", "mustMergeOverwrite", "set")
_PLACE = re.compile(r"\$|(^|[ (])\.")

BY_RESULT: dict[str, list[str]] = defaultdict(list)
SIGNATURES = signatures()
for _name, (_, _result) in SIGNATURES.items():
    BY_RESULT[_result].append(_name)
FUNCTIONS = tuple(SIGNATURES)


class Generator:
    """Templates from one seed. `probe` gives the next one, with a file of values."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.document = Document(self.random)
        self.variables: list[tuple[str, str]] = []
        self.defines = 0
        self.in_loop = False
        self.root = ""
        self.first = 0
        self.small = False

    def probe(self) -> dict[str, str]:
        """A template and a file of values, as `helm-probe` takes them."""
        random = self.random
        self.document = Document(random)
        self.variables = []
        self.in_loop = False
        self.root = ""
        self.defines = random.choice((0, 0, 0, 1, 2))
        template = "".join(self.define(number) for number in range(self.defines))
        if random.random() < 0.6:
            template += "".join(self.shown() for _ in range(random.choice((1, 1, 2))))
        else:
            template += self.block(3)
        if random.random() < 0.04:
            template = self.damaged(template)
        return {"t": template, "v": self.document.text}

    # Statements

    def define(self, number: int) -> str:
        """A template `tN`, which may include those with a higher number only."""
        self.variables, self.root, self.first = [], "?", number + 1
        body = self.block(2)
        self.variables, self.root, self.first = [], "", 0
        return f"{self.open('define ' + json.dumps(f't{number}'))}{body}{self.open('end')}"

    def open(self, inside: str) -> str:
        """An action's text, with trimming now and then."""
        chance = self.random.random()
        left = "{{- " if chance < 0.2 else "{{ " if chance < 0.9 else "{{"
        right = " -}}" if 0.1 < chance < 0.3 else " }}" if chance < 0.95 else "}}"
        return left + inside + right

    def shown(self) -> str:
        """An expression and what it is, in several ways."""
        random = self.random
        kind = random.choice(
            ("any", "any", "text", "int64", "float", "bool", "list", "map", "strings", "int", "time", "semver")
        )
        expression = self.pipeline(kind, 3)
        chance = random.random()
        if chance < 0.5:
            return self.open(expression)
        if chance < 0.6:
            return self.open(
                f"{expression} | {random.choice(('quote', 'toJson', 'toYaml', 'toString', 'typeOf', 'kindOf', 'len', 'toYamlPretty', 'squote'))}"
            )
        ways = random.sample(
            ("typeOf $x", "$x", "toJson $x", "toYaml $x", 'printf "%v|%q" $x $x', 'printf "%#v %T" $x $x', "empty $x", "kindOf $x", "quote $x", "print $x 1 $x", "not $x"), 3
        )  # fmt: skip
        return self.open(f"$x := {expression}") + "|".join(self.open(way) for way in ways)

    def block(self, depth: int) -> str:
        """Some statements. The variables that they declare end with them."""
        kept = list(self.variables)
        text = "".join(self.statement(depth) for _ in range(self.random.randint(1, 3)))
        self.variables = kept
        return text

    def statement(self, depth: int) -> str:
        random = self.random
        chance = random.random() if depth > 0 else random.random() * 0.45
        if chance < 0.15:
            return random.choice(TEXTS)
        if chance < 0.4:
            return random.choice(("", "a: ")) + self.open(self.pipeline("any", 2))
        if chance < 0.45:
            return random.choice(
                (
                    "{{/* c */}}",
                    "{{- /* c */ -}}",
                    "{{ /* c */ }}",
                    "{{-/* c */}}",
                    "{{/* a\nb */}}",
                    "{{- 3}}",
                    "{{-3}}",
                    "{{ }}",
                )
            )
        if chance < 0.58:
            return self.variable()
        if chance < 0.7:
            return self.conditional("if", depth)
        if chance < 0.78:
            return self.conditional("with", depth)
        if chance < 0.92:
            return self.loop(depth)
        if self.in_loop and random.random() < 0.5:
            return self.open(random.choice(("break", "continue")))
        return self.template(depth)

    def variable(self) -> str:
        random = self.random
        kind = random.choice(("any", "text", "int", "float", "list", "map", "bool"))
        if self.variables and random.random() < 0.5:
            name, _ = random.choice(self.variables)
            return self.open(f"{name} = {self.pipeline(kind, 2)}")
        name = "$" + random.choice("xyzv")
        action = self.open(f"{name} := {self.pipeline(kind, 2)}")
        self.variables.append((name, kind))
        return action

    def conditional(self, word: str, depth: int) -> str:
        random = self.random
        kept = list(self.variables)
        bound = ""
        if random.random() < 0.2:
            bound = "$" + random.choice("cw") + " := "
        condition = self.pipeline("bool" if word == "if" and random.random() < 0.6 else "any", 2)
        text = self.open(f"{word} {bound}{condition}")
        if bound:
            self.variables.append((bound[:2], "any"))
        root = self.root
        if word == "with":
            self.root = random.choice(("$", "$", "?"))
        text += self.block(depth - 1)
        self.root = root
        while random.random() < 0.25:
            text += self.open(f"else {word if random.random() < 0.9 else 'if'} {self.pipeline('any', 1)}") + self.block(
                depth - 1
            )
        if random.random() < 0.4:
            text += self.open("else") + self.block(depth - 1)
        self.variables = kept
        return text + self.open("end")

    def loop(self, depth: int) -> str:
        random = self.random
        kept, root, in_loop = list(self.variables), self.root, self.in_loop
        names = random.choice(((), ("$e",), ("$i", "$e")))
        over = random.choice(("list", "list", "map", "strings", "ints", "size", "any"))
        self.small = True
        pipeline = self.pipeline(over, 2)
        self.small = False
        text = self.open(f"range {', '.join(names)}{' := ' if names else ''}{pipeline}")
        self.variables += [(name, "any") for name in names]
        self.root = random.choice(("$", "$", "?"))
        self.in_loop = True
        text += self.block(depth - 1)
        self.root, self.in_loop = root, in_loop
        if random.random() < 0.3:
            text += self.open("else") + self.block(depth - 1)
        self.variables = kept
        return text + self.open("end")

    def template(self, depth: int) -> str:
        random = self.random
        name = json.dumps(self.name())
        if random.random() < 0.2:
            kept, self.variables, root, self.root = self.variables, [], self.root, "?"
            body = self.block(depth - 1)
            self.variables, self.root = kept, root
            return self.open(f'block "b{random.randrange(3)}" {self.operand("any", 1)}') + body + self.open("end")
        return self.open(f"template {name} {self.operand('any', 2) if random.random() < 0.8 else ''}")

    def name(self) -> str:
        """The name of a template that may be included here, or of none."""
        if self.random.random() < 0.04 or self.first >= self.defines:
            return "nope"
        return f"t{self.random.randrange(self.first, self.defines)}"

    def damaged(self, template: str) -> str:
        """A template with a small mistake."""
        random = self.random
        at = random.randrange(len(template) + 1)
        kind = random.randrange(4)
        if kind == 0:
            return template[:at] + template[at + random.randint(1, 4) :]
        if kind == 1:
            bits = (
                "{{",
                "}}",
                "(",
                ")",
                "|",
                ".",
                "$",
                '"',
                " ",
                "end",
                "{{ end }}",
                "{{ else }}",
                ":=",
                "=",
                ",",
                "'",
                "`",
                "\n",
                "1",
                "-",
                "/*",
                "é",
                "@",
                "x",
                "\\",
                "{{ break }}",
                "\x00",
                "0x",
            )
            return template[:at] + random.choice(bits) + template[at:]
        if kind == 2:
            return template[:at]
        other = random.randrange(len(template) + 1)
        return template[:at] + template[other : other + random.randint(1, 20)] + template[at:]

    # Expressions

    def pipeline(self, kind: str, depth: int) -> str:
        """An expression, with pipes now and then."""
        random = self.random
        text = self.command(kind, depth)
        while random.random() < 0.06:
            text += " | " + random.choice(
                (
                    "trim",
                    "quote",
                    "upper",
                    "toJson",
                    "toYaml",
                    "default 1",
                    "len",
                    "int",
                    "nindent 2",
                    "first",
                    'join ","',
                    "not",
                    "b64enc",
                    "print 1",
                    "list 1",
                    "or 0",
                    'get "a"',
                )
            )
        return text

    def command(self, kind: str, depth: int) -> str:
        """An expression as it stands alone, in a pipeline or in parentheses."""
        random = self.random
        if kind == "moment":
            return random.choice(
                (
                    self.simple("time"),
                    f"mustDateModify {random.choice(LITERALS['duration'])} ({self.simple('time')})",
                    "1700000000",
                    "int64 3",
                )
            )
        if random.random() < 0.03:
            kind = random.choice(IMPLAUSIBLE)
        if self.small and kind in INTEGERS:
            return self.leaf("size")
        if depth <= 0 or random.random() < 0.25:
            return self.leaf(kind)
        if kind == "any":
            return (
                self.call(random.choice(FUNCTIONS), depth)
                if random.random() < 0.5
                else self.command(random.choice(ANY), depth)
            )
        if kind == "number":
            return self.command(random.choice(NUMBERS), depth)
        special = self.special(kind, depth) if random.random() < 0.15 else ""
        if special:
            return special
        names = BY_RESULT.get(kind)
        if names is None:
            return self.command("text", depth - 1) if kind not in LITERALS or random.random() < 0.1 else self.leaf(kind)
        return self.call(random.choice(names), depth)

    def special(self, kind: str, depth: int) -> str:
        """What is not only a call by its signature: templates, chains, what has no order."""
        random = self.random
        if kind == "text":
            chance = random.random()
            if chance < 0.4:
                return f"include {json.dumps(self.name())} {self.operand('any', depth - 1)}"
            if chance < 0.8:
                kept, self.variables, root = self.variables, [], self.root
                inner = self.open(self.pipeline("any", depth - 1)) if random.random() < 0.8 else self.block(1)
                self.variables, self.root = kept, root
                data = "." if root == "?" else root or "."
                return f"tpl {quoted(inner)} {data if random.random() < 0.8 else self.operand('any', 1)}"
            return f"({self.call('semver', depth)}).{random.choice(METHOD_CHAINS)}"
        if kind == "strings":
            return f"keys {self.operand('map', depth - 1)} | sortAlpha"
        if kind == "list":
            return f"values {self.operand('map', depth - 1)} | sortAlpha"
        if kind == "any":
            return f"({self.command('map', depth - 1)}).{random.choice('abc')}"
        return ""

    def call(self, name: str, depth: int) -> str:
        """A call of a function, sometimes with too many or too few arguments, sometimes with the last one piped."""
        random = self.random
        kinds, _ = SIGNATURES[name]
        arguments = self.arguments(kinds, depth - 1)
        if name in CHANGING and arguments and _PLACE.search(arguments[0]):
            # A map that is merged into its own part contains itself, and Helm then dies of it.
            arguments[1:] = [f"(deepCopy {each})" if _PLACE.search(each) else each for each in arguments[1:]]
        chance = random.random()
        if chance < 0.01 and arguments:
            arguments.pop()
        elif chance < 0.02:
            arguments.append(self.operand("any", 0))
        if arguments and random.random() < 0.2:
            *rest, last = arguments
            if last[0] == "(" and last[-1] == ")" and self._is_whole(last):
                last = last[1:-1]
            return " ".join((last, "|", name, *rest))
        return " ".join((name, *arguments))

    @staticmethod
    def _is_whole(text: str) -> bool:
        """Whether the first parenthesis is closed by the last character; false where a literal makes that hard to say."""
        depth = 0
        if any(mark in text for mark in "\"'`"):
            return False
        for at, character in enumerate(text):
            depth += (character == "(") - (character == ")")
            if depth == 0 and at < len(text) - 1:
                return False
        return True

    def arguments(self, kinds: list[str], depth: int) -> list[str]:
        random = self.random
        found: list[str] = []
        same = random.choice(("text", "int", "float", "number", "bool", "any", "nil", "list"))
        for kind in kinds:
            mark = kind[-1] if kind[-1] in "*+?" else ""
            name = kind.rstrip("*+?")
            times = {"": 1, "*": random.choice((0, 1, 2, 3)), "+": random.choice((1, 2, 3)), "?": random.randint(0, 1)}[
                mark
            ]
            for _ in range(times):
                if name == "pair":
                    found += (self.operand("key", 0), self.operand("any", depth))
                elif name == "indexed":
                    found += self.indexed(depth)
                elif name == "sliced":
                    found += self.sliced(depth)
                elif name == "format":
                    found += self.format(depth)
                else:
                    found.append(self.operand(same if name == "same" else name, depth))
        return found

    def indexed(self, depth: int) -> list[str]:
        random = self.random
        kind = random.choice(("map", "list", "strings", "text", "any"))
        keys = [
            self.operand("key" if kind == "map" else random.choice(("size", "key")), 0)
            for _ in range(random.choice((0, 1, 1, 1, 2)))
        ]
        return [self.operand(kind, depth), *keys]

    def sliced(self, depth: int) -> list[str]:
        kind = self.random.choice(("list", "text", "strings", "any"))
        return [self.operand(kind, depth), *(self.operand("size", 0) for _ in range(self.random.randint(0, 3)))]

    def format(self, depth: int) -> list[str]:
        random = self.random
        words, arguments = [], []
        for _ in range(random.randint(0, 3)):
            width = random.choice(WIDTHS)
            words.append(random.choice(("", "a", " ", "é")) + "%" + random.choice(FLAGS) + width + random.choice(VERBS))
            if "*" in width:
                arguments.append(self.operand("size", 0))
            arguments.append(self.operand("any", depth))
        if random.random() < 0.05:
            words.append(random.choice(("%", "%!", "%z", "%%", "%[9]d", "%[x]d")))
        if arguments and random.random() < 0.05:
            arguments.pop()
        return [json.dumps("".join(words)), *arguments]

    def operand(self, kind: str, depth: int) -> str:
        """An expression as an argument: in parentheses where it needs them."""
        text = self.command(kind, depth)
        if (" " in text and text[0] not in "\"'`(") or text in SIGNATURES or " | " in text:
            return f"({text})"
        if " " in text and text[0] == "(" and not self._is_whole(text.split(").")[0] + ")"):
            return f"({text})"
        return text

    def leaf(self, kind: str) -> str:
        """A literal, a variable or a field."""
        random = self.random
        if kind == "any":
            kind = random.choice(ANY)
        elif kind == "number":
            kind = random.choice(NUMBERS)
        if self.small and kind in INTEGERS:
            kind = "size"
        places = self.document.places.get(kind)
        chance = random.random()
        if places and chance < 0.45 and self.root != "?":
            return f"{self.root}.Values{random.choice(places)}"
        known = [each for each in self.variables if not self.small or each[1] in ("list", "map", "text")]
        if 0.45 < chance < 0.55 and known:
            return random.choice([each for each in known if each[1] == kind] or known)[0]
        if 0.55 < chance < 0.57:
            return random.choice(
                ("$q", ".", ".a", ".b.c", ".Values.a", ".zz", "$.Values.a", "$.a")
                if chance > 0.569
                else (".a", "$.Values.a")
            )
        if kind in LITERALS:
            return random.choice(LITERALS[kind])
        return self.simple(kind)

    def simple(self, kind: str) -> str:
        """The simplest expression of a kind that has no literals."""
        random = self.random
        if kind == "object":
            return self.rooted(random.choice(OBJECTS))
        if kind == "int64":
            return f"int64 {random.choice(LITERALS['int'])}"
        if kind == "list":
            return f"list {' '.join(random.choice(LITERALS[random.choice(('text', 'int', 'float', 'bool', 'nil'))]) for _ in range(random.randint(0, 3)))}".rstrip()
        if kind == "map":
            return " ".join(
                (
                    "dict",
                    *(
                        f"{key} {random.choice(LITERALS['text'])}"
                        for key in random.sample(LITERALS["key"], random.randint(0, 2))
                    ),
                )
            )
        if kind == "strings":
            return 'splitList "," "b,a,é,,"'
        if kind == "ints":
            return f"until {random.choice(LITERALS['size'])}"
        if kind == "time":
            return f'toDate "2006-01-02T15:04:05Z07:00" {random.choice(LITERALS["date"])}'
        if kind == "semver":
            return f"semver {random.choice(LITERALS['version'])}"
        if kind == "bytes":
            return self.rooted('.Files.GetBytes "a.txt"')
        return random.choice(LITERALS["text"])

    def rooted(self, text: str) -> str:
        """A text about the context, from where it can be seen."""
        if not self.root:
            return text
        return text.replace("(.", "($.").replace(" .", " $.") if text[0] == "(" else "$" + text


def quoted(text: str) -> str:
    """A text as a literal of Go."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\x7f")
