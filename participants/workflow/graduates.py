"""What is learned of graduates after the training: where they work now, and what a visit saw."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from participants.models import Post, Trainee
from partners.models import Institution
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.actors import System
from portal.records.transitions import record


def _may(trainee, by):
    return isinstance(by, System) or by.has(Permission.FOLLOW_UP) or trainee.user_id == by.pk


def _ours(workplace):
    """The one institution of ours that is called so; None where there is none, or more than one."""
    if not workplace:
        return None
    named = Q(name__iexact=workplace) | Q(name_ko=workplace) | Q(name_local__iexact=workplace)
    found = Institution.objects.unmerged().filter(named | Q(aliases__contains=[workplace]))[:2]
    return found[0] if len(found) == 1 else None


def _told(by):
    return (by.name if isinstance(by, System) else str(by))[:120]


@transaction.atomic
def tell_post(trainee, *, by, position="", workplace="", since=None):
    """The graduate works here now, as they say or as staff have learned. Earlier posts stay."""
    if not _may(trainee, by):
        raise PermissionDenied
    trainee = Trainee.objects.select_for_update(no_key=True).get(pk=trainee.pk)
    post = Post.objects.create(
        trainee=trainee,
        position=position,
        workplace=workplace,
        institution=_ours(workplace),
        since=since,
        told_by=_told(by),
    )
    record(trainee, "tell_post", by=by)
    return post


@transaction.atomic
def verify_post(trainee, *, by):
    """Nothing has changed: the post that is known is the present one as of today. Returns it; None where none is."""
    if not _may(trainee, by):
        raise PermissionDenied
    trainee = Trainee.objects.select_for_update(no_key=True).get(pk=trainee.pk)
    post = known_post(trainee)
    if post is None:
        return None
    post.verified_on, post.told_by = clock.today(), _told(by)
    post.save()
    record(trainee, "verify_post", by=by)
    return post


def known_post(trainee):
    """The post told last, else position and home institution of the trainee as one; None where nothing is known."""
    if told := Post.objects.filter(trainee=trainee).first():
        return told
    institution = trainee.institution
    if not trainee.position and institution is None:
        return None
    return Post(
        trainee=trainee,
        position=trainee.position,
        workplace=institution.name if institution else "",
        institution=institution,
    )


@transaction.atomic
def enter(graduation, *, by, hospitals=()):
    """Keep a line of the register from before the portal, as a form has filled it in."""
    if not by.has(Permission.EDIT_PEOPLE):
        raise PermissionDenied
    graduation.save()
    graduation.hospitals.set(hospitals)
    record(graduation, "register", by=by)
    return graduation


@transaction.atomic
def visit(graduation, *, by, visit):
    """Keep what a visit to a graduate has seen, as a form has filled it in."""
    if not by.has(Permission.FOLLOW_UP):
        raise PermissionDenied
    visit.graduation, visit.written_by = graduation, by
    visit.save()
    record(graduation, "visit", by=by, data={"day": visit.visited_on.isoformat()})
    return visit
