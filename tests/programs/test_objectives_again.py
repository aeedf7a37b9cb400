"""The objectives of a training are asked again in its follow-ups: by the link, signed in, and entered by staff."""

import pytest
from django.urls import reverse

from participants import replies
from participants.workflow import followups
from portal.accounts.roles import Role
from portal.records.actors import PORTAL
from programs.models import Objective
from programs.workflow import feedback
from tests import factories

pytestmark = pytest.mark.django_db


def asked(name="Nomin-Erdene Tsogt", texts=("Suture by robot", "Lead a round", "")):
    """An open follow-up of a graduate who had set out to learn these."""
    enrollment = factories.make_enrollment(trainee=factories.make_trainee(name, user=True), state="completed")
    feedback.set_objectives(enrollment, texts, by=PORTAL)
    followup = enrollment.graduation.follow_ups.order_by("months").first()
    return followups.open_followup(followup, by=PORTAL)


def field_of(text):
    return f"objective_{Objective.objects.get(text=text).pk}"


def marks(followup):
    rows = followup.objective_ratings.order_by("objective__position")
    return list(rows.values_list("objective__text", "rating"))


def link(followup):
    return reverse("participants:followup-reply", args=[replies.token_for(followup)])


def test_the_link_asks_how_far_each_objective_is_reached_and_keeps_it(client):
    followup = asked()
    page = client.get(link(followup)).content.decode()
    assert [text in page for text in ("Suture by robot", "Lead a round")] == [True, True]
    page = client.post(
        link(followup), {"applied": "Daily", field_of("Lead a round"): "4"}, follow=True
    ).content.decode()
    assert marks(followup) == [("Lead a round", 4)]
    assert "4 of 5" in page


def test_a_graduate_who_is_signed_in_is_asked_the_same(client):
    followup = asked()
    client.force_login(followup.graduation.trainee.user)
    data = {"applied": "Daily", field_of("Suture by robot"): "5", field_of("Lead a round"): "2"}
    client.post(reverse("participants:my-followup", args=[followup.pk]), data)
    assert marks(followup) == [("Suture by robot", 5), ("Lead a round", 2)]


def test_a_mark_is_saved_as_it_goes_and_stands_in_the_form_again(client):
    followup = asked()
    name = field_of("Lead a round")
    client.post(link(followup), {name: "3", "save": "1"}, headers={"HX-Request": "true"})
    followup.refresh_from_db()
    assert (followup.draft, marks(followup)) == ({name: "3"}, [])
    form = client.get(link(followup)).context["form"]
    assert form[name].value() == "3"


def test_what_is_no_mark_is_answered_at_its_field_and_nothing_is_kept(client):
    followup = asked()
    response = client.post(link(followup), {"applied": "Daily", field_of("Lead a round"): "6"})
    assert response.status_code == 422
    assert [*response.context["form"].errors] == [field_of("Lead a round")]
    assert marks(followup) == []


def test_nobody_rates_the_objectives_of_another(client):
    followup, other = asked(), asked("Other Person", ("Theirs", "", ""))
    data = {"applied": "Daily", field_of("Theirs"): "1"}
    client.post(link(followup), data)
    assert (marks(followup), marks(other)) == ([], [])
    assert "Theirs" not in client.get(link(followup)).content.decode()


def test_who_set_out_to_learn_nothing_by_name_is_not_asked(client):
    page = client.get(link(asked(texts=("", "", "")))).content.decode()
    assert "What you set out to learn" not in page
    assert "What of the training do you use at work?" in page


def test_staff_read_the_marks_with_the_answer_and_in_the_results(client):
    followup = asked()
    client.post(
        link(followup),
        {"applied": "Daily", field_of("Suture by robot"): "5", field_of("Lead a round"): "4"},
    )
    client.force_login(factories.make_user(Role.OFFICER))
    page = client.get(reverse("participants:followup-detail", args=[followup.pk])).content.decode()
    assert "<h3>Lead a round</h3><p>4 of 5</p>" in page
    page = " ".join(client.get(reverse("programs:outcome-list")).content.decode().split())
    assert "4.5 of 5 on average, said by 1 graduate<" in page
    assert "Lead a round: 4 of 5" in page
    file = client.post(f"{reverse('programs:outcome-list')}?export=csv", {"reason": "yearly report"})
    assert "Suture by robot: 5 of 5; Lead a round: 4 of 5" in b"".join(file.streaming_content).decode()


def test_staff_enter_the_marks_that_came_by_telephone(client):
    followup = asked()
    client.force_login(factories.make_user(Role.OFFICER))
    data = {"applied": "Daily", field_of("Lead a round"): "3"}
    client.post(reverse("participants:followup-answer", args=[followup.pk]), data)
    assert marks(followup) == [("Lead a round", 3)]
