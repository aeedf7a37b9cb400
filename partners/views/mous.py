"""MOUs to read: the list by expiry, the year time line, the paper with its scans, versions and chain."""

from django.shortcuts import get_object_or_404, render

from partners.columns import MOUS
from partners.forms.lists import MouFilter
from partners.models import Mou
from partners.presentation import began_before, earlier_scopes, next_steps, with_chain
from partners.years import year_table
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.citations import cite
from portal.records.files import serve
from portal.records.lookup import visible_or_404
from portal.ui.lists import listing, render_listing

from .reading import may_edit


@requires(Permission.SEE_PARTNERS)
def mou_list(request):
    mous = listing(
        request,
        Mou.objects.visible_to(request.user).with_parties(),
        filterset=MouFilter,
        sorts={"expires": ["expires", "-signed"], "signed": ["signed"]},
        default_sort="expires",
        export=MOUS,
    )
    return render_listing(request, "partners/mou_list.html", mous, may_edit(request.user))


@requires(Permission.SEE_PARTNERS)
def mou_timeline(request):
    mous = listing(
        request,
        Mou.objects.visible_to(request.user).exclude(signed=None).with_parties(),
        filterset=MouFilter,
        sorts={"signed": ["signed"]},
        default_sort="signed",
        per_page=50,
    )
    return render_listing(request, "partners/mou_timeline.html", mous, year_table(mous.rows))


@requires(Permission.SEE_PARTNERS)
def mou_detail(request, pk):
    user = request.user
    mou, chain = with_chain(pk, user)
    scans = list(mou.scans.select_related("file", "added_by"))
    page = {
        "mou": mou,
        "source": cite(mou.sources.all()),
        "scans": scans,
        "chain": chain,
        "earlier": earlier_scopes(mou),
        "began_before": began_before(mou),
        "steps": next_steps(mou, scans, chain) if user.has(Permission.EDIT_PARTNERS) else [],
    }
    return render(request, "partners/mou_detail.html", page)


@requires(Permission.SEE_PARTNERS)
def mou_download(request, pk, file):
    mou = visible_or_404(Mou.objects.all(), request.user, pk=pk)
    return serve(get_object_or_404(mou.scans.select_related("file"), pk=file).file)
