from .duplicates import Duplicate
from .people import FollowUp, Graduation, Trainee

__all__ = ["Duplicate", "FollowUp", "Graduation", "Trainee"]
