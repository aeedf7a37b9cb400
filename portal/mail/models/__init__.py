from .addresses import BouncedAddress
from .mailings import Mailing
from .outgoingmails import OutgoingMail, OutgoingMailQuerySet, Phase, State
from .sweeps import Sweep
from .wordings import Wording

__all__ = [
    "BouncedAddress",
    "Mailing",
    "OutgoingMail",
    "OutgoingMailQuerySet",
    "Phase",
    "State",
    "Sweep",
    "Wording",
]
