"""Who signs certificates: from which day, and with which signature and seal."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records import clock, trail
from portal.records.files import serve_picture
from portal.records.lookup import visible_or_404
from portal.records.models import Event
from portal.records.screens import form_status
from programs.forms.signatories import MarkForm, SignatoryForm
from programs.models import Signatory, SignatoryMark
from programs.workflow import signatories


@requires(Permission.KEEP_SIGNATORIES)
def signatory_list(request):
    people = list(Signatory.objects.visible_to(request.user))
    marks = SignatoryMark.objects.latest_of_each().select_related("signatory", "by")
    by_person = {}
    for mark in marks:
        by_person.setdefault(mark.signatory_id, {})[mark.kind] = mark
    page = {
        "rows": [(person, by_person.get(person.pk, {})) for person in people],
        "signing": next((person for person in people if person.since <= clock.today()), None),
        "lines": trail.lines(Event.objects.about(*people).for_history()) if people else [],
    }
    return render(request, "programs/signatory_list.html", page)


@requires(Permission.KEEP_SIGNATORIES)
def signatory_create(request):
    form = SignatoryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = signatories.create(by=request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s is entered. Upload the signature now.") % {"name": person})
        return redirect("programs:signatory-mark", pk=person.pk)
    return render(request, "programs/signatory_create.html", {"form": form}, status=form_status(form))


@requires(Permission.KEEP_SIGNATORIES)
def signatory_edit(request, pk):
    person = visible_or_404(Signatory.objects.all(), request.user, pk=pk)
    form = SignatoryForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        signatories.edit(person, by=request.user, **form.cleaned_data)
        messages.success(request, _("The changes are kept."))
        return redirect("programs:signatory-list")
    page = {"form": form, "signatory": person}
    return render(request, "programs/signatory_edit.html", page, status=form_status(form))


@requires(Permission.KEEP_SIGNATORIES)
def signatory_mark(request, pk):
    """A picture as the next version; one that cannot be used is refused at its field."""
    person = visible_or_404(Signatory.objects.all(), request.user, pk=pk)
    form = MarkForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            signatories.put_mark(person, by=request.user, **form.facts)
        except ValidationError as error:
            form.add_error("picture", error)
        else:
            messages.success(request, _("The picture is kept. Certificates issued from now on carry it."))
            return redirect("programs:signatory-list")
    page = {"form": form, "signatory": person}
    return render(request, "programs/signatory_mark.html", page, status=form_status(form))


@requires(Permission.KEEP_SIGNATORIES)
def signatorymark_picture(request, pk):
    people = Signatory.objects.visible_to(request.user)
    mark = visible_or_404(people, request.user, marks=pk).marks.select_related("file").get(pk=pk)
    return serve_picture(mark.file)
