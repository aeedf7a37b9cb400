"""A trainee's own pages."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from participants.models import Trainee
from portal.accounts.guards import public, requires
from portal.accounts.roles import Permission
from portal.records.transitions import NotNow
from programs import workflow
from programs.forms.my import CertificateNameForm
from programs.models import Certificate, Enrollment
from programs.my_reading import schedule_of

# What the schedule looks like without reception, beside itself.
WORKER_FILES = ("portal.css", "vendor/bootstrap/bootstrap.min.css", "portal.js", "my_schedule.js", "sign.svg")


@requires(Permission.OWN_TRAINING)
@gzip_page  # for bad reception; its padding of random length and masked tokens leave nothing to guess by the size
def my_schedule(request):
    schedule = schedule_of(request.user)
    page = {"schedule": schedule}
    if schedule is None:
        waiting = [Enrollment.State.NOMINATED, Enrollment.State.RESERVE]
        nominations = Enrollment.objects.visible_to(request.user).filter(
            trainee__user=request.user, state__in=waiting
        )
        page["nomination"] = nominations.select_related("cohort").first()
    else:
        workflow.looks.note(schedule.enrollment)
    return render(request, "programs/my_schedule.html", page)


@public
@require_safe
def my_schedule_worker(request):
    """The script that keeps a copy of the schedule in the phone. It holds nothing of anybody, only names of files."""
    page = {"files": WORKER_FILES}
    response = render(request, "programs/my_schedule_worker.js", page, content_type="text/javascript")
    response.headers["Service-Worker-Allowed"] = reverse("programs:my-schedule")
    response.headers["Cache-Control"] = "no-cache"
    return response


@requires(Permission.OWN_TRAINING)
def my_certificates(request):
    trainee = Trainee.objects.filter(user=request.user).first()
    form, status = None, 200
    if trainee:
        form = CertificateNameForm(request.POST or None, initial={"name": trainee.name_on_certificate})
        if request.method == "POST" and form.is_valid() and _confirm_name(request, trainee, form):
            return redirect("programs:my-certificates")
        status = 422 if form.is_bound else 200
    page = {
        "trainee": trainee,
        "form": form,
        "is_open": bool(trainee) and workflow.certificate_names.is_open(trainee),
        "certificates": Certificate.objects.visible_to(request.user)
        .filter(enrollment__trainee=trainee)
        .for_owner(),
    }
    return render(request, "programs/my_certificates.html", page, status=status)


def _confirm_name(request, trainee, form):
    try:
        workflow.certificate_names.confirm(trainee, by=request.user, name=form.cleaned_data["name"])
    except NotNow as error:
        form.add_error(None, error.messages)
        return False
    messages.success(request, _("Thank you. Your certificate will print the name like this."))
    return True
