"""Splitting `command` and `entrypoint` into words, as Compose does: quotes and escapes, but nothing is expanded."""

from __future__ import annotations

_SPACES = " \t\r\n"
_STOPS = ";&|<>"


def split(line: str) -> list[str]:  # noqa: C901 (one state machine: its states in one place)
    """The words of `line`. A bare `;`, `&`, `|`, `<` or `>` ends them: what follows is dropped, as in Compose.

    Raises ValueError where a quote, a backtick, a `$(` or a backslash has no end.
    """
    words: list[str] = []
    word: list[str] = []
    started = escaped = False
    # The quote that is open: ', ", ` or ( for $(...); at most one is, but for quotes inside backticks.
    single = double = back = dollar = False
    for character in line:
        if escaped:
            word.append(character)
            escaped, started = False, True
            continue
        if character == "\\":
            if single:
                word.append(character)
            else:
                escaped = True
            continue
        if character in _SPACES:
            if single or double or back or dollar:
                word.append(character)
            elif started:
                words.append("".join(word))
                word, started = [], False
            continue
        if character == "`" and not (single or double or dollar):
            back = not back
        elif character == ")" and not (single or double or back):
            dollar = not dollar
        elif character == "(" and not (single or double or back):
            if dollar or not word or word[-1] != "$":
                raise ValueError("invalid command line string")
            dollar = True
            word.append(character)
            continue
        elif character == '"' and not (single or dollar):
            started = started or double
            double = not double
            continue
        elif character == "'" and not (double or dollar):
            started = started or single
            single = not single
            continue
        elif character in _STOPS and not (single or double or back or dollar):
            # `2>file`: the number belongs to the redirection.
            if character == ">" and word and word[0] in "0123456789":
                started = False
            break
        started = True
        word.append(character)
    if started:
        words.append("".join(word))
    if escaped or single or double or back or dollar:
        raise ValueError("invalid command line string")
    return words
