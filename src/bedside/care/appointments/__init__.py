"""Who sees whom, and when. An appointment has no state of its own: its consultation has."""

from bedside.care.appointments.actions import book, retime
from bedside.care.appointments.model import Appointment, AppointmentBooked, AppointmentRetimed, NoSuchTime, TimePast
from bedside.care.appointments.rules import instant_of

__all__ = [
    "Appointment",
    "AppointmentBooked",
    "AppointmentRetimed",
    "NoSuchTime",
    "TimePast",
    "book",
    "instant_of",
    "retime",
]
