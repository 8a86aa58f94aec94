"""Random files of values, with what YAML has of odd scalars, keys and notations, and where which kind of value is."""

from __future__ import annotations

import json
from collections import defaultdict
from random import Random

SCALARS: dict[str, tuple[str, ...]] = {
    "text": (
        "abc", "hello world", '""', "''", '"a\\nb\\n"', '"  x "', "'it''s'", '"\\u00e9\\u4e2d"', "ünï", "'😀 x'", '"1"', '"true"',
        '"null"', "1.2.3", "v1.25.3-rc.1+b", "nginx:1.25", "12:30", "2024-02-30", "2001-12-14t21:59:43.10-05:00", "a,b,,c", "/etc/x/../y.yaml",
        "https://u:p@host:80/a/b?q=1&r=2#f", '"<a href=\\"x\\">&</a>"', '"{{ .Values.a }}"', "'{{ include \"t0\" . }}'", "'{\"a\": [1, 2.5, null]}'",
        '"a: 1\\nb: [x, y]\\n"', "'[1, \"b\"]'", "FooBar_baz-qux", "camelCaseHTTPServer2", '"\\ttab"', '"\\0"', '"\\x7f\\u2028"', "<no value>", "=",
        "tRUE", "0x", "1e", "!!str 123", "!!str", "!custom x", "!!binary aGVsbG8=", "- a".replace("- ", "-"), "'- a'", "'a: b'", "' #x'", "'%d %s'", "~x",
        "aGVsbG8gd29ybGQ=", "NBSWY3DP", "'*'", "'('", "1h30m", "'15'", "-0x1F", "QQ==", '"\\u00df\\u0130\\u01c5"', '"a\\r\\nb"', "x" * 90,
        " ".join(["word"] * 25),
    ),
    "float": (
        "0", "1", "-1", "3", "42", "255", "65536", "1000000", "123456789", "9007199254740993", "123456789012345678901", "1e3", "1.5", "-2.5", "0.1",
        "1e-7", "1e21", "1.0", "-0.0", ".5", "1.", "0x1F", "0o17", "017", "0644", "08", "0b101", "1_000", "0x_1F", "+5", "1_0.5", "-0", "2147483648",
        "9223372036854775807", "9223372036854775808", "18446744073709551615", "1e300", "1e-320", "100000.5", "!!float 3", "!!int 7", "1e+2", "12e03",
    ),
    "bool": ("true", "false", "yes", "No", "on", "OFF", "y", "N", "TRUE", "False"),
    "nil": ("null", "~", "Null", "NULL", ""),
}  # fmt: skip
KEYS = ("a", "b", "c", "d", "name", "image", "tag", "enabled", "replicas", "global", "Items", "x1", "k8s")
ODD_KEYS = ("a-b", "'1'", "yes", "x.y", "ä", "1.5", '""', "'a b'", "1", "01", "a10", "a2", "A", "_z", "'<<'", "true")
BAD = (
    "a: [",
    "a: b: c",
    "\ta: 1",
    "- 1\n- 2",
    "a: *nope",
    "just text",
    "a: .inf",
    "a: {? [x] : 1}",
    "a: 'x",
    "%YAML 1.1\n---\na: 1",
    "a: !!int x",
    "a: {~: x}",
)


class Document:
    """A file of values: its text, and the routes to what is in it, by kind: `places["text"]` is such as ["a.b"]."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.places: dict[str, list[str]] = defaultdict(list)
        self.anchors = 0
        self.text = random.choice(BAD) if random.random() < 0.01 else self._whole()

    def _whole(self) -> str:
        random = self.random
        text = self._mapping(3, "", "") if random.random() < 0.95 else ""
        if random.random() < 0.04:
            text = random.choice(("---\n", "# a comment\n", "%YAML 1.1\n---\n", "\ufeff")) + text
        if random.random() < 0.03:
            text += random.choice(("---\nb: 2\n", "...\n", "# end", "a: 1\n"))
        return text.replace("\n", "\r\n") if random.random() < 0.02 else text

    def _mapping(self, depth: int, indent: str, route: str) -> str:
        random = self.random
        lines = []
        for key in random.sample(KEYS, random.randint(1, 6)):
            if random.random() < 0.08:
                key = random.choice(ODD_KEYS)
            lines.append(f"{indent}{key}:{self._value(depth - 1, indent + '  ', f'{route}.{key}')}")
        return "\n".join(lines) + "\n"

    def _value(self, depth: int, indent: str, route: str) -> str:
        random = self.random
        chance = random.random()
        if depth > 0 and chance < 0.25:
            self._note("map", route)
            if random.random() < 0.1:
                return " {}"
            anchor = self._anchor()
            return f"{anchor}\n" + self._mapping(depth, indent, route).rstrip("\n")
        if depth > 0 and chance < 0.42:
            self._note("list", route)
            if random.random() < 0.5:
                return " [" + ", ".join(self._flow(depth - 1) for _ in range(random.randint(0, 4))) + "]"
            return "".join(
                f"\n{indent}-{self._value(depth - 1, indent + '  ', '[]')}" for _ in range(random.randint(1, 4))
            )
        if chance < 0.48:
            self._note("text", route)
            return self._block(indent)
        if chance < 0.5 and self.anchors:
            return f" *n{random.randrange(self.anchors)}"
        kind, text = self._scalar()
        self._note(kind, route)
        return f" {text}"

    def _scalar(self) -> tuple[str, str]:
        kind = self.random.choice(("text", "text", "text", "float", "float", "bool", "nil"))
        return kind, self.random.choice(SCALARS[kind])

    def _block(self, indent: str) -> str:
        random = self.random
        lines = [
            random.choice(
                ("line one", "  more", "", "key: value", "x # y", "- item", "{{ .Release.Name }}", "tab\there")
            )
            for _ in range(3)
        ]
        return (
            " "
            + random.choice(("|", "|-", "|+", ">", ">-", ">+"))
            + f"\n{indent}start\n"
            + "\n".join(indent + line for line in lines)
        )

    def _flow(self, depth: int) -> str:
        random = self.random
        if depth > 0 and random.random() < 0.2:
            inner = [self._flow(depth - 1) for _ in range(random.randint(0, 3))]
            if random.random() < 0.5:
                return "[" + ", ".join(inner) + "]"
            return "{" + ", ".join(f"{random.choice(KEYS)}: {value}" for value in inner) + "}"
        _, text = self._scalar()
        if not text or (any(mark in text for mark in ",[]{}#") and text[0] not in "\"'"):
            return json.dumps(text)
        return text

    def _anchor(self) -> str:
        if self.random.random() < 0.05:
            self.anchors += 1
            return f" &n{self.anchors - 1}"
        return ""

    def _note(self, kind: str, route: str) -> None:
        names = route.split(".")[1:]
        if route.startswith(".") and all(name.isidentifier() and name.isascii() for name in names):
            self.places[kind].append(route)
