"""Random expressions over a resource of any type, where nothing has a type before it is evaluated."""

from __future__ import annotations

import random
from typing import Any

_KEYS = ["a", "b", "c", "items", "name"]
_TEXTS = ["", "a", "b", "ab", "1"]


class LooseGenerator:
    """Yields expressions that read `resource`, and plain data for it, as JSON has it. Null is left out: the
    runtime counts its references wrongly, and a process that has seen many ends in a crash."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def data(self, depth: int = 3) -> Any:
        """A map, as deep as wanted."""
        return {key: self._value(depth - 1) for key in self.random.sample(_KEYS, self.random.randint(1, 5))}

    def _value(self, depth: int) -> Any:
        pick = self.random.randrange(9 if depth > 0 else 6)
        if pick < 6:
            scalars = [self.random.choice([True, False]), self.random.randint(-3, 3), 1.5, 2.0]
            return self.random.choice([*scalars, self.random.choice(_TEXTS), self.random.choice(_TEXTS)])
        if pick < 8:
            return self.data(depth)
        return [self._value(depth - 1) for _ in range(self.random.randint(0, 3))]

    def truth(self, depth: int, names: tuple[str, ...] = ()) -> str:
        """Something that may be true or false, or an error."""
        pick = self.random.randrange(12)
        if depth <= 0 or pick == 0:
            return self.random.choice([self.any(0, names), "true", "false"])
        if pick < 3:
            return f"({self.truth(depth - 1, names)} {self.random.choice(['&&', '||'])} {self.truth(depth - 1, names)})"
        if pick == 3:
            return f"!({self.truth(depth - 1, names)})"
        if pick < 6:
            operator = self.random.choice(["==", "!=", "<", "<=", ">", ">="])
            return f"({self.any(depth - 1, names)} {operator} {self.any(depth - 1, names)})"
        if pick == 6:
            return f"({self.any(depth - 1, names)} in {self.any(depth - 1, names)})"
        if pick == 7:
            return f"has({self._chain(names)}.{self.random.choice(_KEYS)})"
        if pick == 8:
            if self.random.random() < 0.4:
                return f"{self._chain(names)}.matches('^a')"
            function = self.random.choice(["startsWith", "endsWith", "contains"])
            return f"{self._chain(names)}.{function}({self.any(0, names)})"
        name = self.random.choice("xyz")
        macro = self.random.choice(["exists", "all", "exists_one"])
        return f"{self._chain(names)}.{macro}({name}, {self.truth(depth - 1, (*names, name))})"

    def any(self, depth: int, names: tuple[str, ...] = ()) -> str:
        """Something of any type."""
        pick = self.random.randrange(12)
        if depth <= 0 or pick < 3:
            return self._chain(names)
        if pick == 3:
            return self.random.choice(["1", "-2", "1.5", "2.0", "'a'", "'ab'", "[]", "true", "dyn(1)"])
        if pick == 4:
            return f"({self.any(depth - 1, names)} {self.random.choice('+-*/%')} {self.any(depth - 1, names)})"
        if pick == 5:
            return f"size({self.any(depth - 1, names)})"
        if pick == 6:
            return f"({self.truth(depth - 1, names)} ? {self.any(depth - 1, names)} : {self.any(depth - 1, names)})"
        if pick == 7:
            return f"[{self.any(depth - 1, names)}, {self.any(depth - 1, names)}]"
        if pick == 8:
            return f"{{'a': {self.any(depth - 1, names)}}}"
        if pick == 9:
            function = self.random.choice(["int", "double", "bool", "size"])
            return f"{function}({self.any(depth - 1, names)})"
        if pick == 10:
            name = self.random.choice("xyz")
            return f"{self._chain(names)}.filter({name}, {self.truth(depth - 1, (*names, name))}).size()"
        return f"-{self._chain(names)}"

    def _chain(self, names: tuple[str, ...]) -> str:
        text = self.random.choice(["resource", "resource", *names])
        for _ in range(self.random.randrange(4)):
            pick = self.random.randrange(8)
            if pick < 5:
                text += f".{self.random.choice(_KEYS)}"
            elif pick == 5:
                text += f"['{self.random.choice(_KEYS)}']"
            else:
                text += f"[{self.random.choice(['0', '1', 'dyn(1.0)', 'size(resource)'])}]"
        return text
