"""The table of the functions for passwords: `scanner.template.passwords`."""

from __future__ import annotations

from scanner.template.function import Function, late

FUNCTIONS = (
    Function("bcrypt", "string", late("passwords", "bcrypt_hash"), stateful=True),
    Function("htpasswd", "string string", late("passwords", "htpasswd"), stateful=True),
    Function("derivePassword", "uint32 string string string string", late("passwords", "derive_password")),
    Function("encryptAES", "string string", late("passwords", "encrypt_aes"), stateful=True),
    Function("decryptAES", "string string", late("passwords", "decrypt_aes")),
)
