"""A ministry's list of nominees: the template that is sent out, and the file that comes back."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.imports.storing import TYPES
from portal.records.imports.uploading import upload
from portal.records.lookup import visible_or_404
from programs.imports import NominationImport
from programs.models import Cohort
from programs.nomination_template import template_for


@requires(Permission.RUN_COHORTS)
def cohort_nominations(request, pk):
    cohort = visible_or_404(Cohort.objects.for_list(), request.user, pk=pk)
    template = reverse("programs:cohort-nominations-template", args=[pk])
    return upload(request, NominationImport, parent=cohort, template_url=template)


@requires(Permission.RUN_COHORTS)
def cohort_nominations_template(request, pk):
    cohort = visible_or_404(Cohort.objects.for_list(), request.user, pk=pk)
    response = HttpResponse(template_for(cohort), content_type=TYPES[".xlsx"])
    name = content_disposition_header(True, f"nominations-{cohort.code}.xlsx")
    response.headers["Content-Disposition"] = name
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
