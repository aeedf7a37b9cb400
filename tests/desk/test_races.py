"""Two colleagues who enter the same person at the same moment are told so in words."""

import pytest
from django.urls import reverse

from participants.models import Trainee
from portal.accounts.models import User
from portal.mail.models import OutgoingMail
from tests.factories import make_hospital, make_user
from tests.threads import at_once, posting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def test_the_same_person_invited_at_once_has_one_account_and_one_mail():
    officer, hospital = make_user(), make_hospital()
    answer = {"name": "A", "email": "same@example.org", "language": "en", "role": "coordinator"}
    answer["hospitals"] = [hospital.pk]
    answers = at_once(*(posting(officer, reverse("desk:user-invite"), answer) for _ in range(5)))
    assert set(answers) <= {302, 422}
    assert 302 in answers
    assert User.objects.filter(email="same@example.org").count() == 1
    assert OutgoingMail.objects.filter(kind="invitation").count() == 1
    assert hospital.coordinators.count() == 1


def test_the_same_address_entered_at_once_for_two_trainees_is_kept_once():
    officer = make_user()
    answers = at_once(
        *(
            posting(
                officer,
                reverse("participants:trainee-create"),
                {"passport_name": f"Name {letter}", "email": "twin@example.org", "language": "en"},
            )
            for letter in "ABCDE"
        )
    )
    assert sorted(answers) == [302, 422, 422, 422, 422]
    assert Trainee.objects.filter(email="twin@example.org").count() == 1
