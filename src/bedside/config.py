"""Settings: one frozen type. Each field's docstring is its documentation."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this house is set up. Made by the command line from options and the environment."""

    data: Path
    """The data folder: embedded database, keystore, links."""
    mode: str = "production"
    """`demo` invents a small clinic; `production` invents nobody."""
    database_url: str | None = None
    """Owner's URL of a PostgreSQL 15 or newer. None: the embedded one, in the data folder."""
    may_forget: bool = False
    """Serve although the database may forget what it confirmed. For the trials that must see that it does."""
    host: str = "127.0.0.1"
    """Address on which the pages are served."""
    port: int = 8000
    """Port on which the pages are served."""
    tls_cert: Path | None = None
    """Certificate chain, when this process ends TLS itself."""
    tls_key: Path | None = None
    """Key of that certificate."""
    trusted_proxies: tuple[str, ...] = ()
    """Proxies whose word about a visitor's address is believed."""
    metrics_token: str | None = field(default=None, repr=False)
    """Whoever brings it may read `/metrics`. None: only a program on this machine, come by no proxy."""
    origins: tuple[str, ...] = field(default=())
    """Addresses under which browsers know these pages, for the socket's Origin check."""
