"""Certificates, keys, passwords and chance: what is made is valid, and a deterministic run makes the same every time."""

from __future__ import annotations

import re
import sys
from base64 import b64encode
from datetime import timedelta
from ipaddress import ip_address
from types import SimpleNamespace
from typing import Any

import bcrypt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.verification import PolicyBuilder, Store

from scanner.template import fixed_certificates as fixed
from scanner.template.certificates import Certificate
from scanner.template.errors import FunctionError
from scanner.template.functions import certificates, passwords, randoms
from scanner.template.kinds import go_kind, go_type

FUNCTIONS = {function.name: function for family in (certificates, passwords, randoms) for function in family.FUNCTIONS}


def run(*, deterministic: bool = False) -> Any:
    return SimpleNamespace(deterministic=deterministic, draws=0, traced=False)


def call(name: str, *arguments: Any, on: Any = None) -> Any:
    function = FUNCTIONS[name]
    return function.call(on or run(), *arguments) if function.stateful else function.call(*arguments)


def load(certificate: Certificate) -> tuple[x509.Certificate, Any]:
    loaded = x509.load_pem_x509_certificate(certificate.cert.encode())
    key = load_pem_private_key(certificate.key.encode(), None)
    assert loaded.public_key() == key.public_key()
    return loaded, key


def common_name(certificate: x509.Certificate) -> object:
    return certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value


def test_a_chain_verifies() -> None:
    authority = call("genCA", "my-ca", 365)
    signed = call("genSignedCert", "my.host", ["10.0.0.1", "::ffff:1.2.3.4"], ["my.host", "*.my.host"], 30, authority)
    root, _ = load(authority)
    leaf, key = load(signed)
    verifier = PolicyBuilder().store(Store([root])).build_server_verifier(x509.DNSName("a.my.host"))
    assert verifier.verify(leaf, []) == [leaf, root]
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.key_size == 2048
    assert signed.key.startswith("-----BEGIN RSA PRIVATE KEY-----\n")
    assert (common_name(root), common_name(leaf)) == ("my-ca", "my.host")
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc == timedelta(days=30)
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["my.host", "*.my.host"]
    assert names.get_values_for_type(x509.IPAddress) == [ip_address("10.0.0.1"), ip_address("1.2.3.4")]
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert leaf.serial_number != root.serial_number


def test_a_certificate_that_signs_itself() -> None:
    leaf, _ = load(call("genSelfSignedCert", "self", None, ["self"], 1))
    leaf.verify_directly_issued_by(leaf)
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


@pytest.mark.parametrize(
    ("kind", "expected"), [("ecdsa", ec.EllipticCurvePrivateKey), ("ed25519", ed25519.Ed25519PrivateKey)]
)
def test_keys_that_are_given(kind: str, expected: type) -> None:
    key = call("genPrivateKey", kind)
    authority = call("genCAWithKey", "ca", 1, key)
    root, loaded = load(authority)
    assert isinstance(loaded, expected)
    assert authority.key == key
    leaf, _ = load(call("genSignedCertWithKey", "leaf", None, None, 1, authority, call("genPrivateKey", "ecdsa")))
    leaf.verify_directly_issued_by(root)
    own, _ = load(call("genSelfSignedCertWithKey", "own", None, None, 1, key))
    own.verify_directly_issued_by(own)


def test_odd_names_and_days() -> None:
    key = call("genPrivateKey", "ecdsa")
    long, _ = load(call("genCAWithKey", "x" * 100, 10**9, key))
    assert long.not_valid_after_utc >= long.not_valid_before_utc
    nameless, _ = load(call("genSelfSignedCertWithKey", "", None, ["a"], -5, key))
    assert list(nameless.subject) == []
    assert nameless.extensions.get_extension_for_class(x509.SubjectAlternativeName).critical


def test_a_deterministic_run_gets_fixed_ones() -> None:
    steady = run(deterministic=True)
    authority = call("genCA", "my-ca", 365, on=steady)
    signed = call("genSignedCert", "my.host", None, None, 30, authority, on=steady)
    own = call("genSelfSignedCert", "my.host", None, None, 30, on=steady)
    root, _ = load(authority)
    leaf, _ = load(signed)
    leaf.verify_directly_issued_by(root)
    alone, _ = load(own)
    alone.verify_directly_issued_by(alone)
    assert (authority.cert, signed.cert, own.cert) == (fixed.AUTHORITY, fixed.SIGNED, fixed.SELF_SIGNED)
    for kind, name in (("", "RSA"), ("rsa", "RSA"), ("ecdsa", "EC"), ("dsa", "DSA")):
        assert call("genPrivateKey", kind, on=steady).startswith(f"-----BEGIN {name} PRIVATE KEY-----\n")
    load_pem_private_key(call("genPrivateKey", "ed25519", on=steady).encode(), None)
    assert call("genPrivateKey", "x", on=steady) == "Unknown type x"


@pytest.mark.parametrize("deterministic", [False, True])
@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("genSelfSignedCert", ("a", [1], None, 1), "error parsing ip: 1 is not a string"),
        ("genSelfSignedCert", ("a", ["::1%eth0"], None, 1), "error parsing ip: ::1%eth0"),
        ("genSelfSignedCert", ("a", None, [None], 1), "error processing alternate dns name: <nil> is not a string"),
        ("genCAWithKey", ("a", 1, "x"), "parsing private key: no PEM data in input"),
        (
            "genCAWithKey",
            ("a", 1, fixed.DSA_KEY),
            "error creating certificate: x509: certificate private key does not implement crypto.Signer",
        ),
        ("genSignedCert", ("a", None, None, 1, Certificate("x", "y")), "unable to decode certificate"),
        (
            "genSignedCert",
            ("a", None, None, 1, Certificate(fixed.AUTHORITY, "y")),
            "error parsing private key: no PEM data in input",
        ),
        ("buildCustomCert", ("!", ""), "unable to decode base64 certificate"),
        ("buildCustomCert", ("YQ==", ""), "unable to decode certificate"),
        ("randInt", (5, 5), "invalid argument to Intn"),
        ("randBytes", (-1,), "runtime error: makeslice: len out of range"),
        ("randAlphaNum", (10**9,), "randAlphaNum of 1000000000 characters: more than the limit of 1048576"),
        ("randBytes", (10**9,), "randBytes of 1000000000 characters: more than the limit of 1048576"),
    ],
)
def test_errors(name: str, arguments: tuple[Any, ...], message: str, deterministic: bool) -> None:
    with pytest.raises(FunctionError) as caught:
        call(name, *arguments, on=run(deterministic=deterministic))
    assert str(caught.value) == message


def test_a_key_of_another_certificate() -> None:
    stranger = Certificate(fixed.AUTHORITY, fixed.EC_KEY)
    with pytest.raises(FunctionError, match="provided PrivateKey doesn't match parent's PublicKey"):
        call("genSignedCert", "a", None, None, 1, stranger)


def test_a_custom_certificate() -> None:
    texts = [b64encode(text.encode()).decode() for text in (fixed.AUTHORITY, fixed.RSA_KEY)]
    built = call("buildCustomCert", *texts)
    assert (built.cert, built.key) == (fixed.AUTHORITY, fixed.RSA_KEY)
    assert (go_type(built), go_kind(built), list(built.fields)) == ("sprig.certificate", "struct", ["Cert", "Key"])


def test_without_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(sys.modules):
        if name.partition(".")[0] in ("cryptography", "bcrypt"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cryptography", None)
    monkeypatch.setitem(sys.modules, "bcrypt", None)
    authority = call("genCAWithKey", "ca", 1, fixed.EC_KEY)
    assert (authority.cert, authority.key) == (fixed.AUTHORITY, fixed.EC_KEY)
    assert call("genSignedCert", "a", None, None, 1, authority).cert == fixed.SIGNED
    assert call(
        "buildCustomCert", b64encode(fixed.SIGNED.encode()).decode(), b64encode(fixed.RSA_KEY.encode()).decode()
    )
    assert call("bcrypt", "x") == fixed.BCRYPT
    with pytest.raises(FunctionError, match=re.escape("install groundrule[helm-crypto]")):
        call("encryptAES", "key", "text")


def test_passwords() -> None:
    line = call("htpasswd", "user", "secret")
    assert line.startswith("user:$2a$10$")
    assert bcrypt.checkpw(b"secret", line.removeprefix("user:").encode())
    assert call("bcrypt", "x" * 73).endswith("bcrypt: password length exceeds 72 bytes")
    steady = run(deterministic=True)
    assert call("htpasswd", "user", "secret", on=steady) == f"user:{fixed.BCRYPT}"
    assert call("decryptAES", "key", call("encryptAES", "key", "text", on=steady)) == "text"
    assert call("derivePassword", 1, "long", "password", "user", "example.com") == "ZedaFaxcZaso9*"


SHAPES = [
    ("randAlphaNum", (40,), "[A-Za-z0-9]{40}"),
    ("randAlpha", (40,), "[A-Za-z]{40}"),
    ("randNumeric", (40,), "[0-9]{40}"),
    ("randAscii", (40,), "[ -~]{40}"),
    ("randBytes", (30,), "[A-Za-z0-9+/]{40}"),
    ("uuidv4", (), "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
]


@pytest.mark.parametrize(("name", "arguments", "shape"), SHAPES)
def test_chance(name: str, arguments: tuple[Any, ...], shape: str) -> None:
    steady = run(deterministic=True)
    first, second = (call(name, *arguments, on=steady) for _ in range(2))
    assert first != second
    assert [call(name, *arguments, on=again) for again in [run(deterministic=True)] for _ in range(2)] == [
        first,
        second,
    ]
    real = {call(name, *arguments) for _ in range(3)}
    assert len(real) == 3
    assert all(re.fullmatch(shape, text) for text in (first, second, *real))


def test_chance_has_no_favourites() -> None:
    text = call("randAlphaNum", 100_000)
    counts = [text.count(letter) for letter in sorted(set(text))]
    assert len(counts) == 62
    assert min(counts) > 1400
    assert max(counts) < 1830


def test_numbers_and_shuffles() -> None:
    assert {call("randInt", -1, 2) for _ in range(200)} == {-1, 0, 1}
    assert sorted(call("shuffle", "hello wörld")) == sorted("hello wörld")
    assert {call("shuffle", "abc") for _ in range(300)} == {"abc", "acb", "bac", "bca", "cab", "cba"}
    assert call("randAlphaNum", 0) == call("randAlphaNum", -5) == ""
