"""Functions that make certificates and keys: genCA, genSelfSignedCert, genSignedCert, buildCustomCert, genPrivateKey.

They need the package `cryptography`. A deterministic run, and one without the package, gets fixed certificates; the
arguments are checked all the same, except that keys and certificates are only looked into with the package.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from scanner.template.chance import Chance, drawn, random_bytes
from scanner.template.dates import now
from scanner.template.errors import FunctionError
from scanner.template.functions.encodings import base64_fault
from scanner.template.go_durations import SECOND, wrapped
from scanner.template.kinds import Struct
from scanner.template.pem import Block, first_block
from scanner.template.utf8 import decoded, encoded, is_stray

if TYPE_CHECKING:
    from cryptography import x509

_DAY = 24 * 3600 * SECOND
_UNFIT = "error creating certificate: x509: {}"
_NO_SIGNER = "certificate private key does not implement crypto.Signer"


class Certificate(Struct):
    """A certificate and its private key, both in PEM."""

    go_type = "sprig.certificate"
    fields = {"Cert": "cert", "Key": "key"}  # noqa: RUF012 - declared by Struct

    def __init__(self, cert: str = "", key: str = "") -> None:
        self.cert = cert
        self.key = key


class _Names:
    """Whom a certificate is for, checked: common name, addresses and DNS names; and for how many days."""

    def __init__(self, common: str, addresses: list[Any] | None, hosts: list[Any] | None, days: int) -> None:
        self.common = str(common)
        self.addresses = [_address(address) for address in addresses or ()]
        self.hosts = [_host(host) for host in hosts or ()]
        self.days = days

    def check(self) -> None:
        """Refuses what no certificate can say; it comes after all that is wrong with keys."""
        from scanner.template.printing import quote

        if any(map(is_stray, self.common)):
            raise FunctionError("error creating certificate: asn1: string not valid UTF-8")
        for host in self.hosts:
            if not host.isascii():
                raise FunctionError(_UNFIT.format(f"{quote(host)} cannot be encoded as an IA5String"))


def _address(value: object) -> str:
    from scanner.template.internet_address import AddressError, address_version
    from scanner.template.printing import format_value

    if not isinstance(value, str):
        raise FunctionError(f"error parsing ip: {format_value(value)} is not a string")
    try:
        address_version(value)
    except AddressError:
        raise FunctionError(f"error parsing ip: {value}") from None
    if "%" in value:
        raise FunctionError(f"error parsing ip: {value}")
    return str(value)


def _host(value: object) -> str:
    from scanner.template.printing import format_value

    if not isinstance(value, str):
        raise FunctionError(f"error processing alternate dns name: {format_value(value)} is not a string")
    return str(value)


def _can_make(run: Chance) -> bool:
    if run.deterministic:
        return False
    try:
        import cryptography  # noqa: F401 - whether it is there
    except ImportError:
        return False
    return True


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the warnings of `cryptography` about what Go does silently: a long common name, an old kind of key."""
    from warnings import catch_warnings, simplefilter

    with catch_warnings():
        simplefilter("ignore", UserWarning)
        yield


# Keys


_MOST_KEPT = 20
_written: dict[str, Any] = {}
"""The keys that were written last, by their text: to read one again takes as long as to make it, as it is checked."""


def _read_key(text: str) -> Any:
    """The private key of a PEM text: an object of `cryptography`, or None where the package is not installed."""
    known = _written.get(text)
    if known is not None:
        return known
    block = first_block(text)
    if block is None:
        raise FunctionError("no PEM data in input")
    if block.kind == "PRIVATE KEY":
        return _load_key(block, "decoding PEM as PKCS#8: ")
    if not block.kind.endswith(" PRIVATE KEY"):
        raise FunctionError(f"no private key data in PEM block of type {block.kind}")
    kind = block.kind.removesuffix(" PRIVATE KEY")
    if kind not in ("RSA", "EC", "DSA"):
        raise FunctionError(f"invalid private key type {block.kind}")
    inner = "x509: failed to parse EC private key: " if kind == "EC" else ""
    return _load_key(block, f"parsing {kind} private key from PEM: {inner}")


def _load_key(block: Block, what: str) -> Any:
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.serialization import load_der_private_key
    except ImportError:
        return None
    try:
        with _quiet():
            return load_der_private_key(block.data, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        fault = "syntax error: truncated tag or length" if len(block.data) < 2 else "structure error: malformed key"
        raise FunctionError(f"{what}asn1: {fault}") from None


def _given_key(text: str) -> Any:
    try:
        return _read_key(text)
    except FunctionError as error:
        raise FunctionError(f"parsing private key: {error}") from None


def _new_key() -> Any:
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

    return generate_private_key(65537, 2048)


def _key_text(key: Any) -> str:
    """A private key in PEM: in the format of its kind, or PKCS#8 where it has none."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    form = PrivateFormat.PKCS8 if isinstance(key, Ed25519PrivateKey) else PrivateFormat.TraditionalOpenSSL
    text: str = key.private_bytes(Encoding.PEM, form, NoEncryption()).decode("ascii")
    if len(_written) == _MOST_KEPT:
        del _written[next(iter(_written))]
    _written[text] = key
    return text


def gen_private_key(run: Chance, kind: str) -> str:
    """A new private key: rsa (of 4096 bits), dsa, ecdsa (P-256) or ed25519."""
    if kind not in ("", "rsa", "dsa", "ecdsa", "ed25519"):
        return f"Unknown type {kind}"
    return drawn(run, _private_key(run, kind))


def _private_key(run: Chance, kind: str) -> str:
    if not _can_make(run):
        from scanner.template import fixed_certificates as fixed

        keys = {"dsa": fixed.DSA_KEY, "ecdsa": fixed.EC_KEY, "ed25519": fixed.ED25519_KEY}
        return keys.get(str(kind), fixed.RSA_KEY)
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa

    if kind == "dsa":
        return _key_text(dsa.generate_private_key(2048))
    if kind == "ecdsa":
        return _key_text(ec.generate_private_key(ec.SECP256R1()))
    if kind == "ed25519":
        return _key_text(ed25519.Ed25519PrivateKey.generate())
    return _key_text(rsa.generate_private_key(65537, 4096))


# Certificates


def _read_certificate(text: str, what: str) -> x509.Certificate | None:
    """The certificate of a PEM text, or None where `cryptography` is not installed."""
    block = first_block(text)
    if block is None:
        raise FunctionError("unable to decode certificate")
    try:
        from cryptography.x509 import load_der_x509_certificate
    except ImportError:
        return None
    try:
        with _quiet():
            return load_der_x509_certificate(block.data)
    except ValueError:
        raise FunctionError(f"error parsing certificate: {what}: x509: malformed certificate") from None


def _signature_hash(key: Any) -> Any:
    """The hash that a key signs with, None for Ed25519."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if isinstance(key, ed25519.Ed25519PrivateKey):
        return None
    if isinstance(key, rsa.RSAPrivateKey):
        return hashes.SHA256()
    if isinstance(key, ec.EllipticCurvePrivateKey):
        size = key.curve.key_size
        return hashes.SHA256() if size <= 256 else hashes.SHA384() if size <= 384 else hashes.SHA512()
    raise FunctionError(_UNFIT.format("only RSA, ECDSA and Ed25519 keys supported"))


def _refuse_dsa(key: str, message: str) -> None:
    block = first_block(key)
    if block is not None and block.kind == "DSA PRIVATE KEY":
        raise FunctionError(_UNFIT.format(message))


def _make(
    run: Chance,
    names: _Names,
    key: Any,
    *,
    is_authority: bool = False,
    signer: tuple[x509.Certificate, Any] | None = None,
) -> Certificate:
    """A new certificate for a key, signed by that of `signer` or by itself."""
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        with _quiet():
            return _sign(run, names, key, is_authority, signer)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        # Keys and certificates from outside that can be read, but not used.
        raise FunctionError(_UNFIT.format(error)) from None


def _sign(
    run: Chance, names: _Names, key: Any, is_authority: bool, signer: tuple[x509.Certificate, Any] | None
) -> Certificate:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    signing_key = signer[1] if signer else key
    digest = _signature_hash(signing_key)
    if signer and signing_key.public_key() != signer[0].public_key():
        raise FunctionError(_UNFIT.format("provided PrivateKey doesn't match parent's PublicKey"))
    subject = x509.Name(
        [x509.NameAttribute(x509.NameOID.COMMON_NAME, names.common, _validate=False)] if names.common else []
    )
    start = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=now(run).seconds)
    # A number of days that Go's durations cannot say overflows. One that ended before it began is made to end then.
    length = timedelta(seconds=max(wrapped(names.days * _DAY) // SECOND, 0))
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer[0].subject if signer else subject)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(random_bytes(run, 16), "big") or 1)
        .not_valid_before(start)
        .not_valid_after(start + length)
    )
    parent = signer[0] if signer and signer[0].subject != subject else None
    for extension, critical in _extensions(names, key, is_authority, parent):
        builder = builder.add_extension(extension, critical)
    return Certificate(builder.sign(signing_key, digest).public_bytes(Encoding.PEM).decode("ascii"), _key_text(key))


def _extensions(
    names: _Names, key: Any, is_authority: bool, parent: x509.Certificate | None
) -> list[tuple[x509.ExtensionType, bool]]:
    """The extensions with whether they are critical, in Go's order."""
    from ipaddress import IPv6Address, ip_address

    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=True,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    purposes = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (usage, True),
        (x509.ExtendedKeyUsage(purposes), False),
        (x509.BasicConstraints(ca=is_authority, path_length=None), True),
    ]
    if is_authority:
        extensions.append((x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False))
    elif parent is not None:
        try:
            identifier = parent.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
            identifier = None
        if identifier is not None:
            authority = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
            extensions.append((authority, False))
    alternatives: list[x509.GeneralName] = [x509.DNSName(host) for host in names.hosts]
    for text in names.addresses:
        address = ip_address(text)
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        alternatives.append(x509.IPAddress(mapped or address))
    if alternatives:
        extensions.append((x509.SubjectAlternativeName(alternatives), not names.common))
    return extensions


def _fresh(run: Chance, certificate: Certificate) -> Certificate:
    """A certificate whose key is new as well."""
    return Certificate(drawn(run, certificate.cert), drawn(run, certificate.key))


def gen_ca(run: Chance, common: str, days: int) -> Certificate:
    """A certificate that may sign others."""
    names = _Names(common, None, None, days)
    names.check()
    if not _can_make(run):
        from scanner.template.fixed_certificates import AUTHORITY, RSA_KEY

        return _fresh(run, Certificate(AUTHORITY, RSA_KEY))
    return _fresh(run, _make(run, names, _new_key(), is_authority=True))


def gen_ca_with_key(run: Chance, common: str, days: int, key: str) -> Certificate:
    """The same for a key that is given."""
    loaded = _given_key(key)
    names = _Names(common, None, None, days)
    _refuse_dsa(key, _NO_SIGNER)
    names.check()
    if not _can_make(run):
        from scanner.template.fixed_certificates import AUTHORITY

        return Certificate(AUTHORITY, _key_text(loaded) if loaded else key)
    return _make(run, names, loaded, is_authority=True)


def gen_self_signed(
    run: Chance, common: str, addresses: list[Any] | None, hosts: list[Any] | None, days: int
) -> Certificate:
    """A certificate that signs itself."""
    names = _Names(common, addresses, hosts, days)
    names.check()
    if not _can_make(run):
        from scanner.template.fixed_certificates import RSA_KEY, SELF_SIGNED

        return _fresh(run, Certificate(SELF_SIGNED, RSA_KEY))
    return _fresh(run, _make(run, names, _new_key()))


def gen_self_signed_with_key(
    run: Chance, common: str, addresses: list[Any] | None, hosts: list[Any] | None, days: int, key: str
) -> Certificate:
    """The same for a key that is given."""
    loaded = _given_key(key)
    names = _Names(common, addresses, hosts, days)
    _refuse_dsa(key, _NO_SIGNER)
    names.check()
    if not _can_make(run):
        from scanner.template.fixed_certificates import SELF_SIGNED

        return Certificate(SELF_SIGNED, _key_text(loaded) if loaded else key)
    return _make(run, names, loaded)


def _signer(authority: Certificate) -> tuple[x509.Certificate, Any] | None:
    """Certificate and key of an authority; None for the fixed one, and where `cryptography` is not installed."""
    from scanner.template.fixed_certificates import AUTHORITY, RSA_KEY

    if authority.cert == AUTHORITY and authority.key == RSA_KEY:
        return None
    cert = _read_certificate(authority.cert, "decodedSignerCert.Bytes")
    try:
        key = _read_key(authority.key)
    except FunctionError as error:
        raise FunctionError(f"error parsing private key: {error}") from None
    return None if cert is None else (cert, key)


def gen_signed(
    run: Chance, common: str, addresses: list[Any] | None, hosts: list[Any] | None, days: int, authority: Certificate
) -> Certificate:
    """A certificate that an authority signs."""
    return _fresh(run, _signed(run, (common, addresses, hosts, days), authority, None, ""))


def gen_signed_with_key(
    run: Chance,
    common: str,
    addresses: list[Any] | None,
    hosts: list[Any] | None,
    days: int,
    authority: Certificate,
    key: str,
) -> Certificate:
    """The same for a key that is given."""
    return _signed(run, (common, addresses, hosts, days), authority, _given_key(key), key)


def _signed(run: Chance, names: tuple[Any, ...], authority: Certificate, key: Any, key_text: str) -> Certificate:
    signer = _signer(authority)
    checked = _Names(*names)
    _refuse_dsa(authority.key, _NO_SIGNER)
    _refuse_dsa(key_text, "unsupported public key type: *dsa.PublicKey")
    checked.check()
    if not _can_make(run) or signer is None:
        from scanner.template.fixed_certificates import RSA_KEY, SIGNED

        return Certificate(SIGNED, _key_text(key) if key else key_text or RSA_KEY)
    return _make(run, checked, key or _new_key(), signer=signer)


def build_custom(cert: str, key: str) -> Certificate:
    """Certificate and key from base64, checked."""
    texts = []
    for text, what in ((cert, "certificate"), (key, "private key")):
        data = encoded(text)
        if base64_fault(data) is not None:
            raise FunctionError(f"unable to decode base64 {what}")
        texts.append(_from_base64(data))
    _read_certificate(texts[0], "decodedCert.Bytes")
    try:
        _read_key(texts[1])
    except FunctionError as error:
        raise FunctionError(f"error parsing private key: {error}") from None
    return Certificate(*texts)


def _from_base64(data: bytes) -> str:
    from binascii import a2b_base64

    return decoded(a2b_base64(data))
