"""The files to read before a session: attached and taken out by who plans it, opened by who takes part."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.files import serve
from portal.records.lookup import visible_or_404
from portal.records.screens import form_status, kept
from programs.forms.sessions import SessionFileForm
from programs.models import Session, SessionFile
from programs.workflow import session_files

from .sessions import ask, crumbs_to, editable_or_404


@requires(Permission.RUN_COHORTS, Permission.EDIT_OWN_SESSIONS)
def session_attach(request, pk):
    session = editable_or_404(request, pk)
    form = SessionFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if kept(form, lambda: session_files.attach(session, by=request.user, upload=form.cleaned_data["file"])):
        messages.success(request, _("The file is attached. Trainees get it when the schedule is released."))
        return redirect("programs:session-detail", pk=pk)
    page = {"form": form, "session": session, "crumbs": crumbs_to(request.user, session.cohort)}
    return render(request, "programs/session_attach.html", page, status=form_status(form))


@requires(Permission.RUN_COHORTS, Permission.EDIT_OWN_SESSIONS)
def sessionfile_take_out(request, pk):
    rows = SessionFile.objects.filter(session__in=Session.objects.editable_by(request.user)).standing()
    attached = visible_or_404(rows.select_related("file"), request.user, pk=pk)
    effects = [_("Nobody outside has seen it: it is deleted.")]
    if attached.is_released:
        effects = [_("Trainees can open it until the schedule is released. Then it is deleted.")]
    return ask(
        request,
        editable_or_404(request, attached.session_id),
        lambda session, by: session_files.take_out(attached, by=by),
        question=_("Take out the file “%(name)s”?") % {"name": attached},
        button=_("Take out the file"),
        done=_("The file is taken out."),
        effects=effects,
    )


@requires(Permission.SEE_COHORTS, Permission.EDIT_OWN_SESSIONS, Permission.OWN_TRAINING)
def sessionfile_download(request, pk):
    return serve(visible_or_404(SessionFile.objects.select_related("file"), request.user, pk=pk).file)
