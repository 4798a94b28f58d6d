"""The consultation's table: every verb, from where to where, by whom, unless what.

This is the one place where the steps of a visit are written down. The database holds the same arrows as rows.
"""

from bedside.care.consultation.guards import (
    absent_too_short,
    another_day,
    device_check_not_abandoned,
    grace_is_over,
    identity_not_confirmed,
    moved_away,
    new_time_elsewhen,
    no_new_time_today,
    no_reason,
    no_summary,
    no_telehealth_consent,
    outside_the_join_window,
    patient_is_away,
    patient_is_elsewhere,
    patient_is_here,
    place_not_confirmed,
    provider_is_full,
    provider_is_there,
    somebody_is_missing,
    somebody_is_there,
)
from bedside.care.consultation.model import State
from bedside.kernel import Arrow, Guard, Machine, Party

PATIENT, PROVIDER, COLLEAGUE = Party.PATIENT, Party.PROVIDER, Party.COLLEAGUE
DESK, ADMINISTRATOR, SYSTEM = Party.DESK, Party.ADMINISTRATOR, Party.SYSTEM


def _(
    source: State, verb: str, target: State, *by: Party, unless: tuple[Guard, ...] = (), entry: bool | None = None
) -> Arrow:
    return Arrow(source=source, verb=verb, target=target, by=frozenset(by), unless=unless, entry=entry)


S = State
# fmt: off
CONSULTATION = Machine(
    "consultation",
    start=S.SCHEDULED,
    arrows=[
        _(S.SCHEDULED,   "check_in",          S.CHECKED_IN,  PATIENT, DESK, entry=False,
          unless=(no_telehealth_consent, outside_the_join_window, place_not_confirmed)),
        _(S.CHECKED_IN,  "pass_device_check", S.WAITING,     PATIENT, DESK, PROVIDER, entry=True),
        _(S.WAITING,     "call_in",           S.CONNECTING,  PROVIDER, COLLEAGUE, entry=True,
          unless=(no_telehealth_consent, provider_is_full, patient_is_elsewhere, patient_is_away,
                  identity_not_confirmed)),
        _(S.CONNECTING,  "connect",           S.IN_PROGRESS, SYSTEM, entry=True,
          unless=(no_telehealth_consent, somebody_is_missing)),
        _(S.CONNECTING,  "send_back",         S.WAITING,     PROVIDER, SYSTEM, entry=True, unless=(no_reason,)),
        _(S.CONNECTING,  "send_back",         S.WAITING,     DESK, COLLEAGUE, entry=True,
          unless=(provider_is_there, no_reason)),
        _(S.IN_PROGRESS, "send_back",         S.WAITING,     PROVIDER, entry=True, unless=(no_reason,)),
        _(S.IN_PROGRESS, "send_back",         S.WAITING,     DESK, COLLEAGUE, entry=True,
          unless=(provider_is_there, no_reason)),
        _(S.IN_PROGRESS, "end",               S.WRAPPING_UP, PROVIDER, entry=True),
        _(S.IN_PROGRESS, "end",               S.WRAPPING_UP, SYSTEM, entry=True, unless=(somebody_is_there,)),
        _(S.WRAPPING_UP, "call_back",         S.IN_PROGRESS, PROVIDER, entry=True,
          unless=(no_telehealth_consent, provider_is_full)),
        _(S.WRAPPING_UP, "complete",          S.COMPLETED,   PROVIDER, entry=True, unless=(no_summary,)),
        _(S.WRAPPING_UP, "complete",          S.COMPLETED,   COLLEAGUE, ADMINISTRATOR, entry=True,
          unless=(no_reason, no_summary)),
        _(S.WAITING,     "give_up",           S.NO_SHOW,     PROVIDER, DESK, entry=True),
        _(S.WAITING,     "give_up",           S.NO_SHOW,     SYSTEM, entry=True,
          unless=(patient_is_here, absent_too_short)),
        _(S.SCHEDULED,   "give_up",           S.NO_SHOW,     PROVIDER, DESK, entry=False),
        _(S.SCHEDULED,   "give_up",           S.NO_SHOW,     SYSTEM, entry=False, unless=(patient_is_here,)),
        _(S.NO_SHOW,     "come_back",         S.WAITING,     PATIENT, entry=True,
          unless=(grace_is_over, moved_away, no_telehealth_consent)),
        _(S.NO_SHOW,     "come_back",         S.WAITING,     DESK, entry=True,
          unless=(another_day, moved_away, no_telehealth_consent)),
        _(S.NO_SHOW,     "reopen",            S.SCHEDULED,   PATIENT, DESK, entry=False,
          unless=(another_day, moved_away, no_new_time_today)),
        _(S.CANCELLED,   "reopen",            S.SCHEDULED,   PATIENT, DESK, entry=False,
          unless=(another_day, moved_away, no_new_time_today)),
        _(S.SCHEDULED,   "cancel",            S.CANCELLED,   PATIENT, PROVIDER, DESK, entry=False, unless=(no_reason,)),
        _(S.CHECKED_IN,  "cancel",            S.CANCELLED,   PATIENT, PROVIDER, DESK, entry=True, unless=(no_reason,)),
        _(S.CHECKED_IN,  "cancel",            S.CANCELLED,   SYSTEM, entry=True,
          unless=(patient_is_here, device_check_not_abandoned, no_reason)),
        _(S.WAITING,     "cancel",            S.CANCELLED,   PATIENT, PROVIDER, DESK, entry=True, unless=(no_reason,)),
        _(S.CANCELLED,   "reschedule",        S.CHECKED_IN,  PATIENT, DESK, entry=True,
          unless=(another_day, moved_away, no_telehealth_consent, place_not_confirmed, new_time_elsewhen)),
    ],
)
# fmt: on
