"""The pages, by person. What the composition root needs: the routes, the static files, how a problem is drawn."""

from bedside.web.pages import assets, clinic, desk, desk_people, links, looked, me, patient, provider
from bedside.web.pages.problem import problem_page
from bedside.web.pages.render import STATIC

routes = [
    links.show_door,
    links.show_patient_link,
    links.show_staff_link,
    links.open_patient_link,
    links.open_staff_link,
    links.sign_out,
    me.show_sign_in,
    me.show_challenge,
    me.sign_in,
    me.show_me,
    me.sign_out_everywhere,
    me.show_new_passkey,
    me.add_passkey,
    me.remove_passkey,
    patient.router,
    looked.patients,
    looked.answering,
    provider.show_waiting_room,
    provider.become,
    provider.router,
    desk.router,
    desk_people.router,
    clinic.router,
    assets.send_asset,
]

__all__ = ["STATIC", "problem_page", "routes"]
