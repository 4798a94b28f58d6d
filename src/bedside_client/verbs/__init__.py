"""Every verb, by whom it concerns: the clinic, or one visit."""

# Written from the description of the API by tools/reference_client.py: change that, then `make docs`.

from bedside_client.verbs.availability import AvailabilityOfTheClinic
from bedside_client.verbs.channels import ChannelsOfTheClinic
from bedside_client.verbs.consent import ConsentOfTheClinic
from bedside_client.verbs.consultation import ConsultationOfAVisit
from bedside_client.verbs.desk import DeskOfAVisit, DeskOfTheClinic
from bedside_client.verbs.messages import MessagesOfAVisit
from bedside_client.verbs.notification import NotificationOfTheClinic
from bedside_client.verbs.people import PeopleOfTheClinic
from bedside_client.verbs.queue import QueueOfAVisit, QueueOfTheClinic


class ClinicVerbs(
    AvailabilityOfTheClinic,
    ChannelsOfTheClinic,
    ConsentOfTheClinic,
    DeskOfTheClinic,
    NotificationOfTheClinic,
    PeopleOfTheClinic,
    QueueOfTheClinic,
):
    """In the clinic."""


class VisitVerbs(ConsultationOfAVisit, DeskOfAVisit, MessagesOfAVisit, QueueOfAVisit):
    """In a visit."""


__all__ = ["ClinicVerbs", "VisitVerbs"]
