"""The screen of a record's lines: all of them in one table of inputs, each to be changed or removed, and blank ones."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.records.transitions import NotNow


def lines_screen(request, formset, keep, *, title, lede, back, crumbs, noun):
    """Show the lines of `formset`; on POST let `keep(formset)` keep them and go `back`.

    What is wrong stands at its field (422), what does not fit now above all (409). With “keep and add more” the
    page comes again with blank lines.
    """
    refused, status = [], 200
    if request.method == "POST":
        if formset.is_valid():
            try:
                keep(formset)
            except NotNow as error:
                refused, status = error.messages, 409
            else:
                messages.success(request, _("The changes are kept."))
                return redirect(request.path if "more" in request.POST else back)
        else:
            status = 422
    page = {
        "formset": formset, "title": title, "lede": lede, "back": back, "crumbs": crumbs, "noun": noun,
        "refused": refused,
    }  # fmt: skip
    return render(request, "programs/_lines.html", page, status=status)
