from .mailings import Mailing
from .outgoingmails import OutgoingMail, OutgoingMailQuerySet, Phase, State
from .sweeps import Sweep

__all__ = ["Mailing", "OutgoingMail", "OutgoingMailQuerySet", "Phase", "State", "Sweep"]
