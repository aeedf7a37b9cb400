"""Contacts: offices at our partners, who holds them, and how they come to nominate here."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from partners.columns import CONTACTS
from partners.forms.lists import ContactFilter
from partners.forms.places import ContactForm
from partners.models import Contact
from partners.workflow import contacts
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.keeping_screens import to_the_kept
from portal.records.lookup import key_in, visible_or_404
from portal.records.screens import form_status, kept
from portal.records.transitions import NotNow
from portal.ui.lists import listing, render_listing

from .reading import may_edit


@requires(Permission.SEE_CONTACTS)
def contact_list(request):
    rows = listing(
        request,
        Contact.objects.visible_to(request.user).with_place(),
        filterset=ContactFilter,
        sorts={
            "name": ["name", "office"],
            "office": ["office", "name"],
            "institution": ["institution__name", "office"],
        },
        default_sort="institution",
        export=CONTACTS,
    )
    return render_listing(request, "partners/contact_list.html", rows, may_edit(request.user))


@requires(Permission.SEE_CONTACTS)
def contact_detail(request, pk):
    contact = visible_or_404(Contact.objects.with_place(), request.user, pk=pk)
    if moved := to_the_kept(request, contact):
        return moved
    page = {"contact": contact, "not_invited": contacts.why_not_invited(contact), **may_edit(request.user)}
    return render(request, "partners/contact_detail.html", page)


@requires(Permission.EDIT_PARTNERS)
def contact_create(request):
    initial = {"institution": key_in(request.GET.get("institution"))}
    form = ContactForm(request.POST or None, initial=initial)
    contact = kept(form, lambda: contacts.enter(form.save(commit=False), by=request.user))
    if contact:
        messages.success(request, _("%(name)s is entered.") % {"name": contact})
        return redirect("partners:contact-detail", pk=contact.pk)
    return render(request, "partners/contact_create.html", {"form": form}, status=form_status(form))


@requires(Permission.EDIT_PARTNERS)
def contact_edit(request, pk):
    contact = visible_or_404(Contact.objects.with_place(), request.user, pk=pk)
    form = ContactForm(request.POST or None, instance=contact)
    facts = {"by": request.user, "seen": form.seen}
    if kept(form, lambda: contacts.change(form.save(commit=False), fields=form.fields_changed, **facts)):
        messages.success(request, _("The changes are kept."))
        return redirect("partners:contact-detail", pk=pk)
    page = {"form": form, "contact": contact}
    return render(request, "partners/contact_edit.html", page, status=form_status(form))


@requires(Permission.EDIT_PARTNERS)
def contact_invite(request, pk):
    contact = visible_or_404(Contact.objects.with_place(), request.user, pk=pk)
    refused = contacts.why_not_invited(contact)
    if request.method == "POST":
        try:
            contacts.invite(contact, by=request.user)
        except NotNow as error:
            refused = " ".join(error.messages)
        else:
            messages.success(request, _("%(name)s may nominate now.") % {"name": contact})
            return redirect("partners:contact-detail", pk=pk)
    page = {"contact": contact, "refused": refused}
    return render(request, "partners/contact_invite.html", page, status=409 if refused else 200)
