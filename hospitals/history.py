"""The trail of a hospital with everything that belongs to it."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from portal.records.models import Event

from .models import Clinician, Coordinator, Department


def events_of(hospital):
    """Events about the hospital, what was merged into it, its departments, coordinators and clinicians."""
    wanted = Q()
    for model in (Department, Coordinator, Clinician):
        kind = ContentType.objects.get_for_model(model)
        rows = model.objects.filter(hospital=hospital)
        wanted |= Q(subject_type=kind, subject_id__in=rows.values("pk"))
    return Event.objects.about(hospital) | Event.objects.filter(wanted)
