"""What the clinic answers, member by member, as it is spelled in JSON."""

# Written from the description of the API by tools/reference_client.py: change that, then `make docs`.

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict


class AccessView(TypedDict):
    """Somebody saw something of the record. `name` is none where the clinic tells only what its people are."""

    entry: str
    name: str | None
    role: str
    mine: bool
    what: str
    visit: str | None
    day: str
    first: str
    last: str
    times: int
    asked: list[Asked]


class Accesses(TypedDict):
    """Who looked, the latest first, in whole days; `before` asks for what is older, none when this is all."""

    accesses: list[AccessView]
    before: int | None


class ActiveChannel(TypedDict):
    """A visit that is going on: under which addresses it is heard, and who takes part."""

    channel: str
    pair: str | None
    consultation: str
    state: str
    since: str
    people: list[TakingPart]


class Asked(TypedDict):
    """What was asked about an access, and the answer once there is one."""

    id: str
    words: str
    at: str
    answer: str | None
    answeredAt: str | None


class AskedAbout(TypedDict):
    """The question's id."""

    id: str


class BoardView(TypedDict):
    """A department's day."""

    cursor: Cursor
    clinicName: str
    department: str
    departmentName: str
    zone: str
    rows: list[QueueRow]
    trouble: list[Trouble]
    colleagues: list[ProviderView]


class Booked(TypedDict):
    """The visit as it is planned now: another one than before, where it was moved to another day."""

    consultation: str
    appointment: str
    startsAt: str
    state: str
    version: int


class ChannelView(TypedDict):
    """What an address means for whoever asks: the topic to listen to, and the view to fetch."""

    name: str
    topic: str
    content: bool
    view: str | None


class CheckedIn(TypedDict):
    """The answer to a check-in: where the visit is now, and the permission to take part in it."""

    consultation: str
    queueEntry: str | None
    state: str
    version: int
    entry: str | None
    undoUntil: NotRequired[str | None]
    grant: NotRequired[GrantIssued | None]


class ConsentTextView(TypedDict):
    """The exact text that is shown, with the hash that is kept."""

    type: str
    version: int
    language: str
    body: str
    sha256: str


class ConsentView(TypedDict):
    """A decision, as both sides see it."""

    type: str
    granted: bool
    version: int
    language: str
    at: str
    textSha256: str


class Cursor(TypedDict):
    """Cursor."""

    era: str
    n: int


class DeviceCheck(TypedDict):
    """What a device said of itself: result words only. `reason` says why it was skipped."""

    camera: str
    microphone: str
    connection: str
    reason: NotRequired[str | None]


class Done(TypedDict):
    """The answer to a verb: where the visit is now. Holds nobody's information, so it can be kept for a repeat."""

    consultation: str
    queueEntry: str | None
    state: str
    version: int
    entry: str | None
    undoUntil: NotRequired[str | None]


class Earlier(TypedDict):
    """What a message said before it was changed, and until when."""

    version: int
    body: str
    until: str


class FirstTold(TypedDict):
    """The first estimate that somebody saw: what we hold ourselves to."""

    middle: int
    nineInTen: int


class Found(TypedDict):
    """Who has every mark that was given. `more`: there are others; say more of whom you look for."""

    patients: list[FoundPatient]
    more: bool


class FoundPatient(TypedDict):
    """Somebody on the books, as the desk tells them from others."""

    id: str
    account: str
    given: str
    family: str
    birthDate: str
    language: str
    phone: str
    mrn: str


class GrantIssued(TypedDict):
    """A permission to take part: an opaque token, what it allows, and its end."""

    token: str
    operations: list[str]
    expiresAt: str


class LinePlace(TypedDict):
    """Where a patient stands: says nothing of anybody else."""

    position: int
    ahead: int
    since: str
    changed: NotRequired[OrderChanged | None]
    wait: NotRequired[Wait]
    longer: NotRequired[bool]


class LinkGiven(TypedDict):
    """Where the patient comes in, and until when. The secret is in it and is shown this once."""

    path: str
    expiresAt: str


class Me(TypedDict):
    """Who I am here."""

    account: str
    org: str
    role: str
    cursor: Cursor
    departments: list[str]
    visits: list[str]


class MessageView(TypedDict):
    """One message, opened. Of one that was taken back, nothing is shown but that it was there (`type`: deleted)."""

    id: str
    type: str
    sender: str
    senderName: str | None
    role: str
    body: str
    at: str
    mine: bool
    seq: int
    version: int
    editedAt: str | None
    deletedAt: str | None
    seen: bool
    seenBy: list[Seen]
    metadata: Metadata


class Metadata(TypedDict):
    """What is true of how a message was kept: sealed in its row; under which consent said; its entry in the record."""

    encrypted: bool
    consentVerified: bool
    auditRef: str | None


class NotificationView(TypedDict):
    """A kind and a visit; the words are the reader's language's."""

    id: str
    kind: str
    priority: str
    consultation: str | None
    madeAt: str
    readAt: str | None


class OpenQuestion(TypedDict):
    """A question for whoever is answerable: who asks, about whose access, when."""

    asked: Asked
    patientName: str
    name: str | None
    role: str
    what: str
    lookedAt: str
    mine: bool


class OrderChanged(TypedDict):
    """Why somebody who came later stands before me: a kind, a reason out of the list, a time. Nobody is named."""

    kind: str
    code: str
    at: str
    emergency: bool


class PersonView(TypedDict):
    """Somebody who takes part, and as what. Nobody is hidden."""

    account: str
    name: str
    role: str
    since: str | None
    here: bool
    inRoom: bool


class ProviderView(TypedDict):
    """A provider as colleagues see them."""

    account: str
    name: str
    specialty: str
    status: str
    statusAt: str
    currentPatientCount: int
    maxPatients: int


class QueueRow(TypedDict):
    """One person on the board. `can` is what the reader of the board may do with them."""

    consultation: str
    queueEntry: str | None
    state: str
    status: str | None
    priority: str
    version: int
    position: int | None
    name: str
    birthDate: str
    patient: str
    provider: str | None
    providerName: str | None
    startsAt: str
    checkedInAt: str | None
    waitingSince: str | None
    calledAt: str | None
    startedAt: str | None
    endedAt: str | None
    closedAt: str | None
    closeCode: str | None
    comeBackUntil: str | None
    here: bool
    device: DeviceCheck | None
    consent: bool
    placeConfirmed: bool
    messages: int
    similar: bool
    estimatedWaitMinutes: int | None
    nineInTenMinutes: int | None
    waitBasis: Literal["learned", "booked", "unknown"]
    told: FirstTold | None
    can: list[str]


class Registered(TypedDict):
    """A patient on the books, and their account."""

    patient: str
    account: str


class Revised(TypedDict):
    """A message was changed or taken back: the version that it is now."""

    id: str
    version: int


class Seen(TypedDict):
    """Somebody had read it by then. `name` is none for the patient's own people; `at` for what is older than that."""

    account: str
    name: str | None
    role: str
    at: str | None


class Sent(TypedDict):
    """A message is kept: its id, its journal entry, and its number in the order of the visit."""

    id: str
    entry: str
    seq: int


class Session(TypedDict):
    """A session for a program: its bearer token."""

    token: str
    account: str
    org: str
    role: str
    consultation: str | None


class TakingPart(TypedDict):
    """Somebody in a visit, and as what. Patients have no name here."""

    account: str
    role: str
    name: str | None
    since: str
    here: bool
    inRoom: bool


class Trouble(TypedDict):
    """Who might be forgotten, or waits for somebody to act: what it is, and since when."""

    consultation: str
    kind: str
    since: str


class VisitInFull(TypedDict):
    """A visit as one person may see it, with their place in line and what was said."""

    id: str
    queueEntry: str | None
    state: str
    status: str | None
    version: int
    priority: str
    can: list[str]
    cursor: Cursor
    startsAt: str
    minutes: int
    zone: str
    department: str
    departmentName: str
    clinicName: str
    emergencyNumber: str
    patient: str
    patientName: str
    givenName: str
    birthDate: str
    language: str
    provider: str | None
    providerName: str | None
    providerSpecialty: str | None
    providerHere: bool
    patientHere: bool
    consent: ConsentView | None
    place: str | None
    callback: str | None
    placeConfirmed: bool
    device: DeviceCheck | None
    people: list[PersonView]
    mine: str
    takesPart: bool
    iAmInRoom: bool
    grantEndsAt: str | None
    checkedInAt: str | None
    waitingSince: str | None
    calledAt: str | None
    roomUntil: str | None
    minuteAsked: bool
    startedAt: str | None
    endedAt: str | None
    completedAt: str | None
    summary: str | None
    followUp: bool | None
    minutesLasted: int | None
    closeReason: str | None
    closeCode: str | None
    opensAt: str
    closesAt: str
    me: str
    movedTo: NotRequired[str | None]
    line: LinePlace | None
    messages: list[MessageView]
    messageCount: int


class Wait(TypedDict):
    """About so many minutes; nine in ten wait less than so many. Neither, when we cannot tell."""

    middle: int | None
    nineInTen: int | None
    basis: Literal["learned", "booked", "unknown"]


class WaitingRoomView(TypedDict):
    """A provider's own waiting room, with the department's queue beside it."""

    cursor: Cursor
    me: ProviderView
    clinicName: str
    department: str
    departmentName: str
    zone: str
    waiting: list[QueueRow]
    inVisit: list[QueueRow]
    onTheWay: list[QueueRow]
    departmentQueue: list[QueueRow]
    colleagues: list[ProviderView]
    notifications: list[NotificationView]
