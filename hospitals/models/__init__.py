from .departments import Clinician, Closure, Department, Specialty
from .hospitals import Coordinator, Hospital, in_reader_language, name_in_reader_language, served_by

__all__ = [
    "Clinician",
    "Closure",
    "Coordinator",
    "Department",
    "Hospital",
    "Specialty",
    "in_reader_language",
    "name_in_reader_language",
    "served_by",
]
