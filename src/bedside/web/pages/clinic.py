"""The administrator's page: departments, who works here and how they come in, the texts that patients are asked to
agree to. It is the first page of a new clinic."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from bedside.care import consent, people
from bedside.care.consent import ConsentTextView
from bedside.care.people import Colleague
from bedside.journal import Work
from bedside.journal.may import STAFF
from bedside.kernel import NotFound, NotYourPart, Refused, Role, Unfit
from bedside.web.pages.done import Form, once, why_not
from bedside.web.pages.render import AnyRequest, Html, render, see_other


class SetUp(msgspec.Struct, frozen=True):
    """The clinic as its administrator sees it."""

    clinic_name: str
    my_name: str
    zone: str
    languages: list[str]
    departments: list[tuple[UUID, str]]
    colleagues: list[Colleague]
    texts: Mapping[str, list[ConsentTextView]]
    """By type, the newest version first."""

    def version(self, type: str) -> int:
        """The version in use; 0 where there is none yet."""
        return self.texts[type][0].version if self.texts[type] else 0

    def in_use(self, type: str, language: str) -> str:
        """The words in use in one language; nothing where there are none."""
        version = self.version(type)
        found = (text.body for text in self.texts[type] if text.version == version and text.language == language)
        return next(found, "")


async def set_up(work: Work) -> SetUp:
    """How the clinic is set up. Nothing of any patient."""
    async with work:
        if work.actor.role is not Role.ADMINISTRATOR:
            raise NotYourPart
        clinic = await people.clinic_of(work)
        names = await people.staff_names(work, [work.actor.account])
        departments, colleagues = await people.all_departments(work), await people.colleagues(work)
        texts = await consent.all_texts(work)
    by_type = {type: [text for text in texts if text.type == type] for type in consent.TYPES}
    return SetUp(
        clinic.name, names[work.actor.account], clinic.zone, clinic.languages, departments, colleagues, by_type
    )


@get("/")
async def show_clinic(request: AnyRequest, work: NamedDependency[Work]) -> Html:
    """How the clinic is set up."""
    return await _draw(request, work)


@post("/departments", status_code=303)
async def open_department(request: AnyRequest, work: NamedDependency[Work], data: Form) -> Html | Response[None]:
    """One more department."""

    async def it() -> None:
        await people.open_department(work, name=data.get("name", "").strip())

    return await _done(request, work, data, it) or see_other("/clinic")


@post("/staff", status_code=200)
async def invite(request: AnyRequest, work: NamedDependency[Work], data: Form) -> Html | Response[None]:
    """Somebody starts to work here. Their link is shown this once, and kept nowhere."""
    made: list[str] = []

    async def it() -> None:
        role, department = _role(data.get("role", "")), data.get("department", "")
        account = await people.hire(
            work,
            name=data.get("name", "").strip(),
            role=role,
            department=_id(department) if department else None,
            specialty=data.get("specialty", "").strip()[:100] or None,
        )
        made.append(await _invite(work, account, role))

    return await _with_link(request, work, data, it, made, data.get("name", "").strip())


@post("/staff/{id:uuid}/link", status_code=200)
async def new_link(
    request: AnyRequest, work: NamedDependency[Work], id: FromPath[UUID], data: Form
) -> Html | Response[None]:
    """A new link for a colleague who works here already."""
    made: list[str] = []
    there = await set_up(Work(work.house, work.actor))
    colleague = next((each for each in there.colleagues if each.id == id and each.role == data.get("role")), None)
    if colleague is None:
        raise NotFound

    async def it() -> None:
        made.append(await _invite(work, id, Role(colleague.role)))

    return await _with_link(request, work, data, it, made, colleague.name)


@post("/texts/{type:str}", status_code=303)
async def publish(
    request: AnyRequest, work: NamedDependency[Work], type: FromPath[str], data: Form
) -> Html | Response[None]:
    """A new version of a text, in all languages of the clinic at once. The old ones stay on record."""
    there = await set_up(Work(work.house, work.actor))

    async def it() -> None:
        # The version that stood on the page: two who publish at once do not both replace it.
        version = int(data.get("version", "")) + 1
        for language in there.languages:
            body = data.get(f"body-{language}", "").replace("\r\n", "\n")
            await consent.publish_text(work, type=type, version=version, language=language, body=body)

    return await _done(request, work, data, it) or see_other(f"/clinic#{type}")


async def _invite(work: Work, account: UUID, role: Role) -> str:
    return await people.issue_link(work, account=account, role=role, expires_at=work.now + people.INVITED_FOR)


async def _with_link(
    request: AnyRequest, work: Work, form: Any, act: Any, made: list[str], name: str
) -> Html | Response[None]:
    if trouble := await _done(request, work, form, act):
        return trouble
    if not made:  # the same form again: what it made is not kept
        return see_other("/clinic")
    link = f"{str(request.base_url).rstrip('/')}/s/{made[0]}"
    return await _draw(request, Work(work.house, work.actor), link=link, invited=name)


async def _done(request: AnyRequest, work: Work, form: Any, act: Any) -> Html | None:
    """Do it once; the page again where it was refused."""
    try:
        await once(work, act)
    except (Refused, ValueError) as refused:
        why = refused if isinstance(refused, Refused) else Unfit()
        if isinstance(why, NotYourPart):
            raise
        return await _draw(request, Work(work.house, work.actor), **why_not(request, why, form))
    return None


async def _draw(request: AnyRequest, work: Work, *, status: int = 200, **more: Any) -> Html:
    there = await set_up(work)
    context = {"link": "", "invited": "", "roles": [str(role) for role in STAFF]} | more
    return render(
        request, "staff/clinic.html", status=status, desk=there, zone=there.zone, now=work.now, **context
    )  # fmt: skip


def _role(text: str) -> Role:
    role = Role(text)
    if not role.is_staff:
        raise Unfit
    return role


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


router = Router(
    "/clinic", route_handlers=[show_clinic, open_department, invite, new_link, publish], include_in_schema=False
)
