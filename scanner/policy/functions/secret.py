"""Secret-likeness for rules: thin doors to `scanner.core.secrets`."""

from __future__ import annotations

from scanner.core.unknown import PartialText, Unknown
from scanner.policy.function import Function


def secret_kind(name: str | PartialText, value: str | PartialText) -> str | Unknown:
    """What kind of secret the value of the variable, option or key `name` is or holds; '' where it is none.

    What is known of a half-known value counts: a token in it is found, else the answer is not known.
    """
    from scanner.core.secrets import secret_kind as judge

    if isinstance(name, PartialText):
        return name.unknown
    if isinstance(value, str):
        return judge(name, value)
    if isinstance(value, Unknown):
        return value
    return _known_secret(value) or value.unknown


def secret_in(text: str | PartialText) -> str | Unknown:
    """What kind of secret stands somewhere in a free text: a command, a file's content; '' where there is none."""
    return secret_kind("", text)


def _known_secret(value: PartialText) -> str:
    """The kind of a secret in the known parts, '' where there is none. Unknown parts count as references."""
    from scanner.core.secrets import find_secrets

    text = "".join(part if isinstance(part, str) else "${_}" for part in value.parts)
    found = find_secrets(text)
    return found[0].kind if found else ""


def credential_name(name: str) -> bool:
    """Whether `name` says that its value is a credential: DB_PASSWORD, apiKey; not PASSWORD_FILE, TOKEN_TTL."""
    from scanner.core.secrets import is_credential_name

    return is_credential_name(name)


def credential_url(text: str) -> bool:
    """Whether a URL with a literal password stands in `text`: `postgres://app:hunter2@db/app`."""
    from scanner.core.secrets import find_secrets

    return any(secret.kind == "password in a URL" for secret in find_secrets(text))


FUNCTIONS = (
    Function("secret_kind", ("string", "string"), "string", secret_kind, partial=True),
    Function("secret_in", ("string",), "string", secret_in, partial=True),
    Function("credential_name", ("string",), "bool", credential_name),
    Function("credential_url", ("string",), "bool", credential_url),
)
