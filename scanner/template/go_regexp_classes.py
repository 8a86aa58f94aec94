"""The classes of characters in Go's regular expressions, as parts of an RE2 class in brackets."""

from __future__ import annotations

from functools import cache

LAST = 0x10FFFF
PERL_CLASSES = frozenset("dDsSwW")
POSIX_CLASSES = frozenset("alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit".split())

_ALIASES = {
    name.replace("_", "").capitalize(): short
    for name, _, short in (
        pair.partition(":")
        for pair in (
            "Close_Punctuation:Pe Combining_Mark:M Connector_Punctuation:Pc Control:Cc Currency_Symbol:Sc "
            "Dash_Punctuation:Pd Decimal_Number:Nd Enclosing_Mark:Me Final_Punctuation:Pf Format:Cf "
            "Initial_Punctuation:Pi Letter:L Letter_Number:Nl Line_Separator:Zl Lowercase_Letter:Ll Mark:M "
            "Math_Symbol:Sm Modifier_Letter:Lm Modifier_Symbol:Sk Nonspacing_Mark:Mn Number:N Open_Punctuation:Ps "
            "Other:C Other_Letter:Lo Other_Number:No Other_Punctuation:Po Other_Symbol:So Paragraph_Separator:Zp "
            "Private_Use:Co Punctuation:P Separator:Z Space_Separator:Zs Spacing_Mark:Mc Surrogate:Cs Symbol:S "
            "Titlecase_Letter:Lt Uppercase_Letter:Lu Cased_Letter:Lc Unassigned:Cn cntrl:Cc digit:Nd punct:P"
        ).split()
    )
}


def character(code_point: int) -> str:
    """A character as RE2 reads it anywhere."""
    sign = chr(code_point)
    return sign if sign.isascii() and sign.isalnum() else f"\\x{{{code_point:x}}}"


def unicode_class(name: str, *, negated: bool) -> str | None:
    r"""What \p{name} is within brackets (`\p{^name}` and `\P{name}`: `negated`); None where Go knows no such class.

    Capitals, blanks, hyphens and underscores do not count. Since Go forgets them in the name that is asked for, but
    not in its own, it does not find scripts with an underscore in their name.
    """
    plain = "".join(letter for letter in name if letter not in "_- ")
    plain = (plain[:1].upper() if plain[:1].isascii() else plain[:1]) + "".join(map(_lower, plain[1:]))
    plain = _ALIASES.get(plain, plain)
    if plain == "Assigned":
        plain, negated = "Cn", not negated
    if plain == "Ascii":
        return f"\\x{{80}}-\\x{{{LAST:x}}}" if negated else "\\x00-\\x7f"
    if plain == "Any":
        # No text has a surrogate.
        return "\\x{d800}" if negated else f"\\x00-\\x{{{LAST:x}}}"
    if plain in ("C", "Cn", "Lc"):
        return _by_category(plain, negated)
    return f"\\{'P' if negated else 'p'}{{{plain}}}" if _is_known(plain) else None


def _lower(letter: str) -> str:
    return letter.lower() if letter.isascii() else letter


@cache
def _is_known(name: str) -> bool:
    import re2

    if not name.isalnum() or not name.isascii():
        return False
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(f"\\p{{{name}}}", options)
    except re2.error:
        return False
    return True


_CATEGORIES = {"C": ("Cc", "Cf", "Cs", "Co", "Cn"), "Cn": ("Cn",), "Lc": ("Lu", "Ll", "Lt")}


@cache
def _by_category(name: str, negated: bool) -> str:
    """The ranges of a class that RE2 does not have, or has without the code points that are not assigned."""
    from itertools import groupby
    from unicodedata import category

    categories = _CATEGORIES[name]
    runs = groupby(range(LAST + 1), key=lambda code_point: (category(chr(code_point)) in categories) != negated)
    ranges: list[str] = []
    for inside, run in runs:
        if inside:
            first, *others = run
            ranges.append(f"\\x{{{first:x}}}-\\x{{{others[-1] if others else first:x}}}")
    return "".join(ranges)
