"""Go's regular expressions (regexp/syntax of Go 1.26): checked with Go's messages, and written as RE2 reads them.

RE2 and Go differ in names of groups that stand twice, in names of Unicode classes, in repetitions of repetitions and in
messages; so every part is written anew, in forms that both read alike.
"""

from __future__ import annotations

from typing import NamedTuple

from scanner.core.patterns import late
from scanner.template.go_regexp_classes import LAST, PERL_CLASSES, POSIX_CLASSES, character, unicode_class

MAX_HEIGHT = 1000
MAX_REPEATS = 1000
MAX_SIZE = (128 << 20) // 40

_STRAY = late("[\udc80-\udcff]")
_NAME = late("[A-Za-z0-9_]+")
_REPEAT = late(r"\{(0|[1-9][0-9]*)(?:(,)(0|[1-9][0-9]*)?)?\}")
_FLAGS = late(r"[imsU]*(-[imsU]+)?[:)]")
_FLAGS_END = late(r"([imsU]*(-[imsU]*)?)")
_OCTAL = late("0[0-7]{0,2}|[1-7][0-7]{1,2}")
_HEXADECIMAL = late("[0-9A-Fa-f]*")
_ESCAPES = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}


class PatternError(Exception):
    """A regular expression that Go refuses; the message is Go's."""

    def __init__(self, fault: str, part: str) -> None:
        super().__init__(f"error parsing regexp: {fault}: `{part}`")


class Translated(NamedTuple):
    """The expression for RE2, and the name of each group, the whole match first; those without one are empty."""

    pattern: str
    names: tuple[str, ...]


class _Item:
    """One part of a sequence: where it stands in the output, and the measures that Go limits."""

    def __init__(
        self,
        start: int,
        end: int,
        height: int = 1,
        repeats: int = 1,
        size: int = 1,
        *,
        is_literal: bool = False,
        ungreedy: bool = False,
    ) -> None:
        self.start = start
        self.end = end
        self.height = height
        self.repeats = repeats
        self.size = size
        self.is_literal = is_literal
        self.is_repeat = False
        self.ungreedy = ungreedy


class _Group:
    """An open group: its place in the output, the measures of what is complete of it, and its last part."""

    def __init__(self, start: int, *, captures: bool, ungreedy: bool = False) -> None:
        self.start = start
        self.captures = captures
        self.ungreedy = ungreedy
        self.last: _Item | None = None
        self.count = 0
        self.literals = True
        self.height = self.repeats = self.size = 0
        self.alternatives: list[tuple[int, int, int]] = []

    def add(self, item: _Item) -> None:
        self.fold()
        self.last = item

    def fold(self) -> None:
        """Counts the last part in: no repetition can follow it any more."""
        if self.last is not None:
            self.count += 1
            self.literals = self.literals and self.last.is_literal
            self.height = max(self.height, self.last.height)
            self.repeats = max(self.repeats, self.last.repeats)
            self.size += self.last.size
            self.last = None

    def end_alternative(self) -> None:
        self.fold()
        height = self.height + (1 if self.count > 1 and not self.literals else 0)
        self.alternatives.append((max(height, 1), self.repeats, max(self.size, 1)))
        self.count = self.height = self.repeats = self.size = 0
        self.literals = True

    def closed(self, end: int) -> _Item:
        """The whole group as one part."""
        self.end_alternative()
        heights, repeats, sizes = zip(*self.alternatives, strict=True)
        height = max(heights) + (len(sizes) > 1) + self.captures
        return _Item(self.start, end, height, max(repeats), sum(sizes) + len(sizes) - 1 + 2 * self.captures)


class _Translator:
    """Reads an expression from left to right and writes it for RE2."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.out: list[str] = []
        self.names = [""]
        self.groups = [_Group(0, captures=False)]
        self.last_repeat = -1
        self.ungreedy = False

    def run(self) -> Translated:
        while self.at < len(self.pattern):
            before_repeat, self.last_repeat = self.last_repeat, -1
            sign = self.pattern[self.at]
            if sign == "(":
                self.open_group()
            elif sign == ")":
                self.close_group()
            elif sign == "|":
                self.groups[-1].end_alternative()
                self.out.append("|")
                self.at += 1
            elif sign in "^$.":
                self.put(sign)
                self.at += 1
            elif sign == "[":
                self.bracket()
            elif sign in "*+?":
                self.at += 1
                self.repeat(sign, 0, 0, before_repeat)
            elif sign == "{":
                self.counted(before_repeat)
            elif sign == "\\":
                self.backslash()
            else:
                self.check_valid(self.at, self.at + 1)
                self.at += 1
                self.put(character(ord(sign)), is_literal=True)
        if len(self.groups) > 1:
            raise PatternError("missing closing )", self.pattern)
        self.check(self.groups[0].closed(len(self.out)))
        return Translated("".join(self.out), tuple(self.names))

    def put(self, text: str, *, is_literal: bool = False) -> None:
        self.out.append(text)
        self.groups[-1].add(_Item(len(self.out) - 1, len(self.out), is_literal=is_literal, ungreedy=self.ungreedy))

    def check(self, item: _Item) -> None:
        if item.size > MAX_SIZE:
            raise PatternError("expression too large", self.pattern)
        if item.height > MAX_HEIGHT:
            raise PatternError("expression nests too deeply", self.pattern)

    def check_valid(self, start: int, stop: int) -> None:
        stray = _STRAY.search(self.pattern, start, stop)
        if stray:
            raise PatternError("invalid UTF-8", self.pattern[stray.start() :])

    def open_group(self) -> None:
        pattern, at = self.pattern, self.at
        if not pattern.startswith("(?", at):
            self.at += 1
            self.capture("")
            return
        named = 4 if pattern.startswith("(?P<", at) else 3 if pattern.startswith("(?<", at) else 0
        if named and at + named < len(pattern):
            end = pattern.find(">", at)
            if end < 0:
                self.check_valid(at, len(pattern))
                raise PatternError("invalid named capture", pattern[at:])
            name = pattern[at + named : end]
            stray = _STRAY.search(name)
            if stray:
                raise PatternError("invalid UTF-8", name[stray.start() :])
            if not _NAME.fullmatch(name):
                raise PatternError("invalid named capture", pattern[at : end + 1])
            self.at = end + 1
            self.capture(name)
            return
        flags = _FLAGS.match(pattern, at + 2)
        if not flags:
            known = _FLAGS_END.match(pattern, at + 2)
            stop = known.end() if known else at + 2
            self.check_valid(stop, stop + 1)
            raise PatternError("invalid or unsupported Perl syntax", pattern[at : stop + 1])
        self.at = flags.end()
        if flags[0][-1] == ":":
            self.groups.append(_Group(len(self.out), captures=False, ungreedy=self.ungreedy))
        if "U" in flags[0]:
            self.ungreedy = "U" not in (flags[1] or "")
        if flags[0] != ")":
            self.out.append("(?" + flags[0])

    def capture(self, name: str) -> None:
        self.names.append(name)
        self.groups.append(_Group(len(self.out), captures=True, ungreedy=self.ungreedy))
        self.out.append("(")

    def close_group(self) -> None:
        if len(self.groups) == 1:
            raise PatternError("unexpected )", self.pattern)
        self.at += 1
        self.out.append(")")
        group = self.groups.pop()
        item = group.closed(len(self.out))
        item.ungreedy = self.ungreedy = group.ungreedy
        self.check(item)
        self.groups[-1].add(item)

    def counted(self, before_repeat: int) -> None:
        match = _REPEAT.match(self.pattern, self.at)
        if not match:
            self.at += 1
            self.put(character(ord("{")), is_literal=True)
            return
        least = int(match[1])
        most = -1 if match[2] and match[3] is None else int(match[3] or match[1])
        if least > MAX_REPEATS or most > MAX_REPEATS or 0 <= most < least:
            raise PatternError("invalid repeat count", match[0])
        self.at = match.end()
        self.repeat(match[0], least, most, before_repeat)

    def repeat(self, sign: str, least: int, most: int, before_repeat: int) -> None:
        """Repeats the last part; `self.at` stands behind the sign."""
        start = self.at - len(sign)
        lazy = self.pattern.startswith("?", self.at)
        self.at += lazy
        if before_repeat >= 0:
            raise PatternError("invalid nested repetition operator", self.pattern[before_repeat : self.at])
        item = self.groups[-1].last
        if item is None:
            raise PatternError("missing argument to repetition operator", self.pattern[start : self.at])
        if item.is_repeat:
            self.out[item.start] = "(?:" + self.out[item.start]
            self.out[item.end - 1] += ")"
        # Flags may stand between the part and the sign, which goes before them: (?U) has changed its meaning.
        self.out[item.end - 1] += sign + ("?" if lazy != (self.ungreedy != item.ungreedy) else "")
        item.is_repeat = True
        item.is_literal = False
        item.height += 1
        if sign[0] != "{":
            item.size += 2 if sign[0] == "*" else 1
        elif most < 0:
            item.size = item.size + 2 if least == 0 else least * item.size + 1
            item.repeats *= max(least, 1)
        else:
            item.size = max(most * item.size + most - least, 1)
            item.repeats *= most
        self.check(item)
        if sign[0] == "{" and max(least, most) >= 2 and item.repeats > MAX_REPEATS:
            raise PatternError("invalid repeat count", self.pattern[start : self.at])
        self.last_repeat = start

    def backslash(self) -> None:
        pattern, at = self.pattern, self.at
        sign = pattern[at + 1 : at + 2]
        if sign and sign in "AbBz":
            self.at += 2
            self.put("\\" + sign)
        elif sign == "C":
            raise PatternError("invalid escape sequence", r"\C")
        elif sign == "Q":
            end = pattern.find(r"\E", at + 2)
            stop = end if end >= 0 else len(pattern)
            stray = _STRAY.search(pattern, at + 2, stop)
            if stray:
                raise PatternError("invalid UTF-8", pattern[stray.start() : stop])
            for letter in pattern[at + 2 : stop]:
                self.put(character(ord(letter)), is_literal=True)
            self.at = stop + 2 if end >= 0 else stop
        elif sign in ("p", "P"):
            self.put(f"[{self.unicode()}]")
        elif sign and sign in PERL_CLASSES:
            self.at += 2
            self.put("\\" + sign)
        else:
            self.put(character(self.escape()), is_literal=True)

    def unicode(self) -> str:
        r"""\pN or \p{Name}, as a part of a class."""
        pattern, at = self.pattern, self.at
        negated = pattern[at + 1] == "P"
        self.check_valid(at + 2, at + 3)
        stop = at + 3
        name = pattern[at + 2 : stop]
        if name == "{":
            end = pattern.find("}", at)
            if end < 0:
                self.check_valid(at, len(pattern))
                raise PatternError("invalid character class range", pattern[at:])
            name = pattern[at + 3 : end]
            stray = _STRAY.search(name)
            if stray:
                raise PatternError("invalid UTF-8", name[stray.start() :])
            stop = end + 1
        if name[:1] == "^":
            negated = not negated
            name = name[1:]
        result = unicode_class(name, negated=negated)
        if result is None:
            raise PatternError("invalid character class range", pattern[at:stop])
        self.at = stop
        return result

    def escape(self) -> int:
        """One escaped character."""
        pattern, at = self.pattern, self.at
        sign = pattern[at + 1 : at + 2]
        if not sign:
            raise PatternError("trailing backslash at end of expression", "")
        self.check_valid(at + 1, at + 2)
        octal = _OCTAL.match(pattern, at + 1)
        if octal:
            self.at = octal.end()
            return int(octal[0], 8)
        if sign == "x":
            return self.hexadecimal()
        if sign.isascii() and not sign.isalnum():
            self.at += 2
            return ord(sign)
        if sign not in _ESCAPES:
            raise PatternError("invalid escape sequence", pattern[at : at + 2])
        self.at += 2
        return _ESCAPES[sign]

    def hexadecimal(self) -> int:
        r"""\x7f or \x{1f600}."""
        pattern, at = self.pattern, self.at
        in_braces = pattern.startswith("{", at + 2)
        start = at + 3 if in_braces else at + 2
        match = _HEXADECIMAL.match(pattern, start, len(pattern) if in_braces else start + 2)
        digits = match[0] if match else ""
        stop = start + len(digits)
        if not in_braces:
            self.check_valid(start, start + 2)
            if len(digits) < 2:
                raise PatternError("invalid escape sequence", pattern[at : start + 2])
            self.at = stop
            return int(digits, 16)
        significant = digits.lstrip("0")
        if len(significant) > 6 or int(significant or "0", 16) > LAST:
            # Go reads digit by digit, and stops at the one that makes the number too large.
            count = 6 if int(significant[:6], 16) > LAST else 7
            raise PatternError("invalid escape sequence", pattern[at : stop - len(significant) + count])
        self.check_valid(stop, stop + 1)
        if not digits or not pattern.startswith("}", stop):
            raise PatternError("invalid escape sequence", pattern[at : stop + 1])
        self.at = stop + 1
        return int(digits, 16)

    def bracket(self) -> None:
        """A class in brackets."""
        pattern, start = self.pattern, self.at
        self.at += 1
        result = ["["]
        if pattern.startswith("^", self.at):
            self.at += 1
            result.append("^")
        first = True
        while first or not pattern.startswith("]", self.at):
            first = False
            result.append(self.posix() or self.class_item(start))
        self.at += 1
        result.append("]")
        self.put("".join(result))

    def posix(self) -> str:
        """A class like [:alpha:] within brackets; empty where there is none."""
        pattern, at = self.pattern, self.at
        end = pattern.find(":]", at + 2) if pattern.startswith("[:", at) else -1
        if end < 0:
            return ""
        name = pattern[at + 2 : end]
        if name.removeprefix("^") not in POSIX_CLASSES:
            raise PatternError("invalid character class range", pattern[at : end + 2])
        self.at = end + 2
        return f"[:{name}:]"

    def class_item(self, start: int) -> str:
        """A class, a character or a range within the brackets that open at `start`."""
        pattern, at = self.pattern, self.at
        sign = pattern[at + 1 : at + 2]
        if pattern.startswith("\\", at) and sign:
            if sign in "pP":
                return self.unicode()
            if sign in PERL_CLASSES:
                self.at += 2
                return "\\" + sign
        low = high = self.class_character(start)
        if pattern.startswith("-", self.at) and self.at + 1 < len(pattern) and pattern[self.at + 1] != "]":
            self.at += 1
            high = self.class_character(start)
            if high < low:
                raise PatternError("invalid character class range", pattern[at : self.at])
        return f"\\x{{{low:x}}}-\\x{{{high:x}}}" if high > low else f"\\x{{{low:x}}}"

    def class_character(self, start: int) -> int:
        pattern, at = self.pattern, self.at
        if at >= len(pattern):
            raise PatternError("missing closing ]", pattern[start:])
        if pattern[at] == "\\":
            return self.escape()
        self.check_valid(at, at + 1)
        self.at += 1
        return ord(pattern[at])


def translate(pattern: str) -> Translated:
    """A Go regular expression for RE2. Raises PatternError."""
    return _Translator(pattern).run()
