"""Offers of hospitals: all of a cohort for staff, one's own for a coordinator, and the page where they are entered."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hospitals.models import Department, Hospital
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.lookup import visible_or_404
from portal.records.screens import form_status, kept
from programs.forms.hostings import HostingForm
from programs.models import Cohort, Hosting
from programs.workflow import hostings
from programs.workspace import workspace


@requires(Permission.SEE_COHORTS)
def cohort_hostings(request, pk):
    page = workspace(request, pk, "placements")
    said = {one.hospital_id: one for one in page["cohort"].hostings.prefetch_related("seats")}
    page["rows"] = [
        (hospital, said.get(hospital.pk), _by_week(said.get(hospital.pk)))
        for hospital in page["cohort"].hospitals.order_by("name")
    ]
    page["may_place"] = request.user.has(Permission.PLACE_TRAINEES)
    return render(request, "programs/cohort_hostings.html", page)


@requires(Permission.ANSWER_PLACEMENTS)
def hosting_list(request):
    asked = hostings.asked_of(request.user)
    said = {
        (one.cohort_id, one.hospital_id): one
        for one in Hosting.objects.visible_to(request.user).prefetch_related("seats")
    }
    rows = [
        (cohort, hospital, one := said.get((cohort.pk, hospital.pk)), _by_week(one))
        for cohort, hospital in asked
    ]
    return render(request, "programs/hosting_list.html", {"rows": rows})


@requires(Permission.ANSWER_PLACEMENTS)
def hosting_edit(request, cohort, hospital):
    hospital = visible_or_404(Hospital.objects.all(), request.user, pk=hospital)
    cohort = Cohort.objects.filter(pk=cohort, hospitals=hospital).first()
    if cohort is None:
        raise Http404
    hosting = Hosting.objects.filter(cohort=cohort, hospital=hospital).prefetch_related("seats").first()
    form = HostingForm(
        request.POST or None, cohort=cohort, hosting=hosting, user=request.user,
        departments=list(Department.objects.placeable().with_names().filter(hospital=hospital)),
    )  # fmt: skip
    back = reverse("programs:hosting-list")
    if request.user.is_team:
        back = reverse("programs:cohort-hostings", args=[cohort.pk])
    if kept(form, lambda: hostings.say(cohort, hospital, by=request.user, **form.facts)):
        messages.success(request, _("Thank you. The offer is kept."))
        return redirect(back)
    page = {"form": form, "cohort": cohort, "hospital": hospital, "hosting": hosting, "back": back}
    return render(request, "programs/hosting_edit.html", page, status=form_status(form))


def _by_week(hosting):
    """The seats offered in each week, over all departments: pairs of Monday and number."""
    weeks = {}
    for row in hosting.seats.all() if hosting else ():
        weeks[row.monday] = weeks.get(row.monday, 0) + row.seats
    return sorted(weeks.items())
