"""Why not: the refusals of the visit. Each has a slug; its sentence stands in the catalogues."""

from bedside.kernel import Refused


class OutsideJoinWindow(Refused):
    """Check-in opens half an hour before the time and closes an hour after it."""

    slug = "outside-join-window"


class PlaceNotConfirmed(Refused):
    """Where the patient is, and a number to call back, must be confirmed at each check-in."""

    slug = "place-not-confirmed"
    status = "invalid"


class PatientElsewhere(Refused):
    """The patient is in another visit just now, or is being called into one."""

    slug = "patient-elsewhere"


class PatientAway(Refused):
    """No page of the patient is open. Calling anyway is possible, and must be said."""

    slug = "patient-away"


class IdentityNotConfirmed(Refused):
    """Nobody starts a visit without confirming whom they are about to see."""

    slug = "identity-not-confirmed"
    status = "invalid"


class ProviderFull(Refused):
    """This provider is in as many visits as they may be."""

    slug = "provider-full"


class SomebodyMissing(Refused):
    """A visit begins when patient and provider are both in the room."""

    slug = "somebody-missing"


class SomebodyThere(Refused):
    """A visit does not end by itself while somebody is in the room."""

    slug = "somebody-there"


class ProviderThere(Refused):
    """The provider is in the room, or left it less than two minutes ago."""

    slug = "provider-there"


class PatientHere(Refused):
    """Who is here is never swept away by a timer."""

    slug = "patient-here"


class GraceOver(Refused):
    """The time to come back has passed. The desk can still bring the patient back today."""

    slug = "grace-over"


class AnotherDay(Refused):
    """This can be done on the day of the visit only; for another day a new appointment is made."""

    slug = "another-day"


class ReasonNeeded(Refused):
    """A reason belongs to this, out of the list."""

    slug = "reason-needed"
    status = "invalid"


class SummaryNeeded(Refused):
    """A visit is completed with a closing summary."""

    slug = "summary-needed"
    status = "invalid"


class NewTimeNeeded(Refused):
    """Reopening takes a new time, later today."""

    slug = "new-time-needed"
    status = "invalid"


class DeviceCheckUnclear(Refused):
    """Each of camera, microphone and connection has one of the known result words; a skip has a reason."""

    slug = "device-check-unclear"
    status = "invalid"


class NobodyThere(Refused):
    """That provider or department does not see patients here."""

    slug = "nobody-there"
    status = "invalid"


class TooLate(Refused):
    """A change can be taken back for a moment only, by whoever made it."""

    slug = "too-late"


class AnotherDayNeeded(Refused):
    """Who was there today is taken up again today; another time is on another day."""

    slug = "another-day-needed"
    status = "invalid"


class MovedAway(Refused):
    """This visit was moved to another day, where it takes place under its own id."""

    slug = "moved-away"
