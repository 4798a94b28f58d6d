"""The local authority: made once, renewed in time, and able to vouch for nobody else."""

import datetime as dt
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest
from cryptography import x509

from bedside.cli import lan

NOW = dt.datetime.now(dt.UTC)


def test_it_is_made_once_and_used_again(tmp_path: Path):
    first = lan.certificate(tmp_path / "lan", "192.168.1.20", "clinic", now=NOW)
    before = first.cert.read_bytes(), first.authority.read_bytes()
    again = lan.certificate(tmp_path / "lan", "192.168.1.20", "clinic", now=NOW)
    assert (again.cert.read_bytes(), again.authority.read_bytes()) == before
    assert (first.replaced, again.replaced) == (False, False)
    assert first.fingerprint == again.fingerprint


def test_the_keys_are_the_owners_alone(tmp_path: Path):
    lan.certificate(tmp_path / "lan", "192.168.1.20", "clinic", now=NOW)
    assert {p.stat().st_mode & 0o777 for p in (tmp_path / "lan").glob("*.key")} == {0o600}


@pytest.mark.parametrize(("days", "renewed"), [(1, False), (59, False), (61, True), (91, True)], ids=lambda v: str(v))
def test_it_is_renewed_a_month_before_it_ends(tmp_path: Path, days: int, renewed: bool):
    first = lan.certificate(tmp_path / "lan", "192.168.1.20", "clinic", now=NOW)
    before = first.cert.read_bytes()
    later = lan.certificate(tmp_path / "lan", "192.168.1.20", "clinic", now=NOW + dt.timedelta(days=days))
    assert (later.cert.read_bytes() != before) is renewed
    assert later.fingerprint == first.fingerprint, "whoever trusted the authority need not do it again"


def test_an_authority_near_its_end_is_replaced_and_said_to_be_new(tmp_path: Path):
    first = lan.certificate(tmp_path / "lan", "192.168.1.20", "clinic", now=NOW)
    later = lan.certificate(tmp_path / "lan", "192.168.1.20", "clinic", now=NOW + dt.timedelta(days=3600))
    assert later.replaced
    assert later.fingerprint != first.fingerprint


def test_another_address_gets_another_certificate_from_the_same_authority(tmp_path: Path):
    first = lan.certificate(tmp_path / "lan", "192.168.1.20", "clinic", now=NOW)
    moved = lan.certificate(tmp_path / "lan", "10.0.0.7", "clinic", now=NOW)
    assert first.fingerprint == moved.fingerprint
    names = x509.load_pem_x509_certificate(moved.cert.read_bytes()).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert [str(a) for a in names.value.get_values_for_type(x509.IPAddress)] == ["10.0.0.7"]


def test_it_may_vouch_for_the_local_network_only(tmp_path: Path):
    made = lan.certificate(tmp_path / "lan", "192.168.1.20", "clinic", now=NOW)
    authority = x509.load_pem_x509_certificate(made.authority.read_bytes())
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical
    allowed = {str(g.value) for g in limits.value.permitted_subtrees or []}
    assert {"192.168.0.0/16", "clinic.local"} <= allowed
    assert "0.0.0.0/0" not in allowed


def test_a_half_written_pair_is_made_anew(tmp_path: Path):
    made = lan.certificate(tmp_path / "lan", "192.168.1.20", "clinic", now=NOW)
    made.key.write_bytes(b"")
    again = lan.certificate(tmp_path / "lan", "192.168.1.20", "clinic", now=NOW)
    assert again.key.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")
    assert not again.replaced


def test_who_trusts_the_authority_is_not_warned_and_who_does_not_is(tmp_path: Path):
    made = lan.certificate(tmp_path / "lan", "127.0.0.1", "clinic", now=NOW)
    server = HTTPServer(("127.0.0.1", 0), _Hello)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.cert, made.key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"https://127.0.0.1:{server.server_port}/"
    try:
        trusting = ssl.create_default_context(cafile=str(made.authority))
        assert httpx.get(url, verify=trusting, trust_env=False).text == "hello"
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(url, trust_env=False)
    finally:
        server.shutdown()
        server.server_close()


class _Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, format: str, *args: object) -> None:
        pass
