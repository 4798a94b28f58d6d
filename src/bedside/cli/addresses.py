"""Which address may be served how: what is said in a clinic never crosses a network in the clear."""

import ipaddress
from pathlib import Path

from bedside.cli.runner import Door


class Unprotected(RuntimeError):
    """An address that would be served without protection; the message is for the operator."""


def door(host: str, port: int, *, tls_cert: Path | None, tls_key: Path | None, trusted_proxies: str) -> Door:
    """The door for these settings, or the reason why there is none."""
    if (tls_cert is None) != (tls_key is None):
        missing = "TLS_KEY" if tls_key is None else "TLS_CERT"
        raise Unprotected(f"A certificate needs its key, and a key its certificate: {missing} is missing.")
    for paper in (tls_cert, tls_key):
        if paper and not paper.is_file():
            raise Unprotected(f"There is no file {paper}.")
    proxies = _proxies(trusted_proxies)
    if not (tls_cert or proxies or is_loopback(host)):
        raise Unprotected(
            f"{host} can be reached from other machines, and without TLS everything said in the clinic "
            "could be read on the way. Give TLS_CERT and TLS_KEY, or put a reverse proxy that has them in "
            "front and name its address in TRUSTED_PROXIES. To try Bedside on this machine, use 127.0.0.1."
        )
    return Door(host, port, tls_cert, tls_key, proxies)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _proxies(named: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in named.split(",") if part.strip())
    for each in found:
        try:
            network = ipaddress.ip_network(each, strict=False)
        except ValueError:
            raise Unprotected(f"TRUSTED_PROXIES names {each!r}, which is neither an address nor a network.") from None
        if network.prefixlen == 0:
            raise Unprotected("TRUSTED_PROXIES may not trust the whole world: name your proxy's address.")
    return found
