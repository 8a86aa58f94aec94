"""The tokens inside one action, as Go's text/template splits them."""

from __future__ import annotations

import re
import unicodedata

from scanner.core.patterns import late
from scanner.template.printing import quote

Token = tuple[str, int, str, bool]
"""(kind, offset of its first character in the text, the text of it, whether white space stands before it). The text of
an error is its message.

Kinds: assign bool char character close complex declare dot error field keyword left nil number pipe raw right string
variable word. A char is any other printable ASCII character, which is right only as a comma."""

_KINDS = dict.fromkeys(
    ("block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"), "keyword"
) | {"true": "bool", "false": "bool", "nil": "nil", ".": "dot"}
"""What names are that name nothing."""

MOST_PARENTHESES = 10000
"""How deeply parentheses may be nested."""

SPACES = " \t\r\n"
_ENDS_A_WORD = r"(?=[ \t\r\n.,|:()]|\}\}|\Z)"
_NUMBER = r"""(?>[+-]?
    (?: 0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?
      | 0[oO][0-7_]*(?:\.[0-7_]*)?
      | 0[bB][01_]*(?:\.[01_]*)?
      | [0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)? )
    i?)"""
_TOKEN = late(
    rf"""
    [ \t\r\n]*+
    (?: (?P<close>(?:(?<=[ \t\r\n])-)?\}}\}})
      | (?P<field>(?!\.(?:[0-9]|\Z))\.\w*{_ENDS_A_WORD})
      | (?P<word>(?![0-9])\w+{_ENDS_A_WORD})
      | (?P<string>"(?:[^"\\\n]++|\\[^\n])*+")
      | (?P<variable>\$\w*{_ENDS_A_WORD})
      | (?P<pipe>\|)
      | (?P<left>\()
      | (?P<right>\))
      | (?P<number>(?=[+\-0-9]|\.(?:[0-9]|\Z)){_NUMBER})
      | (?P<declare>:=)
      | (?P<assign>=)
      | (?P<raw>`[^`]*`)
      | (?P<character>'(?:[^'\\\n]++|\\[^\n])*+')
      | (?P<char>[!\#%&*,/;<>?@\[\\\]^{{}}~])
    )
    """,
    re.VERBOSE,
)
_SIGNED_NUMBER = late(_NUMBER, re.VERBOSE)
_NAMES = frozenset(("field", "variable", "word"))


def is_alphanumeric(character: str) -> bool:
    """Whether a name may hold this character: a letter, a decimal digit or `_`."""
    return character == "_" or unicodedata.category(character)[0] == "L" or unicodedata.category(character) == "Nd"


def lex_action(text: str, start: int) -> tuple[list[Token], int]:
    """The tokens of the action whose left delimiter (and trim marker) ends at `start`, and the offset after its
    right delimiter. The last token is `close`; or it is `error` with Go's message, or one that the parser does not
    take, and then the offset means nothing."""
    tokens: list[Token] = []
    depth = 0
    at = start
    is_ascii = text.isascii()
    match = _TOKEN.match
    while True:
        found = match(text, at)
        if found is None:
            end = len(text) - len(text[at:].lstrip(SPACES))
            tokens.append(("error", end, _what_is_wrong(text, end), end > at))
            return tokens, end
        kind = found.lastgroup or ""
        value = found[kind]
        end = found.end()
        begin = end - len(value)
        problem = ""
        is_last = False
        if kind in _NAMES:
            kind = _KINDS.get(value, kind)
            problem = "" if is_ascii else _foreign(value)
        elif kind == "close":
            if value[0] == "-" and begin == start:
                # The white space before it belongs to the left delimiter: this is a number without digits.
                kind, value, end = "number", "-", begin + 1
            elif depth:
                problem, begin = "unclosed left paren", end - (4 if value[0] == "-" else 2)
            else:
                tokens.append((kind, end - 2, "}}", begin > at))
                return tokens, end
        elif kind == "left" or kind == "right":
            depth += 1 if kind == "left" else -1
            is_last = depth > MOST_PARENTHESES
            problem = "unexpected right paren" if depth < 0 else ""
        elif kind == "number":
            kind, end = _number(text, end)
            value = text[begin:end]
            problem = f"bad number syntax: {quote(value)}" if kind == "error" else ""
        elif kind == "char":
            is_last = value != "," or not tokens or tokens[-1][0] != "variable"
        if problem:
            kind, value, is_last = "error", problem, True
        tokens.append((kind, begin, value, begin > at))
        if is_last:
            return tokens, end
        at = end


def _foreign(name: str) -> str:
    """Go's message for a name with a character that Python's \\w takes and Go does not; '' where there is none."""
    if name.isascii():
        return ""
    bad = next((character for character in name if character not in ".$" and not is_alphanumeric(character)), "")
    if not bad:
        return ""
    return f"{'unrecognized character in action:' if bad == name[0] else 'bad character'} {code_point(bad)}"


def _number(text: str, end: int) -> tuple[str, int]:
    """The kind and the end of the number whose first part ends at `end`; an error goes one character further."""
    if end < len(text) and is_alphanumeric(text[end]):
        return "error", end + 1
    if end < len(text) and text[end] in "+-":
        found = _SIGNED_NUMBER.match(text, end)
        end = found.end() if found else end
        if end < len(text) and is_alphanumeric(text[end]):
            return "error", end + 1
        return ("complex" if text[end - 1] == "i" else "error"), end
    return "number", end


def _what_is_wrong(text: str, at: int) -> str:
    """Go's message for the place where no token begins."""
    if at >= len(text):
        return "unclosed action"
    first = text[at]
    simple = {
        '"': "unterminated quoted string",
        "`": "unterminated raw quoted string",
        "'": "unterminated character constant",
        ":": "expected :=",
    }
    if first in simple:
        return simple[first]
    if first in ".$" or is_alphanumeric(first):
        end = at + 1
        while end < len(text) and is_alphanumeric(text[end]):
            end += 1
        # The whole name is there: what follows it is what Go does not take after one.
        return f"bad character {code_point(text[end])}"
    return f"unrecognized character in action: {code_point(first)}"


def code_point(character: str) -> str:
    """A character as Go's %#U prints it: `U+00B2 '²'`."""
    if "\ud800" <= character <= "\udfff":
        character = "\ufffd"
    name = f"U+{ord(character):04X}"
    return f"{name} '{character}'" if character.isprintable() else name
