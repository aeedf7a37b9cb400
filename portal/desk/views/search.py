"""The one box in the masthead."""

from django.shortcuts import render

from portal.accounts.guards import signed_in
from portal.accounts.roles import Permission
from portal.desk.search import findings
from portal.search.folding import LONGEST, words


@signed_in
def search(request):
    """What is called so, among all that the reader may see."""
    typed = " ".join(request.GET.get("q", "").replace("\x00", " ").split())
    page = {
        "typed": typed[:LONGEST],
        "is_cut": len(typed) > LONGEST,
        "is_empty": not typed,
        "has_words": bool(words(typed)),
        "may_find_passports": request.user.has(Permission.SEE_PAPERS),
        "found": findings(request.user, typed),
    }
    return render(request, "desk/search.html", page)
