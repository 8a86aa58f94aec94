"""Where a secret stands in a command, a script or a file of settings: a table of patterns.

Every pattern begins with fixed characters and repeats nothing without a bound, so that a search takes time in
proportion to the text.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from scanner.core.patterns import late

_QUOTED = r"""("[^"\n]{1,500}"|'[^'\n]{1,500}')"""
_WORD = r"""("[^"\n]{1,500}"|'[^'\n]{1,500}'|[^\s"'&;,|<>)]{1,500})"""
_NAME = r"([A-Za-z_][\w.-]{1,80})"
_ECHO = rf"\b(?:echo|printf)[ \t]+(?:-n[ \t]+|[\"']?%s(?:\\n)?[\"']?[ \t]+)?{_WORD}[ \t]*\|[ \t]*(?:sudo[ \t]+)?"
_OPTION = rf"\b[^\n|;&]{{0,200}}?[ \t](?:-p|--password)[ \t=]+{_WORD}"
_HEADER = r"(?:=|[ \t]{0,8})[\"']([A-Za-z][\w-]{1,60}):[ \t]{0,8}([^\"'\n]{1,500})[\"']"


class Place(NamedTuple):
    """A value in a text, with or without quotes around it: its first character, the one after its last, and the name
    that it stands under ('' where the place alone makes a password of it)."""

    start: int
    end: int
    name: str


def _table(*rows: tuple[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((mark, late(pattern, re.ASCII)) for mark, pattern in rows)


# A text without which the pattern finds nothing, and the pattern: the groups are the name and the value.
_NAMED = _table(
    # {"password":"x"}, also inside of another text.
    ('":', rf'"{_NAME}"[ \t]{{0,8}}:[ \t]{{0,8}}("[^"\n\\]{{1,500}}")'),
    ('\\":', rf'\\"{_NAME}\\"[ \t]{{0,8}}:[ \t]{{0,8}}\\"([^"\n\\]{{1,500}})\\"'),
    # Environment="NAME=x" of systemd
    ('="', rf'="{_NAME}=([^"\n]{{1,500}})"'),
    # curl -H 'X-Api-Key: x'
    ("-H", rf"-H(?<![\w-]-H){_HEADER}"),
    ("--header", rf"--header{_HEADER}"),
    # aws configure set aws_secret_access_key x; npm config set //host/:_authToken x; setx NAME x
    (" set ", rf"\bconfig(?:ure)?[ \t]+set[ \t]+([A-Za-z_/][\w.:/-]{{1,120}})[ \t]+(?![-=]){_WORD}"),
    ("setx ", rf"\bsetx[ \t]+{_NAME}[ \t]+{_WORD}"),
    ("setenv ", rf"\bsetenv[ \t]+{_NAME}[ \t]+{_WORD}"),
    ("ENV ", rf"(?:^|\n)ENV[ \t]+{_NAME}[ \t]+{_WORD}"),
    # PowerShell and PHP. After a bracket or `test` of a shell it is a comparison.
    (
        "$",
        r"\$(?<![\"'\w]\$)(?<!\[ \$)(?<!test \$)(?:(?:env|global|script):)?"
        rf"{_NAME}[ \t]{{0,8}}=[ \t]{{0,8}}{_QUOTED}",
    ),
    ("=>", rf"[\"']{_NAME}[\"'][ \t]{{0,8}}=>[ \t]{{0,8}}{_QUOTED}"),
    ("define(", rf"\bdefine\([ \t]{{0,8}}[\"']{_NAME}[\"'][ \t]{{0,8}},[ \t]{{0,8}}{_QUOTED}"),
    # XML
    ("</", rf"<{_NAME}>([^<>\n]{{1,500}})</"),
    ("value=", rf'\b(?:key|name)="{_NAME}"[ \t]+value=("[^"\n]{{1,500}}")'),
)
# The same for places that make a password of whatever stands there.
_UNNAMED = _table(
    ("chpasswd", r"[\"' \t][\w.-]{1,32}:([^\s\"'|]{1,200})[\"']?[ \t]*\|[ \t]*(?:sudo[ \t]+)?chpasswd\b"),
    ("chpasswd", r"\bchpasswd[ \t]*<<<[ \t]*[\"']?[\w.-]{1,32}:([^\s\"']{1,200})"),
    (
        "chpasswd:",
        r"\bchpasswd:[ \t]*\n(?:[ \t]+[^\n]{0,200}\n){0,4}?[ \t]+(?:- )?[\"']?[\w.-]{1,32}:([^\s\"':]{1,200})[\"']?"
        r"[ \t]*(?:\n|\Z)",
    ),
    ("stdin", rf"{_ECHO}[^\n|]{{0,120}}--(?:password-)?stdin\b"),
    ("sudo", rf"\becho[ \t]+{_WORD}[ \t]*\|[ \t]*sudo[ \t]+-S\b"),
    ("pass:", r"-pass(?:in|out|word)?[ \t]+[\"']?pass:([^\s\"']{1,200})"),
    (
        "htpasswd",
        r"\bhtpasswd[ \t]+(?:-\w{1,8}[ \t]+){0,3}-\w{0,3}b\w{0,3}[ \t]+(?:-\w{1,8}[ \t]+){0,2}"
        rf"(?:[^\s|;&<>-][^\s|;&<>]{{0,60}}[ \t]+){{1,2}}{_WORD}",
    ),
    ("useradd", rf"\buseradd{_OPTION}"),
    ("usermod", rf"\busermod{_OPTION}"),
    (
        "ConvertTo-SecureString",
        rf"\bConvertTo-SecureString[ \t]+(?:-(?:String|AsPlainText|Force)[ \t]+){{0,3}}{_QUOTED}",
    ),
    ("ConvertTo-SecureString", rf"{_QUOTED}[ \t]{{0,8}}\|[ \t]{{0,8}}ConvertTo-SecureString\b"),
    # Lines of files of users and of IPsec.
    (":$", r"(?:^|\n)[\w.-]{1,32}:(\$(?:apr1|1|5|6|y|2[aby])\$[^\s:]{8,200})"),
    (" PSK ", r"\bPSK[ \t]+\"([^\"\n]{1,200})\""),
    ("net user", r"\bnet user[ \t]+[\w.-]{1,40}[ \t]+(\"[^\"\n]{1,200}\"|[^\s/\"'*][^\s\"']{0,200})"),
    ("rabbitmqctl", rf"\brabbitmqctl[ \t]+(?:add_user|change_password)[ \t]+[\w.-]{{1,60}}[ \t]+{_WORD}"),
    ("vault login", r"\bvault login[ \t]+(?![-\w]*=)([^\s\"'-][^\s\"']{7,200})"),
    ("login", r"\blogin[ \t\n]+[^\s]{1,200}[ \t\n]+password[ \t]+([^\s]{1,200})"),
    ("requirepass", rf"(?:^|\n)[ \t]{{0,8}}requirepass[ \t]+{_WORD}"),
    ("masterauth", rf"(?:^|\n)[ \t]{{0,8}}masterauth[ \t]+{_WORD}"),
    ("sqlplus", r"\bsqlplus[ \t]+(?:-\w+[ \t]+){0,3}[\"']?[\w$]{1,60}/([^\s/@\"']{1,200})@"),
    # The data source of Go's driver of MySQL.
    ("@tcp(", r"(?<![^\s\"'=])[\w.-]{1,60}:([^\s@\"']{1,200})@tcp\("),
    ("jdbc:oracle:", r"\bjdbc:oracle:\w{2,8}:[\w$]{1,60}/([^\s/@\"']{1,200})@"),
)


def named_places(text: str) -> Iterator[Place]:
    """The values in a text that stand under a name, wherever `name=value` and `name: value` are written otherwise."""
    for mark, pattern in _NAMED:
        if mark in text:
            for match in pattern.finditer(text):
                yield Place(*_bare(match, 2), match[1])


def password_places(text: str) -> Iterator[Place]:
    """The values in a text that are passwords because of the command or the setting that they stand in."""
    for mark, pattern in _UNNAMED:
        if mark in text:
            for match in pattern.finditer(text):
                yield Place(*_bare(match, 1), "")


def _bare(match: re.Match[str], group: int) -> tuple[int, int]:
    quoted = match[group][0] in "\"'" and len(match[group]) > 1
    return match.start(group) + quoted, match.end(group) - quoted
