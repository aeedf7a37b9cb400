"""Erasing a person at their wish: what goes and what stays is shown first."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from participants.models import Trainee
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.lookup import visible_or_404
from portal.records.screens import form_status
from portal.records.transitions import NotNow
from programs import erasing
from programs.forms.erasing import EraseForm
from programs.workflow.erasing import erase, why_not


@requires(Permission.ERASE_PEOPLE)
@never_cache
def trainee_erase(request, pk):
    trainee = visible_or_404(Trainee.objects.unmerged(), request.user, pk=pk)
    form = EraseForm(request.POST or None, trainee=trainee)
    refused = why_not(trainee)
    if request.method == "POST" and not refused and form.is_valid():
        keep, wish = form.cleaned_data["certificate"] == "keep", form.cleaned_data["wish"]
        try:
            erase(trainee, by=request.user, keep_certificate=keep, wish=wish)
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The person is erased. Every count is as before."))
            return redirect("participants:trainee-list")
    goes, stays = erasing.preview(trainee)
    page = {"trainee": trainee, "form": form, "refused": refused, "goes": goes, "stays": stays}
    status = 409 if refused and form.is_bound else form_status(form)
    return render(request, "programs/trainee_erase.html", page, status=status)
