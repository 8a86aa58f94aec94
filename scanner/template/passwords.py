"""Functions for passwords: htpasswd, bcrypt, derivePassword, encryptAES and decryptAES.

bcrypt needs the package `bcrypt`, AES the package `cryptography`. A deterministic run gets a fixed hash, and so does a
run without `bcrypt`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scanner.template.chance import Chance, random_bytes
from scanner.template.errors import FunctionError
from scanner.template.functions.encodings import base64_fault
from scanner.template.text import concat, derived
from scanner.template.utf8 import decoded, encoded

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.modes import CBC

_BLOCK = 16
_SCOPE = b"com.lyndir.masterpassword"
_PATTERNS = {
    "maximum": "anoxxxxxxxxxxxxxxxxx axxxxxxxxxxxxxxxxxno",
    "long": "CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno CvcvnoCvccCvcv"
    " CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno CvccnoCvccCvcv CvccCvccnoCvcv"
    " CvccCvccCvcvno CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno",
    "medium": "CvcnoCvc CvcCvcno",
    "short": "Cvcn",
    "basic": "aaanaaan aannaaan aaannaaa",
    "pin": "nnnn",
}
_CONSONANTS = "bcdfghjklmnpqrstvwxyz"
_LETTERS = f"AEIOUaeiou{_CONSONANTS.upper()}{_CONSONANTS}"
_CHARACTERS = {
    "V": "AEIOU",
    "C": _CONSONANTS.upper(),
    "v": "aeiou",
    "c": _CONSONANTS,
    "a": _LETTERS,
    "n": "0123456789",
    "o": "@&%?,=[]_:-+*$#!'^~;()/.",
    "x": f"{_LETTERS}0123456789!@#$%^&*()",
}


def bcrypt_hash(run: Chance, password: str) -> str:
    """The bcrypt hash of a password, of cost 10."""
    data = encoded(password)
    if len(data) > 72:
        return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes"
    if not run.deterministic:
        try:
            import bcrypt
        except ImportError:
            pass
        else:
            return derived(bcrypt.hashpw(data, bcrypt.gensalt(10, b"2a")).decode("ascii"), password)
    from scanner.template.fixed_certificates import BCRYPT

    return derived(BCRYPT, password)


def htpasswd(run: Chance, user: str, password: str) -> str:
    """A line of an htpasswd file."""
    if ":" in user:
        return f"invalid username: {user}"
    return concat((user, ":", bcrypt_hash(run, password)))


def derive_password(counter: int, kind: str, password: str, user: str, site: str) -> str:
    """The password of a site by the algorithm Master Password, version 3."""
    if kind not in _PATTERNS:
        return f"cannot find password template {kind}"
    import hmac
    from hashlib import scrypt

    salt = _SCOPE + _sized(user)
    key = scrypt(encoded(password), salt=salt, n=32768, r=8, p=2, maxmem=1 << 27, dklen=64)
    seed = hmac.digest(key, _SCOPE + _sized(site) + (counter & 0xFFFFFFFF).to_bytes(4, "big"), "sha256")
    patterns = _PATTERNS[kind].split(" ")
    pattern = patterns[seed[0] % len(patterns)]
    characters = (_CHARACTERS[letter] for letter in pattern)
    return derived("".join(choice[seed[at] % len(choice)] for at, choice in enumerate(characters, 1)), password)


def _sized(text: str) -> bytes:
    data = encoded(text)
    return len(data).to_bytes(4, "big") + data


def _cipher(name: str, password: str, vector: bytes) -> Cipher[CBC]:
    try:
        from cryptography.hazmat.primitives.ciphers import Cipher
        from cryptography.hazmat.primitives.ciphers.algorithms import AES
        from cryptography.hazmat.primitives.ciphers.modes import CBC
    except ImportError:
        raise FunctionError(f"{name} needs the Python package cryptography: install groundrule[helm-crypto]") from None
    return Cipher(AES(encoded(password)[:32].ljust(32, b"\0")), CBC(vector))


def encrypt_aes(run: Chance, password: str, text: str) -> str:
    """AES-256-CBC of a text, in base64, behind its initial vector."""
    if not text:
        return ""
    from base64 import b64encode

    data = encoded(text)
    padding = _BLOCK - len(data) % _BLOCK
    vector = random_bytes(run, _BLOCK)
    encryptor = _cipher("encryptAES", password, vector).encryptor()
    secret = encryptor.update(data + bytes((padding,)) * padding) + encryptor.finalize()
    return derived(b64encode(vector + secret).decode("ascii"), text)


def decrypt_aes(password: str, text: str) -> str:
    """The text that `encryptAES` hid."""
    if not text:
        return ""
    from binascii import a2b_base64

    code = encoded(text)
    fault = base64_fault(code)
    if fault is not None:
        raise FunctionError(f"illegal base64 data at input byte {fault}")
    data = a2b_base64(code)
    capacity = len(code) // 4 * 3
    if capacity < _BLOCK:
        raise FunctionError(f"runtime error: slice bounds out of range [:{_BLOCK}] with capacity {capacity}")
    if len(data) < _BLOCK:
        raise FunctionError(f"runtime error: slice bounds out of range [{_BLOCK}:{len(data)}]")
    secret = data[_BLOCK:]
    if len(secret) % _BLOCK:
        raise FunctionError("crypto/cipher: input not full blocks")
    if not secret:
        raise FunctionError("runtime error: index out of range [-1]")
    decryptor = _cipher("decryptAES", password, data[:_BLOCK]).decryptor()
    plain = decryptor.update(secret) + decryptor.finalize()
    length = len(plain) - plain[-1]
    if length < 0:
        raise FunctionError(f"runtime error: slice bounds out of range [:{length}]")
    return derived(decoded(plain[:length]), text)
