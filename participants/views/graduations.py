"""The alumni register: who completed what and when, where they work now, and what a visit saw."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from participants import workflow
from participants.columns import GRADUATIONS
from participants.forms import GraduationFilter, GraduationForm, PostForm, VisitForm
from participants.models import FollowUp, Graduation, Post, Trainee, Visit
from participants.register import Reach, for_register
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.citations import cite
from portal.records.lookup import key_in, visible_or_404
from portal.records.screens import form_status, kept
from portal.ui.lists import listing, render_listing

SORTS = {
    "completed": ["completed", "trainee__passport_name"],
    "name": ["trainee__passport_name", "-completed"],
    "program": ["program_name", "-completed"],
}


@requires(Permission.SEE_PEOPLE)
def graduation_list(request):
    graduations = listing(
        request,
        for_register(Graduation.objects.visible_to(request.user)),
        filterset=GraduationFilter,
        sorts=SORTS,
        default_sort="-completed",
        export=GRADUATIONS,
    )
    page = {"user_may_edit": request.user.has(Permission.EDIT_PEOPLE)}
    return render_listing(request, "participants/graduation_list.html", graduations, page)


@requires(Permission.SEE_PEOPLE)
def graduation_detail(request, pk):
    user = request.user
    graduation = visible_or_404(for_register(Graduation.objects.all()), user, pk=pk)
    trainee = graduation.trainee
    page = {
        "graduation": graduation,
        "reach": Reach(graduation.reach),
        "posts": Post.objects.visible_to(user).filter(trainee=trainee).select_related("institution"),
        "visits": Visit.objects.visible_to(user).filter(graduation=graduation),
        "followups": FollowUp.objects.visible_to(user).filter(graduation=graduation),
        "source": cite(graduation.sources.all()),
        "user_may_follow_up": user.has(Permission.FOLLOW_UP),
    }
    return render(request, "participants/graduation_detail.html", page)


@requires(Permission.EDIT_PEOPLE)
def graduation_create(request):
    """A graduate of earlier years: the person is found or entered first, and comes back here as `?trainee=`."""
    key = key_in(request.GET.get("trainee"))
    if key is None:
        return render(request, "participants/graduation_create.html", {"trainee": None})
    trainee = visible_or_404(Trainee.objects.unmerged(), request.user, pk=key)
    form = GraduationForm(request.POST or None, instance=Graduation(trainee=trainee))
    graduation = kept(
        form,
        lambda: workflow.graduates.enter(
            form.save(commit=False), by=request.user, hospitals=form.cleaned_data["hospitals"]
        ),
    )
    if graduation:
        messages.success(request, _("%(name)s is in the register.") % {"name": trainee})
        return redirect("participants:graduation-detail", pk=graduation.pk)
    page = {"form": form, "trainee": trainee}
    return render(request, "participants/graduation_create.html", page, status=form_status(form))


def _graduation(request, pk):
    rows = Graduation.objects.select_related("trainee__institution__region")
    return visible_or_404(rows, request.user, pk=pk)


@requires(Permission.FOLLOW_UP)
def graduation_post(request, pk):
    """Where the graduate works now: entered anew, or verified as it stands."""
    graduation = _graduation(request, pk)
    trainee, same = graduation.trainee, "same" in request.POST
    form = PostForm(None if same else request.POST or None)
    if same:
        post = workflow.graduates.verify_post(trainee, by=request.user)
    else:
        post = kept(form, lambda: workflow.graduates.tell_post(trainee, by=request.user, **form.cleaned_data))
    if post:
        messages.success(request, _("The present post is kept, verified today."))
        return redirect("participants:graduation-detail", pk=graduation.pk)
    known = workflow.graduates.known_post(trainee)
    page = {"graduation": graduation, "form": form, "known": known}
    return render(request, "participants/graduation_post.html", page, status=form_status(form))


@requires(Permission.FOLLOW_UP)
def graduation_visit(request, pk):
    graduation = _graduation(request, pk)
    form = VisitForm(request.POST or None)
    written = kept(
        form,
        lambda: workflow.graduates.visit(graduation, by=request.user, visit=form.save(commit=False)),
    )
    if written:
        messages.success(request, _("The visit is kept."))
        return redirect("participants:graduation-detail", pk=graduation.pk)
    page = {"graduation": graduation, "form": form}
    return render(request, "participants/graduation_visit.html", page, status=form_status(form))
