"""What somebody does while a batch is being written: neither what they erase nor what they correct comes back."""

import pytest
from django.db import transaction

from participants.models import Trainee
from portal.accounts.roles import Role
from programs import paper
from programs.models import Certificate
from programs.workflow import erasing, issuing, nominations
from tests import factories
from tests.threads import at_once, meet, step_back

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.fixture
def manager():
    return factories.make_user(Role.MANAGER)


def test_of_whom_is_erased_while_their_certificate_is_printed_no_paper_stays(manager, monkeypatch):
    trainee = factories.make_trainee("Zanabazar Quillwort")
    enrollment = factories.make_enrollment(trainee=trainee, state="completed")
    certificate = factories.make_certificate(enrollment=enrollment, state="approved")
    issuing.ask(enrollment.cohort, by=manager)

    def sealed(words):
        meet()  # it is read, and locked
        step_back()  # until the other one waits, or is through
        return b"%PDF-1.7 " + words["name"].encode()

    def erase():
        meet()
        erasing.erase(Trainee.objects.get(pk=trainee.pk), by=manager, keep_certificate=False, wish="by phone")

    monkeypatch.setattr(paper, "sealed", sealed)
    assert at_once(issuing.work_off, erase) == [1, None]
    certificate = Certificate.objects.select_related("file").get(pk=certificate.pk)
    assert "Quillwort" not in str(certificate.printed)
    assert certificate.number != ""
    with pytest.raises(FileNotFoundError):
        certificate.file.open()


def test_what_somebody_corrects_while_a_list_is_written_is_not_set_back(manager, monkeypatch):
    one, other = factories.make_trainee("Aizada"), factories.make_trainee("Bolormaa")
    write = nominations.update_each

    def written(*changes):
        meet()  # both are read
        step_back()
        write(*changes)

    def bring_in():
        with transaction.atomic():
            wanted = {one.pk: {"phone": "+996 1"}, other.pk: {"position": "Nurse"}}
            nominations._write(Trainee, wanted, {one.pk: "Aizada", other.pk: "Bolormaa"}, manager)

    def correct():
        meet()
        Trainee.objects.filter(pk=one.pk).update(position="Head of surgery")

    monkeypatch.setattr(nominations, "update_each", written)
    at_once(bring_in, correct)
    one.refresh_from_db()
    assert (one.phone, one.position) == ("+996 1", "Head of surgery")
