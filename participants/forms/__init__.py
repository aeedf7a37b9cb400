from .people import (
    DuplicateFilter,
    FollowUpAnswerForm,
    FollowUpFilter,
    GraduationFilter,
    NotSameForm,
    TraineeFilter,
    TraineeForm,
    WaiveForm,
)

__all__ = [
    "DuplicateFilter",
    "FollowUpAnswerForm",
    "FollowUpFilter",
    "GraduationFilter",
    "NotSameForm",
    "TraineeFilter",
    "TraineeForm",
    "WaiveForm",
]
