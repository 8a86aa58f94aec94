"""urlParse and urlJoin, by Go's net/url."""

from __future__ import annotations

from typing import Any, NamedTuple

from scanner.template.byte_text import from_bytes, to_bytes
from scanner.template.errors import FunctionError
from scanner.template.function import Function
from scanner.template.kinds import go_kind
from scanner.template.printing import quote
from scanner.template.text import concat, cut, derived, same_length

# URLs are taken apart by bytes: every text in here is one of Latin-1, a character for each byte (byte_text).

_WORD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
_PATH = frozenset(_WORD + "$&+,/:;=@")
_FRAGMENT = frozenset(_WORD + "$&+,/:;=?@!()*")
_USER = frozenset(_WORD + "$&+,;=")
_HOST = frozenset(_WORD + "!$&'()*+,;=:[]<>\"")
_USERINFO = frozenset(_WORD + ":!$&'()*+,;=%@")
_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")


class _UrlError(Exception):
    """Why a text is no URL, in Go's words."""


class Url(NamedTuple):
    """The parts of a URL, decoded except for the query and the opaque part; `user` is None where there is none."""

    scheme: str = ""
    opaque: str = ""
    user: str | None = None
    host: str = ""
    path: str = ""
    query: str = ""
    fragment: str = ""


def _quoted(text: str) -> str:
    return quote(str(from_bytes(str(text))))


def _partition(text: str, separator: str) -> tuple[str, bool, str]:
    """What is before the first `separator`, whether there is one, and what is behind it."""
    at = text.find(separator)
    if at < 0:
        return text, False, ""
    return cut(text, 0, at), True, cut(text, at + len(separator), len(text))


def _unescaped(text: str, place: str = "") -> str:
    """`text` with its %xx decoded; `place` is "host" or "zone" for their stricter rules. Raises _UrlError."""
    result: list[str] = []
    at = 0
    while True:
        percent = text.find("%", at)
        literal = text[at:percent] if percent >= 0 else text[at:]
        wrong = next((item for item in literal if item < "\x80" and item not in _HOST), "") if place else ""
        if wrong:
            raise _UrlError(f"invalid character {_quoted(wrong)} in host name")
        result.append(literal)
        if percent < 0:
            return derived("".join(result), text) if len(result) > 1 else text
        code = text[percent : percent + 3]
        if len(code) < 3 or not _HEXADECIMAL.issuperset(code[1:]):
            raise _UrlError(f"invalid URL escape {_quoted(code)}")
        byte = int(code[1:], 16)
        if place and code != "%25" and (byte < 0x80 if place == "host" else byte != 0x20 and chr(byte) not in _HOST):
            raise _UrlError(f"invalid URL escape {_quoted(code)}")
        result.append(chr(byte))
        at = percent + 3


def _escaped(text: str, allowed: frozenset[str]) -> str:
    if allowed.issuperset(text):
        return text
    return derived("".join(item if item in allowed else f"%{ord(item):02X}" for item in text), text)


def parsed(text: str) -> Url:
    """url.Parse. Raises FunctionError with Go's message."""
    whole, _, fragment = _partition(text, "#")
    try:
        url = _parsed_parts(whole)
    except _UrlError as fault:
        raise FunctionError(f"parse {_quoted(whole)}: {fault}") from None
    try:
        return url._replace(fragment=_unescaped(fragment))
    except _UrlError as fault:
        raise FunctionError(f"parse {_quoted(text)}: {fault}") from None


def _parsed_parts(text: str) -> Url:
    if any(item < " " or item == "\x7f" for item in text):
        raise _UrlError("net/url: invalid control character in URL")
    if text == "*":
        return Url(path=text)
    scheme, rest = _scheme(text)
    rest, _, query = _partition(rest, "?")
    if not rest.startswith("/"):
        if scheme:
            return Url(scheme, rest, query=query)
        if ":" in rest.partition("/")[0]:
            raise _UrlError("first path segment in URL cannot contain colon")
    user: str | None = None
    host = ""
    if rest.startswith("//") and (scheme or not rest.startswith("///")):
        slash = rest.find("/", 2)
        slash = slash if slash >= 0 else len(rest)
        user, host = _authority(scheme, cut(rest, 2, slash))
        rest = cut(rest, slash, len(rest))
    return Url(scheme, "", user, host, _unescaped(rest), query)


def _scheme(text: str) -> tuple[str, str]:
    """The scheme, in lower case, and what is behind it."""
    for at, item in enumerate(text):
        if "a" <= item <= "z" or "A" <= item <= "Z" or (at and item in "0123456789+-."):
            continue
        if item != ":":
            break
        if not at:
            raise _UrlError("missing protocol scheme")
        scheme = cut(text, 0, at)
        return same_length(scheme.lower(), scheme), cut(text, at + 1, len(text))
    return "", text


def _authority(scheme: str, text: str) -> tuple[str | None, str]:
    at = text.rfind("@")
    host = _host(scheme, cut(text, at + 1, len(text)))
    if at < 0:
        return None, host
    info = cut(text, 0, at)
    if not _USERINFO.issuperset(info):
        raise _UrlError("net/url: invalid userinfo")
    name, has_password, password = _partition(info, ":")
    name = _escaped(_unescaped(name), _USER)
    return (concat([name, ":", _escaped(_unescaped(password), _USER)]) if has_password else name), host


def _host(scheme: str, text: str) -> str:
    """The host with its port. Raises _UrlError."""
    bracket = text.rfind("[")
    if bracket > 0:
        raise _UrlError("invalid IP-literal")
    if bracket == 0:
        return _literal_host(text)
    colon = text.find(":")
    if colon >= 0:
        if scheme not in ("http", "https"):
            colon = text.rfind(":")
        _check_port(text[colon:])
    return _unescaped(text, "host")


def _literal_host(text: str) -> str:
    """An IPv6 address in brackets, and a port."""
    from scanner.template.internet_address import AddressError, address_version

    close = text.rfind("]")
    if close < 0:
        raise _UrlError("missing ']' in host")
    _check_port(text[close + 1 :])
    port = _unescaped(cut(text, close + 1, len(text)), "host")
    name = cut(text, 1, close)
    zone = name.find("%25")
    if zone < 0:
        name = _unescaped(name, "host")
    else:
        name = concat([_unescaped(cut(name, 0, zone), "host"), _unescaped(cut(name, zone, len(name)), "zone")])
    try:
        version = address_version(str(from_bytes(str(name))))
    except AddressError as error:
        raise _UrlError(f"invalid host: {error}") from None
    if version == 4:
        raise _UrlError("invalid IP-literal")
    return concat(["[", name, "]", port])


def _check_port(text: str) -> None:
    if not _is_port(text):
        raise _UrlError(f"invalid port {_quoted(text)} after host")


def _is_port(text: str) -> bool:
    return not text or (text[0] == ":" and all("0" <= item <= "9" for item in text[1:]))


def _hostname(host: str) -> str:
    """The host without its port and brackets."""
    colon = host.rfind(":")
    if colon >= 0 and _is_port(host[colon:]):
        host = cut(host, 0, colon)
    if host.startswith("[") and host.endswith("]"):
        host = cut(host, 1, len(host) - 1)
    return host


def url_parse(text: str) -> dict[str, Any]:
    """The parts of a URL by name; all are texts."""
    try:
        url = parsed(to_bytes(text))
    except FunctionError as error:
        raise FunctionError(f"unable to parse url: {error}") from None
    parts = {
        "scheme": url.scheme,
        "host": url.host,
        "hostname": _hostname(url.host),
        "path": url.path,
        "query": url.query,
        "opaque": url.opaque,
        "fragment": url.fragment,
        "userinfo": url.user or "",
    }
    return {name: from_bytes(part) for name, part in parts.items()}


def _entry(entries: dict[str, Any], name: str) -> str:
    if name not in entries:
        return ""
    value = entries[name]
    if value is None:
        raise FunctionError("runtime error: invalid memory address or nil pointer dereference")
    if not isinstance(value, str):
        raise FunctionError(f"unable to parse {name} key, must be of type string, but {go_kind(value)} found")
    return to_bytes(value)


def url_join(entries: dict[str, Any]) -> str:
    """The URL of such parts as urlParse gives."""
    names = ("scheme", "host", "path", "query", "opaque", "fragment", "userinfo")
    scheme, host, path, query, opaque, fragment, info = (_entry(entries, name) for name in names)
    user: str | None = None
    if info:
        try:
            user = parsed(concat(["proto://", info, "@host"])).user
        except FunctionError as error:
            raise FunctionError(f"unable to parse userinfo in dict: {error}") from None
    result = [scheme, ":"] if scheme else []
    if opaque:
        result.append(opaque)
    else:
        authority = host or user is not None
        if authority or (scheme and path):
            result.append("//")
        if user is not None:
            result += [user, "@"]
        result.append(_escaped(host, _HOST))
        shown = path if path == "*" else _escaped(path, _PATH)
        if host and shown and shown[0] != "/":
            result.append("/")
        if not any(result) and ":" in shown.partition("/")[0]:
            result.append("./")
        result.append(shown)
    if query:
        result += ["?", query]
    if fragment:
        result += ["#", _escaped(fragment, _FRAGMENT)]
    return from_bytes(concat(result))


FUNCTIONS = (
    Function("urlJoin", "map", url_join),
    Function("urlParse", "string", url_parse),
)
