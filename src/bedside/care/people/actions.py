"""What is done about people: a clinic founded, staff hired, links issued and exchanged."""

import hashlib
from base64 import urlsafe_b64encode
from typing import Any
from uuid import UUID

from bedside.care.people import rules
from bedside.care.people.model import (
    ClinicFounded,
    DepartmentOpened,
    LinkIssued,
    LinkSpent,
    Patience,
    SessionEnded,
    SessionStarted,
    SignedIn,
    StaffHired,
    TooManyAnswers,
)
from bedside.journal import House, Once, Work
from bedside.journal.may import CARED_FOR, HOUSE, STAFF, by
from bedside.kernel import Actor, Fact, Instant, NotFound, NotYourPart, Role, Unfit
from bedside.store import PATIENCE, Queries, translated

Q = Queries(__file__)


def hash_of(secret: str) -> bytes:
    """What is stored of a secret. The secrets have 256 bits of chance, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).digest()


def new_secret(house: House) -> str:
    """256 bits, spelled for a URL."""
    return urlsafe_b64encode(house.chance(32)).rstrip(b"=").decode()


@by(*HOUSE)
async def found_clinic(
    work: Work, *, name: str, zone: str, jurisdiction: str, languages: list[str], emergency_number: str, own_key: UUID
) -> UUID:
    """An organization begins, with its journal. Its keys were made before."""
    await work.execute(Q.add_organization, work.org, name, zone, jurisdiction, languages, emergency_number, own_key)
    await work.execute(Q.begin_journal, work.org, work.new_id())
    await work.tell(ClinicFounded(subject=work.org))
    return work.org


@by(*HOUSE, Role.ADMINISTRATOR)
async def open_department(work: Work, *, name: str) -> UUID:
    """A department opens."""
    if not rules.fits_a_door(name):
        raise Unfit
    id = work.new_id()
    await work.execute(Q.add_department, work.org, id, name)
    await work.tell(DepartmentOpened(subject=id))
    return id


@by(*HOUSE, Role.ADMINISTRATOR)
async def hire(
    work: Work, *, name: str, role: Role, department: UUID | None, language: str = "en", specialty: str | None = None
) -> UUID:
    """Somebody starts to work here. A provider is offline until they say otherwise."""
    if not role.is_staff or not rules.fits_a_door(name):
        raise Unfit
    if department and not await work.value(Q.is_department, work.org, department):
        raise NotFound
    id = work.new_id()
    await work.execute(Q.add_account, work.org, id, "staff", name, language)
    await work.execute(Q.add_role, work.org, id, str(role), department)
    if role is Role.PROVIDER:
        await work.execute(Q.add_provider, work.org, id, specialty or "", work.now)
    await work.tell(StaffHired(subject=id, as_role=str(role), department=department))
    return id


@by(*HOUSE, *STAFF)
async def issue_link(
    work: Work, *, account: UUID, role: Role, expires_at: Instant, appointment: UUID | None = None
) -> str:
    """A secret to come in by: a patient's for one appointment and many devices, a colleague's for one use."""
    if role.is_staff and work.actor.role not in (Role.SYSTEM, Role.ADMINISTRATOR):
        raise NotYourPart
    id = work.new_id()
    secret = new_secret(work.house)
    await work.execute(
        Q.add_link, work.org, id, account, str(role), appointment, hash_of(secret), work.now, expires_at, role.is_staff
    )
    await work.tell(LinkIssued(subject=account, link=id, as_role=str(role)))
    return secret


@by(Role.ADMINISTRATOR, Role.FRONT_DESK, Role.NURSE)
async def lead_links_on(work: Work, *, appointment: UUID, to: UUID, until: Instant) -> None:
    """The links of an appointment lead to the one that replaces it, and live as long as that."""
    await work.execute(Q.lead_links_on, work.org, appointment, to, until)


async def find_link(house: House, secret: str) -> Any:
    """The link of this secret, while it lasts."""
    async with house.database.transaction(house.database.app) as connection:
        link = await connection.fetchrow(Q.open_link, hash_of(secret))
    if link is None or link["expires_at"] <= house.clock.now():
        raise LinkSpent
    return link


@by(*HOUSE)
async def hear_birth_date(work: Work, *, link: UUID) -> None:
    """Somebody at the door says a birth date. It counts as wrong until it is found right: so guesses at once do not
    slip through together."""
    door = await work.row(Q.hold_door, work.org, link, b"")
    if door["rest_until"] and work.now < door["rest_until"]:
        raise TooManyAnswers(minutes=-int((work.now - door["rest_until"]).total_seconds() // 60))
    wrong = door["wrong"] + 1
    await work.execute(Q.count_answer, work.org, link, wrong, work.now + rules.rest_after(wrong))


async def use_link(
    house: House, secret: str, *, once: Once | None = None, device: str | None = None, said_right: bool | None = None
) -> tuple[SignedIn, str]:
    """Exchange a link's secret for a session: who came in, and the session's token.

    `said_right` is whether the birth date that was said is the patient's; None when nothing was said.
    """
    link = await find_link(house, secret)
    role = Role(link["role"])
    actor = Actor(org=link["org"], account=link["account"], role=role)
    async with Work(house, actor, once) as work:
        if not role.is_staff:
            await _at_the_door(work, link["id"], device, said_right)
        if not await work.value(Q.spend_link, work.org, link["id"], work.now):
            raise LinkSpent
        came, token = await begin_session(work, method="link", epoch=link["epoch"], link=link["id"])
        work.reply(201, token)
    return came, token


async def begin_session(
    work: Work, *, method: str, epoch: int, link: UUID | None = None, language: str = "en"
) -> tuple[SignedIn, str]:
    """Somebody has proved who they are: their session, and its token. Part of coming in, by a link or by a passkey."""
    actor, session, token = work.actor, work.new_id(), new_secret(work.house)
    lives = Patience.of(actor.role)
    ends, idle = work.now + lives.whole, work.now + lives.idle
    kept = (work.org, session, actor.account, str(actor.role), hash_of(token), work.now, idle, ends, link, method)
    await work.execute(Q.add_session, *kept)
    await work.tell(SessionStarted(subject=actor.account, started=session, link=link, method=method))
    known = Actor(org=actor.org, account=actor.account, role=actor.role, session=session)
    who = SignedIn(actor=known, seen_at=work.now, idle_until=idle, ends_at=ends, epoch=epoch, language=language)
    return who, token


async def came_in_since(work: Work, since: Instant) -> bool:
    """Whether this session is not older than that."""
    made_at = await work.value(Q.made_at, work.org, work.actor.session)
    return made_at is not None and made_at >= since


async def end_other_sessions(work: Work) -> None:
    """Every session of this account ends but the one that asks."""
    for row in await work.rows(Q.end_other_sessions, work.org, work.actor.account, work.actor.session):
        await work.tell(SessionEnded(subject=work.actor.account, ended=row["id"]))


async def _at_the_door(work: Work, link: UUID, device: str | None, said_right: bool | None) -> None:
    door = await work.row(Q.hold_door, work.org, link, hash_of(device or ""))
    rules.may_enter(policy=door["policy"], first=door["used_at"] is None, known=door["known"], said_right=said_right)
    if said_right:
        await work.execute(Q.count_answer, work.org, link, 0, None)
    if device:
        await work.execute(Q.know_device, work.org, link, hash_of(device), work.now)


async def recognise(house: House, token: str, *, ip: str | None = None) -> SignedIn | None:
    """Whose session this token is; None when it ran out, was ended or never was."""
    with translated():
        async with house.database.app.acquire(timeout=PATIENCE) as connection:
            row = await connection.fetchrow(Q.open_session, hash_of(token), house.clock.now())
    if row is None:
        return None
    actor = Actor(org=row["org"], account=row["account"], role=Role(row["role"]), session=row["id"], ip=ip)
    return SignedIn(
        actor=actor,
        seen_at=row["seen_at"],
        idle_until=row["idle_until"],
        ends_at=row["ends_at"],
        epoch=row["epoch"],
        language=row["language"],
    )


@by(*CARED_FOR, *STAFF)
async def touch(work: Work) -> None:
    """Somebody did something, or waits, or is in a visit: the idle clock begins anew. Written at most every 30 s."""
    idle = work.now + Patience.of(work.actor.role).idle
    await work.execute(Q.touch_session, work.org, work.actor.session, work.now, idle)


@by(*CARED_FOR, *STAFF)
async def sign_out(work: Work) -> None:
    """This session ends now; its sockets close within a second."""
    if account := await work.value(Q.end_session, work.org, work.actor.session):
        await work.tell(SessionEnded(subject=account, ended=work.actor.session or account))


@by(*CARED_FOR, *STAFF)
async def sign_out_everywhere(work: Work) -> None:
    """Every session of this person ends now, this one too; their sockets close within a second."""
    await end_other_sessions(work)
    await sign_out(work)


@by(*CARED_FOR, *STAFF)
async def speak(work: Work, *, language: str) -> None:
    """The language of this session's pages."""
    await work.execute(Q.speak, work.org, work.actor.session, language)


@by(*CARED_FOR)
async def patient_of(work: Work) -> UUID | None:
    """For whom this account acts."""
    return await work.value(Q.patient_of, work.org, work.actor.account)


async def judge_anew(work: Work, fact: Fact) -> None:
    """Whatever was derived for this account is stale: its sockets are judged again within a second."""
    await work.execute(Q.bump_account, work.org, fact.subject)


REVOKES = {SessionEnded.__name__: judge_anew}
