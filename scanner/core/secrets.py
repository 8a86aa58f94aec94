"""What is a secret: by the form of a value, by the name that it stands under, or by its place in a text.

One judge for rules, for masking and for snippets. docs/secrets.md tells what counts, and how it was measured.
"""

import base64
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from scanner.core.secret_formats import known_formats
from scanner.core.secret_names import credential_class, is_field_name, is_key_name, is_kms_key_name, is_secret_id_name
from scanner.core.secret_places import named_places, password_places
from scanner.core.secret_values import (
    is_mixed,
    is_number,
    is_object_name,
    is_public,
    is_reference,
    is_stand_in,
    is_switch,
    is_template,
    is_uuid,
    is_weak,
    looks_like_hash,
    looks_random,
    names_something,
)


class Secret(NamedTuple):
    """A secret in a text: its first character, the one after its last (from 0), and its kind."""

    start: int
    end: int
    kind: str


_PASSWORD_LEAST = 3
_TOKEN_LEAST = 6
_LONGEST_VALUE = 8192
_SHORTEST_PLACE = 12
_URL_PASSWORD = "password in a URL"  # noqa: S105 - a kind, not a password


@cache
def _pattern(name: str) -> re.Pattern[str]:
    value = r"""("[^"\n]{1,500}"|'[^'\n]{1,500}'|[^\s"'&;,|)]{1,500})"""
    return re.compile(
        {
            "userinfo": r"([^\s/?#@:\"'<>\\]{0,200}):([^\s/?#@\"'<>\\]{1,300})@(?:[\w.\[\]$<{(%*-]|\Z)",
            "flag": rf"(?<![\w-])--?([A-Za-z][\w.-]{{1,60}})(?:=|[ \t]+(?!-)){value}",
            "assignment": rf"(?<![\w.$%{{-])([A-Za-z_][\w.-]{{1,80}})[ \t]{{0,8}}(?:=|:=|=>)[ \t]{{0,8}}{value}",
            # In the style of YAML and JSON, so that the word before a colon in a sentence is none.
            "entry": rf"(?:^|[{{,\n])[ \t]{{0,40}}(?:- )?[\"']?([A-Za-z_][\w.-]{{1,80}})[\"']?:[ \t]{{1,8}}{value}"
            r"(?=[ \t]*(?:[,}}\n\r]|[ \t]#|\Z))",
            "authorization": r"(?i)\b(?:authorization[\"']?[ \t]{0,8}[:=][ \t]{0,8}[\"']?)?"
            r"(bearer|basic|token)[ \t]+([\w.~+/=-]{8,2000})",
            "user": r"(?<![\w-])(?:(?:-u|--user|--proxy-user)(?:=|[ \t]+|)|-[A-Za-z]{1,6}u[ \t]+)[\"']?"
            r"([\w.@-]{1,100}):([^\s\"']{1,200})",
            "short": r"(?<![\w-])(-p|-a|-P|-w)[ \t]?[\"']?((?![-=])[^\s\"';|&]{1,200})",
            "sql": r"(?i)(?:identified[ \t]+by|password(?:[ \t]+for[ \t]+\S{1,100}[ \t]*=)?)[ \t]+'([^'\n]{1,200})'",
            # In a sentence: the password is x.
            "told": r"\b[Pp]ass(?:word|phrase|code|wd)[ \t]+(?:is|was)[: \t]{1,4}[\"'`]?([\w!#$%&*+.=?@^~]{8,200})"
            r"(?=[\s\"'`,;)]|\Z)",
            # Where -u names the user and the group that something runs as.
            "runs as": r"\b(?:docker|podman|nerdctl|scp|rsync|chroot|runuser)\b(?![^\n]*\b(?:curl|wget)\b)",
            "repository": r"://([\w.~-]{16,255})@(?:github\.com|gitlab\.com|bitbucket\.org|dev\.azure\.com)/",
            "code": r"[`(){}\[\]\\<>]|^[.$]|\.\w+\(",
            "pair": r"[\w.@-]{1,100}[:/]([^\s/:]{3,200})\Z",
        }[name],
        re.ASCII,
    )


_CLIENTS = {
    "-p": re.compile(
        r"\b(?:mysql\w*|mariadb[\w-]*|mongo\w*|sshpass|(?:docker|podman|az|oc|helm registry) login|htpasswd)\b"
    ),
    "-a": re.compile(r"\bredis-cli\b|\bredis_cli\b"),
    "-P": re.compile(r"\b(?:sqlcmd|mssql-tools\w*)\b"),
    "-w": re.compile(r"\bldap\w+\b"),
}


def is_credential_name(name: str) -> bool:
    """Whether `name` says that its value is a credential: DB_PASSWORD, apiKey; not PASSWORD_FILE, SECRET_NAME."""
    return credential_class(name) not in ("", "auth", "hash")


def secret_kind(name: str, value: str) -> str:
    """What kind of secret the value of `name` is or holds (password, token, GitHub token, ...); '' where it is none.

    `name` is that of a variable, an option or a key, '' where there is none.
    """
    found = secret_spans(name, value)
    return found[0].kind if found else ""


@lru_cache(maxsize=4096)
def secret_spans(name: str, value: str) -> tuple[Secret, ...]:
    """The secrets in the value of `name`, in order: the whole value where the name gives it away, else parts of it."""
    inside = tuple(find_secrets(value)) if len(value) > 3 else ()
    if inside:
        return inside
    kind = _named_kind(name, value) if name else ""
    return (Secret(0, len(value), kind),) if kind else ()


def _named_kind(name: str, value: str) -> str:
    """The kind of secret that a whole value is because of its name."""
    text = value.strip()
    if not text or len(text) > _LONGEST_VALUE or (is_uuid(text) and is_kms_key_name(name)):
        return ""
    promised = credential_class(name)
    if not promised and is_uuid(text) and is_secret_id_name(name):
        return "secret"
    if promised in ("auth", "hash"):
        return _borne_out(promised, text)
    if not promised:
        return "key" if is_key_name(name) and looks_random(text, 20) and not _is_none(text) else ""
    if promised == "password" and is_stand_in(text) and not is_reference(text):
        # A service that is started as it stands has this password.
        return "default password"
    if _is_none(text) or (is_field_name(name) and promised != "password" and is_object_name(text)):
        return ""
    if promised == "password":
        return _password_kind(text)
    return _token_kind(promised, text)


def _is_none(text: str) -> bool:
    if looks_like_hash(text):
        return False
    return is_switch(text) or is_reference(text) or is_template(text) or is_public(text) or "://" in text


def _borne_out(promised: str, text: str) -> str:
    if looks_like_hash(text):
        return "password hash"
    if promised == "hash" or _is_none(text):
        return ""
    pair = _pattern("pair").match(text)
    if pair and not _is_none(pair[1]) and not is_number(pair[1]):
        return "password"
    return "password" if looks_random(text, 12) else ""


def _password_kind(text: str) -> str:
    if is_number(text) and len(text.strip("+-")) < 4:
        return ""
    if is_weak(text):
        return "default password"
    if looks_like_hash(text):
        return "password hash"
    return "password" if len(text) >= _PASSWORD_LEAST and "\n" not in text else ""


def _token_kind(promised: str, text: str) -> str:
    if is_number(text) or " " in text or "\n" in text or names_something(text) or ",priv-key=" in text:
        return ""
    if is_weak(text):
        return "default key" if promised == "access key" else f"default {promised}"
    if promised == "access key":
        # It is half a user's name: only what is made at random is worth a word.
        return "key" if looks_random(text) else ""
    return promised if len(text) >= _TOKEN_LEAST else ""


def find_secrets(text: str) -> list[Secret]:
    """The secrets in a free text, in order and apart: known formats, URLs with a password, flags, assignments, headers.

    Time grows with the length of the text.
    """
    found: list[Secret] = [Secret(*place) for place in known_formats(text)]
    if "://" in text:
        found.extend(_in_urls(text))
    if "=" in text or ": " in text or "--" in text or " -" in text or ":\t" in text:
        found.extend(_in_assignments(text))
    if " " in text:
        found.extend(_in_commands(text))
    if len(text) >= _SHORTEST_PLACE:
        found.extend(_in_places(text))
    return _apart(found) if found else found


def _in_urls(text: str) -> Iterator[Secret]:
    start = text.find("://")
    for token in _pattern("repository").finditer(text):
        if looks_random(token[1]):
            yield Secret(token.start(1), token.end(1), "token in a URL")
    while start >= 0:
        match = _pattern("userinfo").match(text, start + 3)
        if match and start and text[start - 1].isalnum():
            user, password = match[1], match[2]
            if not _is_url_template(password) and not (user == password and is_template(user)):
                yield Secret(match.start(2), match.end(2), _URL_PASSWORD)
        start = text.find("://", start + 3)


def _is_url_template(password: str) -> bool:
    return is_template(password) or bool(
        re.search(r"\$\{|\$\(|\{\{|^\$[A-Za-z_]|^%[A-Za-z_]\w*%|^<|^\{\w+\}$", password)
    )


_NO_PASSWORDS = frozenset({"R", "RANDOM", "/ADD", "/DELETE"})
"""What cloud-init and Windows take for something else where a password may stand."""
_SIGNS = {"flag": "-", "assignment": "=", "entry": ":"}
"""Without which the pattern finds nothing."""


def _in_assignments(text: str) -> Iterator[Secret]:
    for pattern, sign in _SIGNS.items():
        if sign not in text:
            continue
        for match in _pattern(pattern).finditer(text):
            raw = match[2]
            quoted = raw[0] in "\"'"
            if not quoted and _pattern("code").search(raw):
                continue
            value = raw[1:-1] if quoted else raw
            kind = _named_kind(match[1], value) if credential_class(match[1]) else _flag_kind(pattern, match[1], value)
            if kind and not (pattern == "flag" and value.startswith("-")):
                yield Secret(match.start(2) + quoted, match.end(2) - quoted, kind)


def _flag_kind(pattern: str, name: str, value: str) -> str:
    """Flags of known servers whose names say too little: `redis-server --requirepass x`."""
    if pattern == "flag" and name.lower() in ("requirepass", "masterauth") and not _is_none(value):
        return _password_kind(value)
    return ""


def _in_commands(text: str) -> Iterator[Secret]:
    folded = text.lower()
    if "bearer" in folded or "basic" in folded or "token" in folded:
        yield from _in_headers(text)
    if "-u" in text or "curl" in text:
        yield from _after_user(text)
    for flag, clients in _CLIENTS.items():
        if f" {flag}" in text and (client := clients.search(text)):
            yield from _after_client(text, flag, client)
    if " is" in folded or " was" in folded:
        for match in _pattern("told").finditer(text):
            value = match[1].rstrip(".!?")
            if is_mixed(value) and not _is_none(value):
                yield Secret(match.start(1), match.start(1) + len(value), "password")
    if "'" in text:
        for match in _pattern("sql").finditer(text):
            if not _is_none(match[1]):
                yield Secret(match.start(1), match.end(1), "password")


def _in_places(text: str) -> Iterator[Secret]:
    for start, end, name in named_places(text):
        if credential_class(name) and (kind := _named_kind(name, text[start:end])):
            yield Secret(start, end, kind)
    for start, end, _ in password_places(text):
        value = text[start:end]
        if _short_value(value) and value.upper() not in _NO_PASSWORDS:
            yield Secret(start, end, _password_kind(value) or "password")


def _after_user(text: str) -> Iterator[Secret]:
    """Passwords of clients that take `-u user:password`."""
    for match in _pattern("user").finditer(text):
        if _is_none(match[2]) or match[2].isdigit():
            continue
        if not _pattern("runs as").search(text, text.rfind("\n", 0, match.start()) + 1, match.start()):
            yield Secret(match.start(2), match.end(2), "password")


def _in_headers(text: str) -> Iterator[Secret]:
    for match in _pattern("authorization").finditer(text):
        scheme, value = match[1].lower(), match[2]
        explicit = match[0].lower().startswith("authorization")
        borne_out = looks_random(value) and not value.isalpha() if scheme == "bearer" else _is_user_and_password(value)
        if not _is_none(value) and (explicit or (scheme != "token" and borne_out)):
            yield Secret(match.start(2), match.end(2), "authorization header")


def _is_user_and_password(value: str) -> bool:
    """Whether a text is what stands after `Basic`: `user:password` in base64."""
    try:
        user, colon, password = base64.b64decode(value, validate=True).decode("ascii").partition(":")
    except ValueError:
        return False
    return bool(colon and user.isprintable() and password.isprintable() and not _is_none(password))


def _after_client(text: str, flag: str, client: re.Match[str]) -> Iterator[Secret]:
    """Passwords after the short flag of a client that is known to take one so: `mysqladmin -psecret`."""
    # mysql takes the password only without a space: after `-p ` stands the database.
    spaced = not client[0].startswith(("mysql", "mariadb"))
    for match in _pattern("short").finditer(text, client.end()):
        if match[1] == flag and (spaced or text[match.end(1)] not in " \t") and _short_value(match[2]):
            yield Secret(match.start(2), match.end(2), "password")


def _short_value(value: str) -> bool:
    return not _is_none(value) and not (value.isdigit() and len(value) < 4) and len(value) >= _PASSWORD_LEAST


def _apart(found: list[Secret]) -> list[Secret]:
    """In order, without those that lie inside or overlap an earlier one; of two at one place the longer stays."""
    apart: list[Secret] = []
    for secret in sorted(found, key=lambda each: (each.start, -each.end)):
        if not apart or secret.start >= apart[-1].end:
            apart.append(secret)
    return apart
