"""Who is free, who is here, who is in the room. Stored status and presence; never guessed."""

from bedside.care.availability.actions import (
    beat,
    beat_session,
    become,
    enter,
    forget_gone,
    gone,
    leave,
    load_of,
    occupied,
    released,
    sign_out,
)
from bedside.care.availability.model import SILENCE, AvailabilityChanged, Presence, RoomEntered, RoomLeft, Status
from bedside.care.availability.views import ProviderView, free_providers, presence_in, presence_of, providers_of

__all__ = [
    "SILENCE",
    "AvailabilityChanged",
    "Presence",
    "ProviderView",
    "RoomEntered",
    "RoomLeft",
    "Status",
    "beat",
    "beat_session",
    "become",
    "enter",
    "forget_gone",
    "free_providers",
    "gone",
    "leave",
    "load_of",
    "occupied",
    "presence_in",
    "presence_of",
    "providers_of",
    "released",
    "sign_out",
]
