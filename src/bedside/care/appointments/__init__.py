"""Who sees whom, and when. An appointment has no state of its own: its consultation has."""

from bedside.care.appointments.actions import book, retime
from bedside.care.appointments.model import Appointment, AppointmentBooked, AppointmentRetimed

__all__ = ["Appointment", "AppointmentBooked", "AppointmentRetimed", "book", "retime"]
