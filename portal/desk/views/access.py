"""Who looked at protected data, and who got which role: a month at a time, gone through by name."""

import re
from datetime import date

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.guards import requires
from portal.accounts.models import Grant
from portal.accounts.roles import Permission
from portal.desk.forms import AccessFilter, ReviewForm
from portal.records import access, clock
from portal.records.models import AccessRecord, AccessReview
from portal.records.transitions import NotNow
from portal.ui.lists import listing, render_listing

SORTS = {"time": ["at", "pk"], "who": ["by_name", "-at"], "whose": ["about_name", "-at"]}
A_MONTH = re.compile("2[0-9]{3}-(0[1-9]|1[0-2])")


def _month(request):
    """The first day of the month that is asked for; the last one where none is."""
    asked = request.GET.get("month", "")
    return date.fromisoformat(f"{asked}-01") if A_MONTH.fullmatch(asked) else clock.last_month()


def _url(name, month):
    return f"{reverse(name)}?month={month:%Y-%m}"


@requires(Permission.REVIEW_ACCESS)
def access_list(request):
    month = _month(request)
    records = listing(
        request,
        AccessRecord.objects.of_month(month),
        filterset=AccessFilter,
        sorts=SORTS,
        default_sort="-time",
        per_page=50,
    )
    for record in records:
        record.what_in_words = access.in_words(record.what)
    ends = clock.next_month(month)
    days = {"at__gte": clock.start_of(month), "at__lt": clock.start_of(ends)}
    page = {
        "month": month,
        "grants": Grant.objects.filter(**days).select_related("user", "by"),
        "review": AccessReview.objects.filter(month=month).select_related("reviewed_by").first(),
        "is_over": ends <= clock.today(),
        "previous_url": _url("desk:access-list", clock.month_before(month)),
        "next_url": _url("desk:access-list", ends) if ends <= clock.today() else "",
        "review_url": _url("desk:access-review", month),
    }
    return render_listing(request, "desk/access_list.html", records, page)


@requires(Permission.REVIEW_ACCESS)
def access_review(request):
    month = _month(request)
    back = _url("desk:access-list", month)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            access.review(month, by=request.user, note=form.cleaned_data["note"])
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The review is kept."))
            return HttpResponseRedirect(back)
    page = {
        "form": form,
        "back": back,
        "month": month,
        "question": _("Have you gone through %(month)s?")
        % {"month": date_format(month, "YEAR_MONTH_FORMAT")},
        "effects": [_("Your name and the day stand beside the month for good.")],
    }
    return render(request, "desk/access_review.html", page, status=422 if form.is_bound else 200)
