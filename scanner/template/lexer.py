"""The tokens inside one action, as Go's text/template splits them."""

from __future__ import annotations

import re
import unicodedata

from scanner.template.printing import quote

Token = tuple[str, int, str]
"""(kind, offset of its first character in the text, the text of it; of an error its message).

Kinds: assign bool char character close complex declare dot error field keyword left nil number pipe raw right space
string variable word. A char is any other printable ASCII character, which is right only as a comma."""

KEYWORDS = frozenset(("block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"))

SPACES = " \t\r\n"
_ENDS_A_WORD = r"(?=[ \t\r\n.,|:()]|\}\}|\Z)"
_NUMBER = r"""(?>[+-]?
    (?: 0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?
      | 0[oO][0-7_]*(?:\.[0-7_]*)?
      | 0[bB][01_]*(?:\.[01_]*)?
      | [0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)? )
    i?)"""
_TOKEN = re.compile(
    rf"""
    (?P<close>(?:[ \t\r\n]-)?\}}\}})
  | (?P<space>[ \t\r\n]+(?=[ \t\r\n]-\}}\}})|[ \t\r\n]+)
  | (?P<field>(?!\.(?:[0-9]|\Z))\.\w*{_ENDS_A_WORD})
  | (?P<variable>\$\w*{_ENDS_A_WORD})
  | (?P<word>(?![0-9])\w+{_ENDS_A_WORD})
  | (?P<string>"(?:[^"\\\n]|\\[^\n])*")
  | (?P<pipe>\|)
  | (?P<left>\()
  | (?P<right>\))
  | (?P<number>(?=[+\-0-9]|\.(?:[0-9]|\Z)){_NUMBER})
  | (?P<declare>:=)
  | (?P<assign>=)
  | (?P<raw>`[^`]*`)
  | (?P<character>'(?:[^'\\\n]|\\[^\n])*')
  | (?P<char>[!\#%&*,/;<>?@\[\\\]^{{}}~])
    """,
    re.VERBOSE,
)
_SIGNED_NUMBER = re.compile(_NUMBER, re.VERBOSE)


def is_alphanumeric(character: str) -> bool:
    """Whether a name may hold this character: a letter, a decimal digit or `_`."""
    return character == "_" or unicodedata.category(character)[0] == "L" or unicodedata.category(character) == "Nd"


def lex_action(text: str, start: int) -> tuple[list[Token], int]:
    """The tokens of the action whose left delimiter (and trim marker) ends at `start`, and the offset after its
    right delimiter. The last token is `close`, or `error` with Go's message; then the offset means nothing."""
    tokens: list[Token] = []
    depth = 0
    at = start
    match = _TOKEN.match
    while True:
        found = match(text, at)
        if found is None:
            tokens.append(("error", at, _what_is_wrong(text, at)))
            return tokens, at
        kind = found.lastgroup or ""
        value = found.group()
        end = found.end()
        if kind == "close":
            if depth:
                tokens.append(("error", at, "unclosed left paren"))
            else:
                tokens.append((kind, end - 2, "}}"))
            return tokens, end
        if kind == "left":
            depth += 1
        elif kind == "right":
            depth -= 1
            if depth < 0:
                tokens.append(("error", at, "unexpected right paren"))
                return tokens, end
        elif kind == "number":
            kind, end = _number(text, end)
            value = text[at:end]
            if kind == "error":
                tokens.append(("error", at, f"bad number syntax: {quote(value)}"))
                return tokens, end
        elif kind in ("word", "field", "variable"):
            if not value.isascii() and (bad := _foreign(value)):
                problem = "unrecognized character in action:" if bad == value[0] else "bad character"
                tokens.append(("error", at, f"{problem} {code_point(bad)}"))
                return tokens, end
            if kind == "word":
                kind = _word_kind(value)
            elif value == ".":
                kind = "dot"
        tokens.append((kind, at, value))
        at = end


def _word_kind(word: str) -> str:
    if word in KEYWORDS:
        return "keyword"
    if word in ("true", "false"):
        return "bool"
    return "nil" if word == "nil" else "word"


def _foreign(name: str) -> str:
    """The first character after a name's first that Python's \\w takes and Go does not; '' where there is none."""
    return next((character for character in name if character not in ".$" and not is_alphanumeric(character)), "")


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
