"""Which names promise a credential: the words of a name, and the words that say it is something else."""

from __future__ import annotations

import re
from functools import cache, lru_cache

# A name is a compound whose parts are read as words: DB_PASSWORD, apiKey, redis-auth-token.
_PASSWORDS = frozenset(
    {"password", "passwd", "passwort", "pass", "pwd", "passphrase", "passcode", "pw", "psw", "psk", "kennwort"}
)
_SECRETS = frozenset({"secret", "credential", "credentials", "creds", "salt", "pepper"})
_TOKENS = frozenset({"token", "jwt", "pat"})
_JOINED = tuple(
    """
    password passwd passphrase apikey secretkey privatekey authkey authtoken accesstoken apitoken accesskey
    encryptionkey clientsecret appsecret apisecret authsecret jwtsecret sharedsecret masterkey signingkey
    """.split()
)
_SHORT_JOINED = frozenset(
    f"{owner}{word}"
    for owner in ("db", "user", "root", "admin", "mysql", "postgres", "pg", "smtp", "mail", "redis", "mongo", "ftp")
    for word in ("pass", "pwd", "pw")
)
# Before `key`, these make a credential of it.
_KEY_OWNERS = frozenset(
    """
    access account admin aes api app application auth client consumer crypto data decryption deploy encrypt encryption
    enc fernet hmac integration jwt license licence management master node private secret security seed server service
    session shared sign signing signature sso storage subscription team vault webhook write
    """.split()
)
# After the credential's word, these say that the value is about it, not it.
_ABOUT = frozenset(
    """
    file files path paths dir directory folder location name names namespace url uri endpoint host hostname port domain
    id ids user username ttl expiry expires expire expiration expired lifetime lifespan age days hours minutes seconds
    duration timeout delay length len size bytes policy strategy rules regex pattern type kind alg algorithm algo
    encoding format prefix suffix header headers field fields column param cookie enabled enable disabled required
    interval period count limit limits attempts retries mode method provider backend store storage manager engine ref
    reference version issuer audience scope scopes claim claims grant bucket arn region selector mount volume driver
    source service class label annotation title description hint prompt placeholder command cmd script template usage
    budget table tables stdin window key keys ip ips cidr cidrs addresses rotation
    strength complexity encoder hasher validator check checks history reuse login page link
    """.split()
)
# Anywhere, these do the same: MYSQL_ALLOW_EMPTY_PASSWORD, NEXT_PUBLIC_API_KEY, PASSWORD_RESET.
_ELSEWHERE = frozenset(
    """
    allow load random randomize generate empty enable enabled disable disabled require required requires skip hide show
    forgot reset change validate verify use with without no min max minimum maximum public tokenizer tokenizers num
    number weak checksum existing site publishable sha sha1 sha256 expire supports support allowed autogenerate
    """.split()
)
_NEUTRAL = frozenset(
    """
    default value val plain plaintext raw text string b64 base64 base hex new old current previous primary secondary
    prod production dev development staging test local live
    """.split()
)


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@cache
def _name_end() -> re.Pattern[str]:
    """What stands before the name itself: a path, and the host or the service that a condition of a policy asks."""
    return re.compile(r"[/:]")


def words(name: str) -> list[str]:
    """The words of a name, lower case: `dbPassword`, `DB_PASSWORD` and `db-password` have the same."""
    return [word.lower() for word in _pattern().findall(name[:256])]


@lru_cache(maxsize=4096)
def credential_class(name: str) -> str:
    """password, secret, token, key or access key: what the name promises; '' where it promises no credential.

    `auth` (REDIS_AUTH) and `hash` (ADMIN_PASSWORD_HASH) promise one that its value has to bear out.
    """
    if "checksum" in name:
        return ""
    parts = [word for word in words(_name_end().split(name)[-1]) if not word.isdigit()]
    if not parts or not _ELSEWHERE.isdisjoint(parts):
        return ""
    if parts[-2:] == ["cluster", "token"]:  # etcd's, which only tells clusters apart
        return ""
    while len(parts) > 1 and parts[-1] in _NEUTRAL:
        parts.pop()
    for index in range(len(parts) - 1, -1, -1):
        found = _class_at(parts, index)
        if found:
            rest = parts[index + 1 :]
            if rest and rest[-1] == "hash":
                return "hash"
            return "" if not _ABOUT.isdisjoint(rest) else found
    if parts[-2:] == ["erlang", "cookie"]:  # whoever knows it may run code on every node
        return "secret"
    return "auth" if parts[-1] == "auth" else ""


def _class_at(parts: list[str], index: int) -> str:
    word = parts[index]
    if word in _PASSWORDS or word in _SHORT_JOINED:
        return "password"
    if word in _SECRETS:
        return "secret"
    if word in _TOKENS:
        return "token"
    if word in ("key", "keys") and index and parts[index - 1] in _KEY_OWNERS:
        return "access key" if parts[index - 1] == "access" else "key"
    if word in ("passkey", "keypass", "storepass", "requirepass", "masterauth") or (
        word.endswith("pw") and len(word) > 3
    ):
        return "password"
    for joined in _JOINED:
        if word.endswith(joined):
            return "password" if joined.startswith("pass") else "token" if joined.endswith("token") else "key"
    return ""


def is_key_name(name: str) -> bool:
    """Whether the last word is `key`, of which only the value can tell what it is."""
    parts = [word for word in words(name) if not word.isdigit()]
    return len(parts) > 1 and parts[-1] == "key" and _ELSEWHERE.isdisjoint(parts)


def is_secret_id_name(name: str) -> bool:
    """Whether `name` is that of the secret half of a role of Vault, or of a secret: only the value tells."""
    return words(name)[-2:] == ["secret", "id"]


def is_kms_key_name(name: str) -> bool:
    """Whether `name` is that of a key of a key management service, whose id is no secret."""
    return not {"kms", "cmk"}.isdisjoint(words(name))


def is_field_name(name: str) -> bool:
    """Whether the name is written as a document's field is, which may name a secret elsewhere: authSecret."""
    return "/" in name or (name.isalnum() and name[:1].islower() and not name.islower())
