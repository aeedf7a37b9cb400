from .followups import FollowUpAnswerForm, FollowUpFilter, PostForm, VisitForm, WaiveForm
from .graduates import GraduationFilter, GraduationForm
from .people import DuplicateFilter, NotSameForm, TraineeFilter, TraineeForm

__all__ = [
    "DuplicateFilter",
    "FollowUpAnswerForm",
    "FollowUpFilter",
    "GraduationFilter",
    "GraduationForm",
    "NotSameForm",
    "PostForm",
    "TraineeFilter",
    "TraineeForm",
    "VisitForm",
    "WaiveForm",
]
