"""HTTPS on the local network: a small certificate authority of the clinic's own.

Cameras, microphones and notifications work only on pages a browser calls secure, and no public authority
signs an address like 192.168.1.20. So the demo signs its own certificate, and a phone that is to trust it is
given the authority once. The authority may vouch for private addresses only: whoever stole its key still
could not pretend to be a bank.
"""

import datetime as dt
import ipaddress
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
PRIVATE = (
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "fc00::/7",
    "fe80::/10",
)
CA_LIFE = dt.timedelta(days=3650)
LEAF_LIFE = dt.timedelta(days=90)
RENEW_BEFORE = dt.timedelta(days=30)
SKEW = dt.timedelta(days=1)  # phones whose clock is a little behind


@dataclass(frozen=True, slots=True)
class LanCertificate:
    """What a server needs to be believed on the local network, and what a person compares."""

    cert: Path
    key: Path
    authority: Path
    fingerprint: str
    replaced: bool
    """Whether devices trusted an older authority here, and must be given this one."""


def certificate(folder: Path, address: str, hostname: str, *, now: dt.datetime) -> LanCertificate:
    """The certificate for this address: yesterday's if it still serves, else a new one."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    where = ipaddress.ip_address(address)
    ca = ca_before = _load(folder / "authority.crt", folder / "authority.key")
    fresh = ca is None or not _serves_as_authority(ca[0], where, hostname, now)
    if ca is None or fresh:
        ca = _make_authority(where, hostname, now)
        _keep(folder / "authority", *ca)
    leaf = _load(folder / "server.crt", folder / "server.key")
    if leaf is None or not _serves(leaf[0], ca[0], where, hostname, now):
        leaf = _make_leaf(ca, where, hostname, now)
        _keep(folder / "server", *leaf)
    return LanCertificate(
        cert=folder / "server.crt",
        key=folder / "server.key",
        authority=folder / "authority.crt",
        fingerprint=":".join(f"{byte:02X}" for byte in ca[0].fingerprint(hashes.SHA256())),
        replaced=ca_before is not None and fresh,
    )


def own_address() -> str | None:
    """This machine's address on its network; None when it has none. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))  # reserved for documentation; connecting a UDP socket only picks a route
            found = probe.getsockname()[0]
        except OSError:
            return None
    return None if ipaddress.ip_address(found).is_loopback else str(found)


Pair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def _make_authority(where: Address, hostname: str, now: dt.datetime) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Bedside on {hostname}, local network only")])
    networks = [ipaddress.ip_network(n) for n in PRIVATE]
    if not any(where in n for n in networks):
        networks.append(ipaddress.ip_network(where))
    permitted: list[x509.GeneralName] = [x509.IPAddress(n) for n in networks]
    permitted += [x509.DNSName(n) for n in _names(hostname)]
    certificate = (
        _begin(name, name, key.public_key(), now, CA_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(ca=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return certificate, key


def _make_leaf(ca: Pair, where: Address, hostname: str, now: dt.datetime) -> Pair:
    authority, authority_key = ca
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, str(where))])
    others = [x509.DNSName(n) for n in _names(hostname)]
    certificate = (
        _begin(name, authority.subject, key.public_key(), now, LEAF_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(ca=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(where), *others]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    return certificate, key


def _begin(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    now: dt.datetime,
    life: dt.timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(now + life)
    )


def _serves_as_authority(ca: x509.Certificate, where: Address, hostname: str, now: dt.datetime) -> bool:
    allowed = ca.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    networks = [g.value for g in allowed if isinstance(g, x509.IPAddress)]
    names = {g.value for g in allowed if isinstance(g, x509.DNSName)}
    return (
        now + LEAF_LIFE < ca.not_valid_after_utc
        and any(where in n for n in networks if isinstance(n, ipaddress.IPv4Network | ipaddress.IPv6Network))
        and set(_names(hostname)) <= names
    )


def _serves(leaf: x509.Certificate, ca: x509.Certificate, where: Address, hostname: str, now: dt.datetime) -> bool:
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    try:
        leaf.verify_directly_issued_by(ca)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return (
        leaf.not_valid_before_utc <= now < leaf.not_valid_after_utc - RENEW_BEFORE
        and where in names.get_values_for_type(x509.IPAddress)
        and set(_names(hostname)) <= set(names.get_values_for_type(x509.DNSName))
    )


def _names(hostname: str) -> Sequence[str]:
    short = hostname.split(".", maxsplit=1)[0].lower()
    usable = short and short.isascii() and all(c.isalnum() or c == "-" for c in short)
    return [short, f"{short}.local"] if usable else ["bedside.local"]


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        key_cert_sign=ca,
        crl_sign=ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _load(cert: Path, key: Path) -> Pair | None:
    try:
        private = serialization.load_pem_private_key(key.read_bytes(), password=None)
        found = x509.load_pem_x509_certificate(cert.read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(private, ec.EllipticCurvePrivateKey) or private.public_key() != found.public_key():
        # A crash fell between the two files: make both anew.
        return None
    return found, private


def _keep(stem: Path, cert: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write(stem.with_suffix(".key"), secret, 0o600)
    _write(stem.with_suffix(".crt"), cert.public_bytes(serialization.Encoding.PEM), 0o644)


def _write(path: Path, content: bytes, mode: int) -> None:
    aside = path.with_name(f".{path.name}.new")
    aside.unlink(missing_ok=True)
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
    aside.replace(path)
