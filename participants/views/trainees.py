"""The people: a list, a page each, and the form that enters and changes them."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from participants import workflow
from participants.columns import TRAINEES
from participants.forms import TraineeFilter, TraineeForm
from participants.models import FollowUp, Graduation, Trainee
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.mail.models import OutgoingMail
from portal.records.files import serve_picture
from portal.records.keeping_screens import merge_screen, page_of, to_the_kept
from portal.records.lookup import visible_or_404
from portal.records.transitions import NotNow
from portal.ui.lists import listing, render_listing
from portal.ui.returning import safe_return

SORTS = {
    "name": ["passport_name"],
    "institution": ["institution__name", "passport_name"],
    "specialty": ["specialty__name", "passport_name"],
}


@requires(Permission.SEE_PEOPLE)
def trainee_list(request):
    trainees = listing(
        request,
        Trainee.objects.visible_to(request.user).unmerged().filter(erased_at=None).for_list(),
        filterset=TraineeFilter,
        sorts=SORTS,
        default_sort="name",
        export=TRAINEES,
    )
    page = {
        "user_may_edit": request.user.has(Permission.EDIT_PEOPLE),
        "user_may_find": request.user.has(Permission.SEE_PAPERS),
    }
    return render_listing(request, "participants/trainee_list.html", trainees, page)


@requires(Permission.SEE_PEOPLE)
def trainee_detail(request, pk):
    rows = Trainee.objects.for_list().select_related("user", "merged_into")
    trainee = visible_or_404(rows, request.user, pk=pk)
    if kept := to_the_kept(request, trainee):
        return kept
    page = {
        "trainee": trainee,
        "graduations": Graduation.objects.filter(trainee=trainee).prefetch_related("hospitals", "sources"),
        "followups": FollowUp.objects.filter(graduation__trainee=trainee).select_related("graduation"),
        "mails": _mails_to(trainee).visible_to(request.user),
        "user_may_edit": request.user.has(Permission.EDIT_PEOPLE) and not trainee.erased_at,
        "user_may_erase": request.user.has(Permission.ERASE_PEOPLE) and not trainee.erased_at,
    }
    return render(request, "participants/trainee_detail.html", page)


@requires(Permission.SEE_PEOPLE, Permission.OWN_TRAINING)
def trainee_photo(request, pk):
    """The photo that was checked, for the team and for the person. Hospitals see it with their placements."""
    trainee = visible_or_404(Trainee.objects.select_related("photo"), request.user, pk=pk)
    if trainee.photo is None:
        raise Http404
    return serve_picture(trainee.photo)


@requires(Permission.EDIT_PEOPLE)
def trainee_merge(request, pk):
    people = Trainee.objects.visible_to(request.user).unmerged()
    trainee = visible_or_404(people, request.user, pk=pk)
    crumbs = [(_("Trainees"), reverse("participants:trainee-list")), (str(trainee), page_of(trainee))]
    return merge_screen(request, trainee, people, crumbs=crumbs)


def _mails_to(trainee):
    """Every mail addressed to the person, whatever record it is about."""
    kind = ContentType.objects.get_for_model(Trainee)
    return OutgoingMail.objects.filter(recipient_type=kind, recipient_id=trainee.pk).for_list()


def _came_from(request):
    """The page of ours that wants a new person, by `?next=`: it gets them as `?trainee=`. Empty for any other."""
    return safe_return(request, request.GET.get("next", "").partition("?")[0])


@requires(Permission.EDIT_PEOPLE)
def trainee_create(request):
    came_from = _came_from(request)
    form = TraineeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            others = [twin.trainee for twin in form.twins]
            trainee = workflow.trainees.register(form.save(commit=False), by=request.user, others=others)
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(name)s is entered.") % {"name": trainee})
            if came_from:
                return redirect(f"{came_from}?{urlencode({'trainee': trainee.pk})}")
            return redirect("participants:trainee-detail", pk=trainee.pk)
    page = {"form": form, "twins": form.twins, "came_from": came_from}
    return render(request, "participants/trainee_create.html", page, status=422 if form.is_bound else 200)


@requires(Permission.EDIT_PEOPLE)
def trainee_edit(request, pk):
    trainee = visible_or_404(Trainee.objects.unmerged().filter(erased_at=None), request.user, pk=pk)
    form = TraineeForm(request.POST or None, instance=trainee)
    if request.method == "POST" and form.is_valid():
        try:
            workflow.trainees.change(
                form.save(commit=False), by=request.user, fields=form.fields_changed, seen=form.seen
            )
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The changes are kept."))
            return redirect("participants:trainee-detail", pk=trainee.pk)
    page = {"form": form, "trainee": trainee}
    return render(request, "participants/trainee_edit.html", page, status=422 if form.is_bound else 200)
