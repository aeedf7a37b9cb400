"""MOUs to write: recorded, changed, signed, renewed, amended, terminated, and their paper scanned."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from partners import rules
from partners.forms.mous import MouForm, ScanForm, SignForm, TerminateForm
from partners.forms.parties import PartiesForm
from partners.models import Institution, Mou, MouParty, Region
from partners.workflow import mous
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.lookup import key_in, visible_or_404
from portal.records.screens import form_status, kept
from portal.ui.forms import error_list


def _mou_or_404(request, pk):
    return visible_or_404(Mou.objects.with_parties().select_related("renews"), request.user, pk=pk)


class _Forms:
    """The paper and its parties, which one button sends."""

    def __init__(self, request, mou=None, parties=()):
        self.parties = PartiesForm(request.POST or None, parties=parties)
        if self.parties.added:
            self.paper = MouForm(initial=request.POST.dict(), instance=mou)
            self.paper.initial["seen"] = request.POST.get("seen", "")
        else:
            self.paper = MouForm(request.POST or None, instance=mou)

    def keep(self, verb):
        """What the verb made of both, or None. Both are asked, so that all that is wrong is said at once."""
        right = self.parties.is_valid() if self.paper.is_bound else False
        if not self.paper.is_bound or not self.paper.is_valid() or not right:
            return None
        return kept(self.paper, verb)

    def page(self, **more):
        bound = [form for form in [*self.parties.forms, self.paper] if form.is_bound]
        errors = [error for form in bound for error in error_list(form)]
        return {"form": self.paper, "parties": self.parties, "errors": errors, **more}


def _partner(request):
    """The partner a new MOU is proposed for, by `?region=` or `?institution=`: the page one comes from."""
    for name, model in (("region", Region), ("institution", Institution)):
        place = model.objects.visible_to(request.user).filter(pk=key_in(request.GET.get(name))).first()
        if place:
            return [MouParty(side=MouParty.Side.PARTNER, **{name: place})]
    return []


@requires(Permission.EDIT_PARTNERS)
def mou_create(request):
    forms = _Forms(request, parties=_partner(request))
    mou = forms.keep(
        lambda: mous.enter(forms.paper.save(commit=False), forms.parties.parties, by=request.user)
    )
    if mou:
        messages.success(request, _("The MOU is recorded."))
        return redirect("partners:mou-detail", pk=mou.pk)
    return render(request, "partners/mou_create.html", forms.page(), status=form_status(forms.paper))


@requires(Permission.EDIT_PARTNERS)
def mou_edit(request, pk):
    mou = _mou_or_404(request, pk)
    forms = _Forms(request, mou, mou.every_party)
    paper = forms.paper

    def change():
        facts = {"fields": paper.fields_changed, "seen": paper.seen, "parties": forms.parties.parties}
        return mous.change(paper.save(commit=False), by=request.user, **facts)

    if forms.keep(change):
        messages.success(request, _("The changes are kept."))
        return redirect("partners:mou-detail", pk=pk)
    return render(request, "partners/mou_edit.html", forms.page(mou=mou), status=form_status(paper))


@requires(Permission.EDIT_PARTNERS)
def mou_renew(request, pk):
    return _follow(request, pk, Mou.Succession.RENEWAL, "partners/mou_renew.html")


@requires(Permission.EDIT_PARTNERS)
def mou_amend(request, pk):
    return _follow(request, pk, Mou.Succession.AMENDMENT, "partners/mou_amend.html")


def _follow(request, pk, succession, template):
    """The form of a new MOU filled in from this one, which it renews or amends."""
    before = _mou_or_404(request, pk)
    refused = rules.why_not_succeeded(before, succession)
    forms = _Forms(request, mous.following(before, succession), before.every_party)
    mou = None
    if not refused:
        mou = forms.keep(
            lambda: mous.enter(forms.paper.save(commit=False), forms.parties.parties, by=request.user)
        )
    if mou:
        messages.success(request, _("The new MOU is recorded, and leads back to this one."))
        return redirect("partners:mou-detail", pk=mou.pk)
    status = 409 if refused else form_status(forms.paper)
    return render(request, template, forms.page(mou=before, refused=refused), status=status)


@requires(Permission.EDIT_PARTNERS)
def mou_sign(request, pk):
    mou = _mou_or_404(request, pk)
    form = SignForm(request.POST or None, instance=Mou.objects.get(pk=pk))
    if mou.signed:
        return _refuse(request, mou, _("It is signed already. A wrong date is changed with the MOU."))
    if kept(form, lambda: mous.sign(mou, by=request.user, **form.cleaned_data)):
        messages.success(request, _("The signature is recorded."))
        return redirect("partners:mou-detail", pk=pk)
    return render(request, "partners/mou_sign.html", {"form": form, "mou": mou}, status=form_status(form))


@requires(Permission.EDIT_PARTNERS)
def mou_terminate(request, pk):
    mou = _mou_or_404(request, pk)
    form = TerminateForm(request.POST or None)
    refused = rules.why_not_terminated(mou)
    if refused:
        return _refuse(request, mou, refused)
    if kept(form, lambda: mous.terminate(mou, by=request.user, **form.cleaned_data)):
        messages.success(request, _("The end is recorded."))
        return redirect("partners:mou-detail", pk=pk)
    return render(
        request, "partners/mou_terminate.html", {"form": form, "mou": mou}, status=form_status(form)
    )


def _refuse(request, mou, reason):
    """Back to the MOU, which says why it cannot be done."""
    messages.error(request, reason)
    return redirect("partners:mou-detail", pk=mou.pk)


@requires(Permission.EDIT_PARTNERS)
def mou_add_scan(request, pk):
    mou = _mou_or_404(request, pk)
    form = ScanForm(request.POST or None, request.FILES or None)
    version = kept(form, lambda: mous.add_scan(mou, by=request.user, **form.cleaned_data))
    if version:
        messages.success(request, _("Version %(number)s is kept.") % {"number": version.number})
        return redirect("partners:mou-detail", pk=pk)
    return render(request, "partners/mou_add_scan.html", {"form": form, "mou": mou}, status=form_status(form))
