"""A person's passport: entered, found by its number, and shown whole to who says why."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from participants import workflow
from participants.forms.passports import ErasePassportForm, FindPassportForm, PassportForm, RevealForm
from participants.models import Passport, Trainee
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.lookup import visible_or_404
from portal.records.screens import form_status
from portal.records.transitions import NotNow


@requires(Permission.CHECK_PAPERS)
@never_cache
@sensitive_post_parameters("number")
@sensitive_variables("form")
def passport_edit(request, pk):
    """`pk` is the person's: there may be no passport yet."""
    trainee = visible_or_404(Trainee.objects, request.user, pk=pk)
    passport = Passport.objects.filter(trainee=trainee).first()
    form = PassportForm(request.POST or None, trainee=trainee, passport=passport, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            workflow.passports.enter(trainee, by=request.user, **form.cleaned_data)
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The passport is kept."))
            return redirect("participants:trainee-detail", pk=trainee.pk)
    page = {"form": form, "trainee": trainee, "passport": passport}
    return render(request, "participants/passport_edit.html", page, status=422 if form.is_bound else 200)


@requires(Permission.REVEAL_PASSPORTS)
@never_cache
@sensitive_variables("number", "page")
def passport_reveal(request, pk):
    """`pk` is the person's. The number is shown once, on the answer to the POST that says why."""
    passport = visible_or_404(Passport.objects.select_related("trainee"), request.user, trainee=pk)
    form = RevealForm(request.POST or None)
    number, status = None, 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            number = workflow.passports.reveal(passport, by=request.user, reason=reason, request=request)
            status = 200
        except NotNow as error:
            form.add_error(None, error)
            status = 409
    effects = [_("Your name, the time and your reason stay in the access records.")]
    page = {"passport": passport, "form": form, "number": number, "effects": effects}
    return render(request, "participants/passport_reveal.html", page, status=status)


@requires(Permission.CHECK_PAPERS)
def passport_erase(request, pk):
    """`pk` is the person's: a scan may be kept without a number."""
    trainee = visible_or_404(Trainee.objects, request.user, pk=pk)
    form = ErasePassportForm(request.POST or None)
    status = form_status(form)
    if request.method == "POST" and form.is_valid():
        try:
            workflow.passports.erase_of(trainee, by=request.user, **form.cleaned_data)
        except NotNow as error:
            form.add_error(None, error)
            status = 409
        else:
            messages.success(request, _("The passport is erased."))
            return redirect("participants:trainee-detail", pk=trainee.pk)
    effects = [
        _("The number, its expiry and every scan of the passport go for good; no history keeps them."),
        _("That it was erased, by whom and why stays in the history of the person."),
    ]
    page = {"trainee": trainee, "form": form, "effects": effects}
    return render(request, "participants/passport_erase.html", page, status=status)


@requires(Permission.SEE_PAPERS)
@never_cache
@sensitive_post_parameters("number")
@sensitive_variables("form")
def passport_find(request):
    form = FindPassportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        passport = workflow.passports.find(form.cleaned_data["number"])
        if passport:
            return redirect("participants:trainee-detail", pk=passport.trainee_id)
        form.add_error("number", _("No person with this number is known."))
    status = 422 if form.is_bound else 200
    return render(request, "participants/passport_find.html", {"form": form}, status=status)
