"""The whole state × verb matrix of each machine: what may be done from where, and what is refused."""

import pytest
from django.core.exceptions import PermissionDenied

from participants.models import Document, FollowUp
from portal.accounts.roles import Role
from portal.records.models import Event
from portal.records.transitions import NotNow, StateWrittenByHand, machine
from programs.models import Certificate, Cohort, Enrollment, Evaluation, Offer, Placement
from tests import factories

pytestmark = pytest.mark.django_db

# verb: (from, to). Written out by hand: a change of a machine must be made here as well.
MATRIX = {
    Cohort: {
        "open_nominations": ({"planning"}, "nominating"),
        "close_nominations": ({"nominating"}, "selecting"),
        "begin_placing": ({"selecting"}, "placing"),
        "start": ({"placing"}, "running"),
        "complete": ({"running"}, "completed"),
        "close": ({"completed"}, "closed"),
        "cancel": ({"planning", "nominating", "selecting", "placing", "running"}, "cancelled"),
    },
    Enrollment: {
        "accept": ({"nominated", "reserve"}, "accepted"),
        "put_on_reserve": ({"nominated"}, "reserve"),
        "reject": ({"nominated", "reserve"}, "rejected"),
        "start_training": ({"accepted"}, "in_training"),
        "complete": ({"in_training"}, "completed"),
        "fail": ({"in_training"}, "not_completed"),
        "withdraw": ({"nominated", "reserve", "accepted", "in_training"}, "withdrawn"),
    },
    Placement: {
        "move": ({"draft"}, "draft"),
        "split": ({"draft"}, "draft"),
        "request": ({"draft"}, "requested"),
        "confirm": ({"requested"}, "confirmed"),
        "confirm_with_conditions": ({"requested"}, "with_conditions"),
        "decline": ({"requested"}, "declined"),
        "take_back": ({"confirmed", "with_conditions", "declined"}, "requested"),
        "cancel": ({"draft", "requested", "confirmed", "with_conditions"}, "cancelled"),
        "complete": ({"confirmed", "with_conditions"}, "completed"),
        "propose": ({"requested"}, "requested"),
        "refuse_proposal": ({"requested"}, "requested"),
        "forward": ({"requested"}, "requested"),
        "promise": ({"requested"}, "requested"),
        "note_call": ({"requested"}, "requested"),
        "reschedule": ({"requested", "confirmed", "with_conditions"}, "rescheduled"),
        "take_proposal": ({"requested"}, "rescheduled"),
        "shorten": ({"requested", "confirmed", "with_conditions"}, "rescheduled"),
        "suspend": ({"requested", "confirmed", "with_conditions"}, "rescheduled"),
    },
    Certificate: {
        "approve": ({"eligible"}, "approved"),
        "issue": ({"approved"}, "issued"),
        "ask_revocation": ({"issued"}, "issued"),
        "keep_valid": ({"issued"}, "issued"),
        "revoke": ({"issued"}, "revoked"),
        "supersede": ({"issued"}, "superseded"),
        "hand_over": ({"issued"}, "issued"),
        "ask_correction": ({"issued"}, "issued"),
        "enter_correction": ({"issued"}, "issued"),
        "decline_correction": ({"issued"}, "issued"),
    },
    Evaluation: {
        "answer": ({"open", "missed", "answered"}, "answered"),
        "miss": ({"open"}, "missed"),
        "waive": ({"open", "missed"}, "waived"),
    },
    Document: {
        "check": ({"received", "refused"}, "checked"),
        "refuse": ({"received", "checked"}, "refused"),
        "check_again": ({"checked"}, "received"),
    },
    Offer: {
        "take": ({"open"}, "taken"),
        "pass_over": ({"open"}, "passed"),
    },
    FollowUp: {
        "open_followup": ({"scheduled"}, "open"),
        "answer": ({"open", "missed"}, "answered"),
        "miss": ({"open"}, "missed"),
        "waive": ({"scheduled", "open", "missed"}, "waived"),
    },
}
DETAILS = {
    "cancel": {"reason": "not enough names"},
    "reject": {"reason": "not this time"},
    "fail": {"reason": "left early"},
    "withdraw": {"reason": "ill"},
    "decline": {"reason": "no seat"},
    "refuse": {"reason": "cut off"},
    "check_again": {"reason": "another number"},
    "confirm_with_conditions": {"conditions": "vaccination proof"},
    "ask_revocation": {"reason": "wrong name"},
    "ask_correction": {"name": "Another Name"},
    "enter_correction": {"name": "Another Name"},
    "decline_correction": {"reason": "as in the passport"},
    "answer": {"applied": "used at work"},
    "waive": {"reason": "moved abroad"},
    "pass_over": {"reason": "not reached"},
    "propose": {"first_day": factories.MONDAY, "last_day": factories.FRIDAY},
    "refuse_proposal": {"reason": "too late"},
    "forward": {"supervisor": None},
    "promise": {"until": factories.MONDAY},
    "reschedule": {
        "reason": "ill",
        "first_day": factories.MONDAY,
        "last_day": factories.FRIDAY,
        "department": None,
    },
    "shorten": {"reason": "ill", "first_day": factories.MONDAY, "last_day": factories.FRIDAY},
    "suspend": {"reason": "ill", "first_day": factories.MONDAY},
}
CELLS = [
    (model, verb, state) for model, verbs in MATRIX.items() for verb in verbs for state in model.State.values
]


def _at(model, state):
    """A record of the model that stands at `state`, reached without any verb."""
    makers = {
        Cohort: factories.make_cohort,
        Enrollment: factories.make_enrollment,
        Placement: factories.make_placement,
        Certificate: factories.make_certificate,
        Document: factories.make_document,
        Evaluation: lambda: factories.make_evaluation(factories.make_placement()),
        Offer: factories.make_offer,
        FollowUp: lambda: FollowUp.objects.create(
            graduation=factories.make_graduation(), months=1, due="2026-10-01"
        ),
    }
    obj = makers[model]()
    obj.__dict__["state"] = state
    return obj


@pytest.mark.parametrize("model", MATRIX, ids=lambda model: model.__name__)
def test_the_machine_in_code_is_the_one_written_here(model):
    in_code = {name: (set(verb.sources), str(verb.target)) for name, verb in machine(model).items()}
    assert in_code == MATRIX[model]


@pytest.mark.parametrize(
    ("model", "verb", "state"), CELLS, ids=[f"{m.__name__}-{v}-{s}" for m, v, s in CELLS]
)
def test_a_verb_is_offered_and_taken_from_its_states_only(model, verb, state):
    """Both sides of each cell: `available` and `_check` agree with the matrix."""
    from portal.records.transitions import _check, available

    manager = factories.make_user([Role.MANAGER, Role.ADMINISTRATOR])
    obj = _at(model, state)
    fits = state in MATRIX[model][verb][0]
    assert (verb in [found.name for found in available(obj, manager)]) == fits
    if fits:
        _check(machine(model)[verb], obj, manager)
    else:
        with pytest.raises(NotNow):
            _check(machine(model)[verb], obj, manager)


@pytest.mark.parametrize("model", MATRIX, ids=lambda model: model.__name__)
def test_a_state_cannot_be_written_by_hand(model):
    obj = _at(model, model.initial_state)
    other = next(state for state in model.State.values if state != model.initial_state)
    obj.state = other
    with pytest.raises(StateWrittenByHand):
        obj.save()
    with pytest.raises(StateWrittenByHand):
        model.objects.filter(pk=obj.pk).update(state=other)
    obj.refresh_from_db()
    assert obj.state == model.initial_state


@pytest.mark.parametrize("model", MATRIX, ids=lambda model: model.__name__)
@pytest.mark.parametrize("role", [Role.VIEWER, Role.CONTACT])
def test_who_has_no_permission_is_refused_and_nothing_changes(model, role):
    obj = _at(model, model.initial_state)
    stranger = factories.make_user(role)
    before = Event.objects.count()
    for verb in machine(model).values():
        with pytest.raises(PermissionDenied):
            verb.function(obj, by=stranger, **DETAILS.get(verb.name, {}))
    obj.refresh_from_db()
    assert obj.state == model.initial_state
    assert Event.objects.count() == before


def test_a_transition_writes_who_when_why_and_from_where_to_where(october):
    officer = factories.make_user(name="Kim Seo-yeon")
    cohort = factories.make_cohort()
    machine(Cohort)["cancel"].function(cohort, by=officer, reason="no funds")
    event = Event.objects.about(cohort).first()
    assert (event.actor, event.actor_name, event.verb) == (officer, "Kim Seo-yeon", "cancel")
    assert (event.source, event.target, event.reason, event.at) == (
        "planning",
        "cancelled",
        "no funds",
        october,
    )


def test_the_trail_can_only_be_added_to():
    from django.db import InternalError, transaction

    factories.make_cohort()
    event = Event.objects.first()
    with pytest.raises(InternalError), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(reason="another")
    with pytest.raises(InternalError), transaction.atomic():
        Event.objects.filter(pk=event.pk).delete()
    assert Event.objects.get(pk=event.pk).reason == event.reason


def test_a_verb_that_fails_half_way_changes_nothing():
    enrollment = factories.make_enrollment(state="accepted")
    placement = factories.make_placement(enrollment=enrollment, state="requested")
    department = placement.department
    for _seat in range(department.seats):
        factories.make_placement(department=department, state="confirmed")
    before = Event.objects.count()
    with pytest.raises(NotNow, match="No seat is free"):
        machine(Placement)["confirm"].function(placement, by=factories.make_user())
    placement.refresh_from_db()
    assert (placement.state, placement.answered_at) == ("requested", None)
    assert Event.objects.count() == before
