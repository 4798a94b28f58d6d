"""What is said in a clinic never crosses a network in the clear."""

from pathlib import Path

import pytest

from bedside.cli.addresses import Unprotected, door


def a_door(host: str = "127.0.0.1", proxies: str = "", cert: Path | None = None, key: Path | None = None):
    return door(host, 8000, tls_cert=cert, tls_key=key, trusted_proxies=proxies)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_this_machine_may_be_served_plainly(host: str):
    assert a_door(host).url.startswith("http://")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.20", "clinic.example", ""])
def test_every_other_address_needs_tls_or_a_proxy_that_has_it(host: str):
    with pytest.raises(Unprotected, match="TLS_CERT and TLS_KEY"):
        a_door(host)


def test_with_a_certificate_any_address_serves(tmp_path: Path):
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert.touch()
    key.touch()
    assert a_door("0.0.0.0", cert=cert, key=key).url == "https://0.0.0.0:8000"


def test_a_certificate_without_its_key_is_refused(tmp_path: Path):
    (tmp_path / "cert.pem").touch()
    with pytest.raises(Unprotected, match="TLS_KEY is missing"):
        a_door("127.0.0.1", cert=tmp_path / "cert.pem")


def test_a_certificate_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(Unprotected, match="no file"):
        a_door(cert=tmp_path / "no.pem", key=tmp_path / "no.key")


def test_behind_a_named_proxy_any_address_serves():
    assert a_door("0.0.0.0", proxies="10.1.2.3, 10.1.3.0/24").proxies == ("10.1.2.3", "10.1.3.0/24")


@pytest.mark.parametrize("proxies", ["*", "0.0.0.0/0", "::/0", "proxy.example"])
def test_the_whole_world_is_not_a_proxy(proxies: str):
    with pytest.raises(Unprotected, match="TRUSTED_PROXIES"):
        a_door("0.0.0.0", proxies=proxies)
