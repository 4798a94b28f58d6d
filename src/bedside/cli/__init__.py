"""The `bedside` command: what an operator types."""

import datetime as dt
import os
import socket
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.markup import escape

from bedside.cli import addresses, lan, links
from bedside.cli.front import Front
from bedside.cli.progress import Progress, console
from bedside.cli.runner import CannotListen, Door

app = typer.Typer(
    name="bedside",
    help="A self-hosted virtual clinic.",
    no_args_is_help=True,
    add_completion=True,
    # A traceback with local variables could show what a patient said.
    pretty_exceptions_show_locals=False,
    rich_markup_mode="rich",
)

DataFolder = Annotated[
    Path, typer.Option(help="Where everything is kept: database, keys, files.", envvar="BEDSIDE_DATA")
]

DatabaseUrl = Annotated[
    str, typer.Option(help="Your PostgreSQL, 15 or newer.", envvar="DATABASE_URL", show_default=False)
]

Embedded = Annotated[bool, typer.Option("--embedded", help="Run Bedside's own PostgreSQL in the data folder.")]

MetricsToken = Annotated[
    str,
    typer.Option(
        help="Who brings it may read /metrics; without it only this machine may.",
        envvar="METRICS_TOKEN",
        show_default=False,
    ),
]


def main() -> None:
    """Run the command, and let a refusal be one sentence instead of a traceback."""
    os.umask(0o077)
    try:
        app()
    except (CannotListen, links.NotRunning, addresses.Unprotected) as no:
        _refuse(str(no))
    except Exception as no:
        # By name: importing them would make every start, `--help` too, wait for the whole house.
        if type(no).__name__ not in {
            "BackupRefused",
            "DatabaseForgets",
            "DatabaseRefused",
            "KeystoreRefuses",
            "NotFounded",
            "SchemaMismatch",
            "PoolUnavailable",
            "StoreFailure",
            "Unsafe",
        }:
            raise
        _refuse(str(no) or "The database cannot be reached.")


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Where to listen on this machine.", min=1, max=65535)] = 8000,
    data: DataFolder = Path("data"),
    lan_address: Annotated[
        str,
        typer.Option("--lan", help="Also serve HTTPS on the local network: 1, or the address to use."),
    ] = "",
    simulate: Annotated[
        float,
        typer.Option(help="Let an invented day go on by itself, so many times as fast as a real one. 0: no.", min=0),
    ] = 0,
) -> None:
    """Run a small invented clinic on this machine, with links to try it."""
    from bedside.cli import clinic

    data = _folder(data)
    doors = [Door("127.0.0.1", port)]
    front = Front()
    network = _on_the_network(data, lan_address, port, front) if lan_address not in {"", "0"} else None
    if network:
        doors.append(network[0])
    _leave(clinic.demo(data, doors, front=front, authority=network[1] if network else None, simulate=simulate))


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.", envvar="HOST")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", envvar="PORT", min=1, max=65535)] = 8000,
    data: DataFolder = Path("data"),
    database_url: DatabaseUrl = "",
    embedded: Embedded = False,
    may_forget: Annotated[bool, typer.Option("--may-forget", hidden=True)] = False,
    tls_cert: Annotated[Path | None, typer.Option(help="Certificate chain (PEM).", envvar="TLS_CERT")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Private key (PEM).", envvar="TLS_KEY")] = None,
    trusted_proxies: Annotated[
        str,
        typer.Option(
            help="Addresses of the reverse proxies that hold the certificate, comma-separated.",
            envvar="TRUSTED_PROXIES",
        ),
    ] = "",
    metrics_token: MetricsToken = "",
    address: Annotated[
        str, typer.Option(help="Where browsers find it, where that is not --host: stands in links.", envvar="ADDRESS")
    ] = "",
) -> None:
    """Run the clinic in earnest."""
    from bedside.cli import clinic

    door = addresses.door(host, port, tls_cert=tls_cert, tls_key=tls_key, trusted_proxies=trusted_proxies)
    url = _database(database_url, embedded)
    token = metrics_token or None
    folder = _folder(data)
    settings = clinic.in_earnest(folder, door, database_url=url, metrics_token=token, may_forget=may_forget)
    _leave(clinic.serve(settings, door, front=Front(), address=address))


@app.command()
def init(
    name: Annotated[str, typer.Option(help="The clinic's name, as patients read it.", prompt="The clinic's name")],
    zone: Annotated[str, typer.Option(help="Its time zone, like America/New_York.", prompt="Its time zone")],
    jurisdiction: Annotated[
        str, typer.Option(help="Whose law: a country, or its part, like AT or US-NY.", prompt="Whose law (AT, US-NY)")
    ],
    emergency_number: Annotated[
        str, typer.Option(help="Whom patients call in an emergency.", prompt="The emergency number")
    ],
    department: Annotated[str, typer.Option(help="The first department.", prompt="The first department")],
    administrator: Annotated[
        str, typer.Option(help="Who sets up the rest, on the pages.", prompt="The first administrator's name")
    ],
    languages: Annotated[str, typer.Option(help="Of its texts: en, es, or both, the first one first.")] = "en",
    address: Annotated[
        str, typer.Option(help="Where browsers will find it; stands in the link.")
    ] = "http://127.0.0.1:8000",
    data: DataFolder = Path("data"),
    database_url: DatabaseUrl = "",
    embedded: Embedded = False,
) -> None:
    """Begin a clinic in an empty folder or database, and print its administrator's link. Refused where one exists."""
    from bedside.cli import operate
    from bedside.founding import Plan

    plan = Plan(
        name=name.strip(),
        zone=zone.strip(),
        jurisdiction=jurisdiction.strip(),
        languages=tuple(part.strip() for part in languages.split(",") if part.strip()),
        emergency_number=emergency_number.strip(),
        department=department.strip(),
        administrator=administrator.strip(),
    )
    operate.init(_folder(data), plan, database_url=_database(database_url, embedded), address=address)


@app.command()
def doctor(
    data: DataFolder = Path("data"),
    database_url: DatabaseUrl = "",
    embedded: Embedded = False,
    tls_cert: Annotated[Path | None, typer.Option(help="Certificate chain (PEM).", envvar="TLS_CERT")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Private key (PEM).", envvar="TLS_KEY")] = None,
) -> None:
    """Name every unsafe setting, and what to do. Ends with 1 where `bedside serve` would refuse to start."""
    from bedside.cli import operate

    url = _database(database_url, embedded)
    _leave(operate.doctor(_folder(data), database_url=url, tls_cert=tls_cert, tls_key=tls_key))


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder for this copy.")],
    data: DataFolder = Path("data"),
    database_url: DatabaseUrl = "",
    embedded: Embedded = False,
) -> None:
    """Copy the clinic, while it runs or not: the database, then the keystore. The root key is not in the copy."""
    from bedside.cli import operate

    operate.backup(_folder(data), folder.expanduser().resolve(), database_url=_database(database_url, embedded))


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="The copy.")],
    data: DataFolder = Path("data"),
    database_url: DatabaseUrl = "",
    embedded: Embedded = False,
    root_key: Annotated[Path | None, typer.Option(help="Your copy of keystore/root.key.", show_default=False)] = None,
    tombstones: Annotated[
        list[Path] | None, typer.Option(help="tombstones.json of a later copy that lies elsewhere.", show_default=False)
    ] = None,
) -> None:
    """Bring a copy back into an empty place. Keys destroyed since stay destroyed, as far as later copies tell."""
    from bedside.cli import operate

    url = _database(database_url, embedded)
    copy = folder.expanduser().resolve()
    operate.restore(_folder(data), copy, database_url=url, root_key=root_key, tombstones=tombstones or [])


@app.command("links")
def new_links(data: DataFolder = Path("data")) -> None:
    """Print new staff links while a clinic runs (each works once, for fifteen minutes): in earnest, administrators'."""
    show(links.renew(data.expanduser().resolve()))


def show(found: dict[str, str]) -> None:
    """Print links for people: whole, on a line of their own, easy to copy."""
    for who, link in found.items():
        console.print(f"  [bold]{escape(links.WHO.get(who, who))}[/]")
        console.print(f"    {link}", soft_wrap=True, markup=False)


def _on_the_network(data: Path, wanted: str, port: int, front: Front) -> tuple[Door, lan.LanCertificate]:
    address = lan.own_address() if wanted in {"1", "yes", "true"} else wanted
    if address is None:
        _refuse("This machine has no address on a local network. Connect it, or name one: LAN=192.168.1.20.")
    secure_port = port + 443 if port + 443 < 65536 else port - 443
    try:
        signed = lan.certificate(data / "lan", address, socket.gethostname(), now=dt.datetime.now(dt.UTC))
    except ValueError:
        _refuse(f"LAN={wanted} is neither 1 nor an address. For example: LAN=1, or LAN=192.168.1.20.")
    front.lay_out("/bedside-authority.crt", "application/x-x509-ca-cert", signed.authority.read_bytes())
    return Door(address, secure_port, signed.cert, signed.key), signed


def _folder(data: Path) -> Path:
    data = data.expanduser().resolve()
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    return data


def _database(url: str, embedded: bool) -> str | None:
    """Whose database: the operator's, or (None) our own."""
    if bool(url) == embedded:
        _refuse(
            "Where is the database? Set DATABASE_URL to your PostgreSQL, "
            "or say --embedded to run Bedside's own in the data folder."
            if not embedded
            else "DATABASE_URL and --embedded contradict each other: which database should it be?"
        )
    return url or None


def _leave(code: int) -> None:
    raise typer.Exit(code)


def _refuse(sentence: str) -> NoReturn:
    console.print(f"[bold red]Not started.[/] {escape(sentence)}", soft_wrap=True)
    raise SystemExit(2)


__all__ = ["app", "main", "show", "Progress"]
