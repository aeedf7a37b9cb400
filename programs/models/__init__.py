from .certificates import Certificate, CertificateCounter
from .cohorts import Cohort, HeadCount, Quota
from .enrollments import Enrollment
from .placements import Placement
from .programs import Brand, Criterion, Program
from .sessions import Session

__all__ = [
    "Brand",
    "Certificate",
    "CertificateCounter",
    "Cohort",
    "Criterion",
    "Enrollment",
    "HeadCount",
    "Placement",
    "Program",
    "Quota",
    "Session",
]
