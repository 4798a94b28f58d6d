"""Who takes part in which visit, may do what there, and until when."""

from bedside.care.grants.actions import (
    REVOKES,
    admit,
    admit_all,
    dismiss,
    end_all_but,
    held,
    issue,
    join,
    revive,
    step_out,
)
from bedside.care.grants.model import (
    AccessTokenGranted,
    AccessTokenRevoked,
    Grant,
    GrantLapsed,
    Participant,
    ParticipantAdded,
    ParticipantGone,
)
from bedside.care.grants.views import my_grant, participants_of

__all__ = [
    "REVOKES",
    "AccessTokenGranted",
    "AccessTokenRevoked",
    "Grant",
    "GrantLapsed",
    "Participant",
    "ParticipantAdded",
    "ParticipantGone",
    "admit",
    "admit_all",
    "dismiss",
    "end_all_but",
    "held",
    "issue",
    "join",
    "my_grant",
    "participants_of",
    "revive",
    "step_out",
]
