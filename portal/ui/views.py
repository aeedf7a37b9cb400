"""The pages of the visual language itself: the choice of colors, and the catalogue of components."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from .lists import listing, render_listing
from .returning import safe_return
from .samples import KindFilter, samples
from .themes import set_theme


@login_not_required
@require_POST
def theme_set(request):
    """Keep light, dark or the system's colors, and return to the page the choice was made on."""
    response = redirect(safe_return(request, request.POST.get("next"), "/"))
    set_theme(response, request.POST.get("theme"), secure=request.is_secure())
    return response


theme_set.guard = "public"


def catalogue(request):
    """Each component once, exactly as pages use it; for the team."""
    # The app of roles lies above this one, so the guard asks the user and not a permission.
    if not request.user.is_team:
        raise PermissionDenied
    kinds = listing(
        request, ContentType.objects.all(), filterset=KindFilter, per_page=5, default_sort="model",
        sorts={"model": ["model"], "app": ["app_label", "model"]},
    )  # fmt: skip
    return render_listing(request, "ui/catalogue.html", kinds, samples(request))


catalogue.guard = "team"
