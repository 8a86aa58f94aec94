"""Which values can be secrets at all: references, templates, paths, switches and numbers are none."""

from __future__ import annotations

import re
from functools import cache
from math import log2

_SWITCHES = frozenset(
    """
    true false yes no on off y n t f none null nil undefined enabled disabled auto always never optional required
    default unset empty any all include omit external internal random
    file env environment vault keyring aws gcp azure kubernetes k8s
    """.split()
)
# Templates that stand where a person puts the secret: `your-token-here`, `<password>`, `REPLACE_ME`.
_TEMPLATE_WORDS = frozenset(
    """
    your yours replace replaceme insert placeholder todo tbd fixme redacted masked hidden dummy fill enter goes here
    """.split()
)
# A default that anybody guesses is a finding where it is a password; for a token it is a stand-in.
_WEAK = frozenset(
    """
    password passwd pass passw0rd p@ssw0rd p@ssword secret
    admin administrator root toor postgres postgresql mysql mariadb
    mongo mongodb redis rabbit rabbitmq guest test testing tester user username default changeme change change_me
    change-me changeit changethis please_change_me example sample demo letmein qwerty abc123 welcome login master
    minio minioadmin minio123 grafana elastic kibana jenkins nextcloud wordpress pgadmin keycloak sonar supersecret
    mysecret mysecretpassword secretpassword topsecret mypassword somewordpress rootpassword dbpassword admin123
    """.split()
)
_ROOTS = frozenset(
    """
    run etc var opt mnt usr home root tmp data app apps
    secrets secret config configs srv vault certs cert keys key ssl tls
    bin lib proc sys dev media volumes volume workspace conf docker
    """.split()
)
_REFERENCE_STARTS = (
    "vault:", "op://", "ref+", "arn:aws", "ssm:", "secret:", "secret://", "secretref:", "env:", "file:", "keyvault:",
    "gcp-secret:", "aws-secret:", "azkv:", "enc[", "sops:", "bws:", "infisical:", "doppler:", "@microsoft.keyvault",
    "projects/", "kms:", "sealed:", "age1", "ssh-rsa ", "ssh-ed25519 ", "ecdsa-sha2-", "-----begin public",
    "-----begin certificate", "!vault", "unix:", "tcp:", "secretsmanager:", "parameterstore:", "alias/", "rds!",
    "redshift!", "events!", "aqicah", "process.env.", "os.environ", "system.getenv", "import.meta.env.",
)  # fmt: skip

_PUBLIC_STARTS = ("pk_live_", "pk_test_", "pk.eyJ")


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(
        {
            "hole": r"(?:^|\s)\$\$?[A-Za-z_]|\$\{|\$\(|\{\{|<%|%\{|#\{|\$\$\{|\[\[|@@",
            "variable": r"\$\$?[A-Za-z_]\w*\Z|%[A-Za-z_]\w*%\Z|\$\{?[A-Za-z_]",
            "bracketed": r"<+[^<>]{0,200}>+\Z|\[[^\[\]]{0,200}\]\Z|\{[A-Za-z_ -]{0,200}\}\Z|__\w{1,200}__\Z",
            "path": r"(?:~|\.{1,2}|[A-Za-z]:|file:/)?[/\\][\w.@+\-/\\ ]*\Z",
            "relative": r"[\w.@+-]+(?:/[\w.@+-]+)*"
            r"\.(?:pem|key|crt|cer|txt|json|ya?ml|env|conf|p12|pfx|jks|secret|pub|toml|ini)\Z",
            "number": r"[+-]?\d+(?:\.\d+)?(?:ms|s|m|h|d|w|k|kb|mb|gb)?\Z",
            "identifier": r"[A-Za-z]+(?:[_.-][A-Za-z]+)+\Z",
            "object": r"[a-z0-9]{1,24}(?:[-./][a-z0-9]{1,24}){0,12}\Z|[a-z]{2,16}(?:[A-Z][a-z]{1,16}){1,4}\Z",
            "word": r"[a-z]+",
            "names": r"[a-z]{2,24}(?:_[a-z]{2,24})*(?:,[a-z]{2,24}(?:_[a-z]{2,24})*)+\Z",
            "name": r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\Z",
            "time": r"\d{4}-\d\d-\d\d|(?:\d+[smhdw])+\Z",
            "uuid": r"(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\Z",
            # As AWS names secrets and their fields: prod/db/master, prod/db:password::
            "secret id": r"[a-z]{1,24}\d{0,2}(?:[-_.][a-z]{1,24}\d{0,2}){0,6}"
            r"(?:/[a-z]{1,24}\d{0,2}(?:[-_.][a-z]{1,24}\d{0,2}){0,6}){1,8}(?::[A-Za-z]{1,24}(?:[-_][A-Za-z]{1,24}){0,6})?"
            r"(?::[A-Z]{0,24}){0,2}\Z",
            "url": r"[A-Za-z][A-Za-z0-9+.-]{1,20}://",
        }[name],
        re.ASCII,
    )


def entropy(text: str) -> float:
    """Shannon's entropy of the characters, in bits a character."""
    size = len(text)
    return -sum(count / size * log2(count / size) for count in map(text.count, set(text)))


def is_reference(value: str) -> bool:
    """Whether the value leads to a secret elsewhere: a variable, a template, a path, a secret manager's address."""
    if _pattern("hole").search(value) or _pattern("variable").match(value):
        return True
    folded = value.lower()
    return folded.startswith(_REFERENCE_STARTS) or is_path(value) or bool(_pattern("secret id").match(value))


def is_public(value: str) -> bool:
    """Whether the value is made to be seen by everyone: the publishable key of Stripe, the public token of Mapbox."""
    return value.startswith(_PUBLIC_STARTS)


def is_uuid(value: str) -> bool:
    """Whether the value is a UUID, or the id of a KMS key of several regions."""
    return bool(_pattern("uuid").match(value))


def is_path(value: str) -> bool:
    """Whether the value is a file's path."""
    if _pattern("relative").match(value):
        return True
    if not _pattern("path").match(value):
        return False
    steps = [step for step in re.split(r"[/\\]", value) if step]
    if not steps or value.startswith(("~", ".", "file:")) or steps[0].lower() in _ROOTS or value[1:2] == ":":
        return True
    return all(len(step) < 24 and (entropy(step) < 3.4 or "." in step) for step in steps) and len(steps) > 1


def is_template(value: str) -> bool:
    """Whether the value only marks the place of a secret: `<password>`, `xxxx`, `your-api-key`, `***`."""
    if set(value) <= set("*x.-_X#?") or (len(value) > 3 and len(set(value)) == 1):
        return True
    if (
        _pattern("bracketed").match(value)
        or "xxx" in value.lower()
        or value.endswith("EXAMPLE")
        or "EXAMPLEKEY" in value
    ):
        return True
    return is_stand_in(value)


def is_stand_in(value: str) -> bool:
    """Whether the value tells in words what to put in its place: `your-api-key`, `REPLACE_ME`."""
    found = _pattern("word").findall(value.lower())
    return not _TEMPLATE_WORDS.isdisjoint(found) and sum(map(len, found)) * 2 > len(value)


def is_switch(value: str) -> bool:
    """Whether the value is a boolean, or a word that chooses between ways."""
    return value.lower() in _SWITCHES


def is_number(value: str) -> bool:
    """Whether the value is a number, a time or an amount."""
    return bool(_pattern("number").match(value) or _pattern("time").match(value))


def is_weak(value: str) -> bool:
    """Whether the value is a default that everybody guesses."""
    folded = value.lower()
    return folded in _WEAK or folded.rstrip("0123456789!") in _WEAK or folded.replace("_", "").replace("-", "") in _WEAK


def is_identifier(value: str) -> bool:
    """Whether the value is made of plain words: `db-credentials`, `api.token.name`."""
    return bool(_pattern("identifier").match(value)) and len(value) < 64


def names_something(value: str) -> bool:
    """Whether the value is the name of a variable or of a stored secret, or a list of names of fields: `DB_TOKEN`,
    `webhook-tls`, `username,password`."""
    return bool(_pattern("name").match(value) or _pattern("names").match(value)) or (
        is_identifier(value)
        and value.islower()
        and value.endswith(("-cert", "-certs", "-tls", "-ca", "-credentials", "-creds"))
    )


def is_object_name(value: str) -> bool:
    """Whether the value can be the name of an object or of a key in it: `app-db-1`, `default/ca`, `clientSecret`."""
    return bool(_pattern("object").match(value)) and all(entropy(step) < 3.6 for step in re.split("[-./]", value))


def looks_random(value: str, least: int = 16) -> bool:
    """Whether the value reads like random characters: long, without spaces, of more than one class, of high entropy."""
    if len(value) < least or any(character.isspace() for character in value) or _pattern("url").match(value):
        return False
    kinds = sum((any(map(str.isdigit, value)), any(map(str.islower, value)), any(map(str.isupper, value))))
    return kinds >= 2 and entropy(value) >= (3.0 if kinds == 2 else 3.3)


def is_mixed(value: str) -> bool:
    """Whether a word has digits, small and capital letters, as no word of a language has."""
    return len(value) >= 8 and all(any(map(test, value)) for test in (str.isdigit, str.islower, str.isupper))


def looks_like_hash(value: str) -> bool:
    """Whether the value is a stored password's hash: `$2y$10$...`, `$argon2id$...`, `{SHA}...`, an htpasswd line."""
    body = value.split(":", 1)[-1].replace("$$", "$")
    return bool(re.match(r"\$(?:2[abxy]?|5|6|1|apr1|y|argon2(?:id|i|d)|pbkdf2[\w-]*|scrypt)\$\S{8,}", body)) or bool(
        re.match(r"\{S?SHA(?:256|512)?\}\S{8,}", body)
    )
