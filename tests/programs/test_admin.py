"""The verbs as actions of the admin's lists, and what of a placement or a cohort cannot be edited round them."""

from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from portal.accounts.roles import Role
from portal.records.models import Event
from portal.records.stateful_admin import form_of_details
from programs.models import Placement, Session
from programs.workflow import placements
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "admin:programs_placement_changelist"


@pytest.fixture
def administrator(client):
    user = factories.make_user(Role.ADMINISTRATOR, name="Admin Person")
    client.force_login(user)
    return user


def use(client, verb, *rows, **details):
    """Choose the verb in the list of placements for these rows; with details, as the page in between sends them."""
    data = {"action": f"use_{verb}", "_selected_action": [row.pk for row in rows]}
    return client.post(reverse(LIST), {**data, **({"use_verb": "1", **details} if details else {})})


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_a_verb_moves_the_state_and_writes_who_did_it(client, administrator):
    placement = factories.make_placement(state="requested")
    response = use(client, "confirm", placement)
    placement.refresh_from_db()
    event = Event.objects.about(placement).for_history()[0]
    assert placement.state == "confirmed"
    assert (event.verb, event.actor, event.source, event.target) == (
        "confirm",
        administrator,
        "requested",
        "confirmed",
    )
    assert said(response) == ["Confirm: 1 record."]


def test_a_verb_in_the_wrong_state_says_why_and_changes_nothing(client, administrator):
    draft, requested = factories.make_placement(), factories.make_placement(state="requested")
    events = Event.objects.about(draft).count()
    response = use(client, "confirm", draft, requested)
    assert Placement.objects.get(pk=draft.pk).state == "draft"
    assert Placement.objects.get(pk=requested.pk).state == "confirmed"
    assert Event.objects.about(draft).count() == events
    assert said(response) == [
        f"{draft}: It cannot be done any more: the state is now “Draft”.",
        "Confirm: 1 record.",
    ]


def test_a_broken_rule_is_said_in_its_own_words(client, administrator):
    department = factories.make_department(seats=1)
    factories.make_placement(department=department, state="confirmed")
    second = factories.make_placement(department=department, state="requested")
    response = use(client, "confirm", second)
    assert Placement.objects.get(pk=second.pk).state == "requested"
    assert said(response) == [
        f"{second}: No seat is free: the department has 1 seat in these days, and it is taken."
    ]


def test_a_verb_that_needs_a_reason_asks_for_it_first(client, administrator):
    placement = factories.make_placement(state="requested")
    asked = use(client, "decline", placement)
    assert asked.status_code == 200
    assert list(asked.context["form"].fields) == ["reason"]
    assert Placement.objects.get(pk=placement.pk).state == "requested"


def test_an_empty_reason_is_asked_for_again(client, administrator):
    placement = factories.make_placement(state="requested")
    asked = use(client, "decline", placement, reason="  ")
    assert asked.status_code == 422
    assert asked.context["form"].errors == {"reason": ["This field is required."]}
    assert Placement.objects.get(pk=placement.pk).state == "requested"


def test_the_reason_reaches_the_record_and_the_trail(client, administrator):
    placement = factories.make_placement(state="requested")
    use(client, "decline", placement, reason="The ward is being rebuilt.")
    placement.refresh_from_db()
    assert (placement.state, placement.decline_reason) == ("declined", "The ward is being rebuilt.")
    assert Event.objects.about(placement).for_history()[0].reason == "The ward is being rebuilt."


def test_only_details_without_a_default_are_asked_for():
    assert form_of_details(placements.confirm.verb) is None
    assert list(form_of_details(placements.confirm_with_conditions.verb).base_fields) == ["conditions"]


def test_a_verb_nobody_wrote_is_no_action(client, administrator):
    placement = factories.make_placement(state="requested")
    use(client, "forget", placement)
    assert Placement.objects.get(pk=placement.pk).state == "requested"


def change_url(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def test_the_days_of_a_draft_may_be_changed(client, administrator):
    placement = factories.make_placement()
    data = {
        "department": placement.department_id, "half": "whole",
        "first_day": "2026-11-09", "last_day": "2026-11-13",
    }  # fmt: skip
    response = client.post(change_url(placement), data)
    placement.refresh_from_db()
    assert response.status_code == 302
    assert (placement.first_day, placement.last_day) == (date(2026, 11, 9), date(2026, 11, 13))
    assert placement.state == "draft"


@pytest.mark.parametrize("state", ["requested", "confirmed", "with_conditions", "declined"])
def test_what_a_hospital_was_asked_cannot_be_changed(client, administrator, state):
    placement = factories.make_placement(state=state)
    other = factories.make_department()
    client.post(
        change_url(placement), {"department": other.pk, "first_day": "2026-12-01", "last_day": "2026-12-02"}
    )
    kept = Placement.objects.get(pk=placement.pk)
    assert (kept.department, kept.first_day) == (placement.department, placement.first_day)


def test_a_cohort_with_placements_keeps_its_dates_but_takes_a_ceremony(client, administrator):
    cohort = factories.make_cohort(state="placing")
    kinds = [
        f"{kind}-{end}" for kind in ("head_counts", "quotas") for end in ("TOTAL_FORMS", "INITIAL_FORMS")
    ]
    inline = dict.fromkeys(kinds, "0")
    data = {
        "name": cohort.name,
        "starts": "2026-12-01",
        "ends": "2026-12-31",
        "ceremony_on": "2026-11-27",
        **inline,
    }
    response = client.post(change_url(cohort), data)
    kept = type(cohort).objects.get(pk=cohort.pk)
    assert response.status_code == 302
    assert (kept.starts, kept.ends, kept.ceremony_on) == (cohort.starts, cohort.ends, date(2026, 11, 27))
    assert kept.state == "placing"


def test_a_session_that_trainees_know_of_does_not_vanish_through_the_admin(client, administrator):
    session = factories.make_session_file(factories.make_talk(factories.make_cohort())).session
    answers = [
        client.post(reverse("admin:programs_session_delete", args=[session.pk]), {"post": "yes"}),
        client.get(reverse("admin:programs_session_add")),
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
    chosen = {"action": "delete_selected", "_selected_action": [session.pk], "post": "yes"}
    client.post(reverse("admin:programs_session_changelist"), chosen)
    assert Session.objects.get().attached.count() == 1
