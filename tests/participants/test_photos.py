"""The photo that was checked: for the team, the person, and the hospitals that expect them; and the vaccination."""

import pytest
from django.urls import reverse

from participants import scans
from participants.workflow import documents
from portal.accounts.roles import Role
from portal.records.actors import PORTAL
from tests import factories

pytestmark = pytest.mark.django_db

PICTURE = scans.Scan(b"\x89PNG\r\n\x1a\n and what draws it", "image/png", "png")


@pytest.fixture
def placement():
    trainee = factories.make_trainee("Nomin-Erdene Tsogt", user=True)
    enrollment = factories.make_enrollment(trainee=trainee, state="accepted")
    return factories.make_placement(enrollment=enrollment, state="confirmed")


@pytest.fixture
def photo(placement):
    document = documents.receive(placement.trainee, by=PORTAL, kind="photo", scan=PICTURE)
    return documents.check(document, by=factories.make_user(Role.OFFICER))


def status(client, address):
    """Of a file that is read to its end."""
    answer = client.get(address)
    if answer.streaming:
        list(answer)
    return answer.status_code


def own(placement):
    return reverse("participants:trainee-photo", args=[placement.trainee_id])


def at_hospital(placement):
    return reverse("programs:placement-photo", args=[placement.pk])


def test_the_team_sees_the_photo_in_the_page_and_no_cache_shares_it(client, placement, photo):
    client.force_login(factories.make_user(Role.VIEWER))
    page = client.get(reverse("participants:trainee-detail", args=[placement.trainee_id]))
    assert f'src="{own(placement)}"' in page.content.decode()
    answer = client.get(own(placement))
    assert b"".join(answer.streaming_content) == PICTURE.content
    assert {name: answer.headers[name] for name in ("Content-Type", "Content-Disposition", "Cache-Control")} == {
        "Content-Type": "image/png", "Content-Disposition": "inline", "Cache-Control": "private, max-age=300",
    }  # fmt: skip
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_photo_nobody_has_checked_is_not_shown(client, placement):
    documents.receive(placement.trainee, by=PORTAL, kind="photo", scan=PICTURE)
    client.force_login(factories.make_user(Role.OFFICER))
    assert status(client, own(placement)) == 404
    page = client.get(reverse("participants:trainee-detail", args=[placement.trainee_id]))
    assert own(placement) not in page.content.decode()


def test_a_photo_that_is_to_be_checked_again_is_not_shown_till_then(client, placement, photo):
    documents.check_again(photo, by=PORTAL, reason="the wrong person")
    client.force_login(factories.make_user(Role.OFFICER))
    assert status(client, own(placement)) == 404


def test_the_hospital_that_expects_the_person_sees_the_photo_and_no_other_does(client, placement, photo):
    coordinator = factories.make_coordinator(placement.department.hospital).user
    client.force_login(coordinator)
    page = client.get(reverse("programs:placement-detail", args=[placement.pk]))
    assert f'src="{at_hospital(placement)}"' in page.content.decode()
    assert status(client, at_hospital(placement)) == 200
    assert status(client, own(placement)) == 403
    client.force_login(factories.make_coordinator(factories.make_hospital("Other")).user)
    assert status(client, at_hospital(placement)) == 404


def test_a_hospital_that_declined_sees_no_photo_any_more(client):
    enrollment = factories.make_enrollment(state="accepted")
    document = documents.receive(enrollment.trainee, by=PORTAL, kind="photo", scan=PICTURE)
    documents.check(document, by=factories.make_user(Role.OFFICER))
    declined = factories.make_placement(enrollment=enrollment, state="declined")
    client.force_login(factories.make_coordinator(declined.department.hospital).user)
    assert status(client, at_hospital(declined)) == 404
    page = client.get(reverse("programs:placement-detail", args=[declined.pk]))
    assert at_hospital(declined) not in page.content.decode()


def test_the_person_sees_their_own_and_another_trainee_does_not(client, placement, photo):
    client.force_login(placement.trainee.user)
    assert status(client, own(placement)) == 200
    client.force_login(factories.make_trainee(user=True).user)
    assert status(client, own(placement)) == 404


# Vaccination ---------------------------------------------------------------------------------------


def test_that_the_vaccination_was_checked_is_a_day_and_no_more(client, placement):
    trainee = placement.trainee
    client.force_login(factories.make_user(Role.OFFICER))
    page = reverse("participants:trainee-detail", args=[trainee.pk])
    assert "not yet" in client.get(page).content.decode()
    edit = reverse("participants:trainee-edit", args=[trainee.pk])
    data = {"passport_name": trainee.passport_name, "language": "en", "email": trainee.email}
    late = client.post(edit, data | {"vaccination_checked_on": "2027-10-01"})
    assert late.status_code == 422
    assert "This day is still to come." in late.content.decode()
    assert client.post(edit, data | {"vaccination_checked_on": "2026-10-01"}).status_code == 302
    assert "yes, 1 October 2026" in client.get(page).content.decode()


def test_a_viewer_and_a_hospital_read_nothing_of_the_vaccination(client, placement):
    trainee = placement.trainee
    trainee.vaccination_checked_on = "2026-10-01"
    trainee.save()
    client.force_login(factories.make_user(Role.VIEWER))
    page = client.get(reverse("participants:trainee-detail", args=[trainee.pk]))
    assert "accination" not in page.content.decode()
    client.force_login(factories.make_coordinator(placement.department.hospital).user)
    page = client.get(reverse("programs:placement-detail", args=[placement.pk]))
    assert "accination" not in page.content.decode()
