"""Many certificates issued in one transaction: what is read at once, who holds up nobody, and what is never lost."""

import re

import pytest

from portal.accounts.roles import Role
from portal.mail.models import OutgoingMail
from portal.records.models import Event, PrivateFile
from portal.records.transitions import NotNow
from programs import paper
from programs.models import Certificate, CertificateCounter
from programs.workflow import certificates, erasing, issuing
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return factories.make_user(Role.OFFICER, name="Lee Officer")


@pytest.fixture(autouse=True)
def printed(monkeypatch):
    """Papers that are quick to print; what may happen instead stands by the name of whom it happens to."""
    happens = {}

    def sealed(words):
        if words["name"] in happens:
            happens[words["name"]]()
        return b"%PDF-1.7 " + words["number"].encode()

    monkeypatch.setattr(paper, "sealed", sealed)
    return happens


def asked_for(officer, *names, **program):
    cohort = factories.make_cohort(state="nominating", program=factories.make_program(**program))
    for name in names:
        trainee = factories.make_trainee(name)
        enrollment = factories.make_enrollment(cohort=cohort, trainee=trainee, state="completed")
        factories.make_certificate(enrollment=enrollment, state="approved")
    issuing.ask(cohort, by=officer)
    return cohort


def register():
    """The name, the number and what stands in the file of every certificate that was issued, in order."""
    rows = Certificate.objects.numbered().order_by("serial").select_related("file")
    return [(one.printed["name"], one.number, one.file.read()[9:].decode()) for one in rows]


def same(*names):
    """The register where nothing is amiss."""
    numbers = [
        f"GG-{Certificate.objects.numbered().first().year}-{place:04d}" for place in range(1, 1 + len(names))
    ]
    return [(name, number, number) for name, number in zip(names, numbers, strict=True)]


def fails(error):
    def happen():
        raise error

    return happen


def test_each_gets_a_number_a_file_a_mail_and_a_line_in_the_trail(officer):
    asked_for(officer, "Aizada", "Bolormaa", certificate_to_home=True)
    assert issuing.work_off() == 2
    assert register() == same("Aizada", "Bolormaa")
    for certificate in Certificate.objects.all():
        mail = OutgoingMail.objects.about(certificate).get(kind="certificate")
        assert (mail.recipient, list(mail.attachments.all())) == (
            certificate.enrollment.trainee, [certificate.file]
        )  # fmt: skip
        assert (mail.mailing.made_by, mail.mailing.made_at) == (officer, certificate.issue_asked_at)
        line = Event.objects.about(certificate).get(verb="issue")
        assert (line.actor, line.source, line.target) == (officer, "approved", "issued")


@pytest.mark.parametrize("many", [1, 3])
def test_many_cost_the_same_queries_as_one_but_for_the_line_of_each(officer, many, django_assert_num_queries):
    names = [f"Trainee {number}" for number in range(many)]
    asked_for(officer, *names)
    with django_assert_num_queries(32 + many):
        assert issuing.work_off() == many
    assert len(register()) == many


def test_what_cannot_be_printed_takes_no_number_and_says_which_letter(officer, printed):
    printed["Bolormaa"] = fails(NotNow("no letter ☃"))
    asked_for(officer, "Aizada", "Bolormaa", "Cholpon")
    assert issuing.work_off() == 2
    assert register() == same("Aizada", "Cholpon")
    assert Certificate.objects.get(number="").issue_problem == "no letter ☃"
    assert CertificateCounter.objects.get().last == 2


def test_what_nobody_has_foreseen_holds_up_nobody_and_leaves_no_file(officer, printed):
    kept = PrivateFile.objects.count()
    printed["Bolormaa"] = fails(ZeroDivisionError())
    asked_for(officer, "Aizada", "Bolormaa", "Cholpon")
    assert issuing.work_off() == 2
    assert register() == same("Aizada", "Cholpon")
    assert re.match("It could not be printed", Certificate.objects.get(number="").issue_problem)
    assert PrivateFile.objects.count() == kept + 2


def test_bytes_of_an_undone_batch_are_taken_away(officer, monkeypatch):
    stored = []
    tell = certificates._tell_home

    def tell_and_fail(issued):
        stored.extend(one.file for one in issued)
        tell(issued)
        if len(issued) > 1:
            raise ZeroDivisionError

    monkeypatch.setattr(certificates, "_tell_home", tell_and_fail)
    asked_for(officer, "Aizada", "Bolormaa")
    assert issuing.work_off() == 2
    assert register() == same("Aizada", "Bolormaa")
    for file in stored[:2]:
        with pytest.raises(FileNotFoundError):
            file.open()


def test_a_number_that_somebody_else_takes_meanwhile_is_not_given_twice(officer, printed):
    other = factories.make_certificate(
        enrollment=factories.make_enrollment(trainee=factories.make_trainee("Zuhra"), state="completed"),
        state="approved",
    )

    def meanwhile():
        del printed["Bolormaa"]
        certificates.issue(Certificate.objects.get(pk=other.pk), by=officer)

    printed["Bolormaa"] = meanwhile
    asked_for(officer, "Aizada", "Bolormaa")
    assert issuing.work_off() == 2
    assert register() == same("Zuhra", "Aizada", "Bolormaa")


def test_a_worker_that_is_killed_leaves_all_as_it_was_and_the_next_one_begins_there(
    officer, printed, monkeypatch
):
    monkeypatch.setattr(issuing, "TOGETHER", 2)
    printed["Dinara"] = fails(SystemExit())
    cohort = asked_for(officer, "Aizada", "Bolormaa", "Cholpon", "Dinara", "Elena")
    with pytest.raises(SystemExit):
        issuing.work_off()
    assert register() == same("Aizada", "Bolormaa")
    assert (issuing.progress(cohort).issued, issuing.progress(cohort).waiting) == (2, 3)

    del printed["Dinara"]
    assert issuing.work_off() == 3
    assert register() == same("Aizada", "Bolormaa", "Cholpon", "Dinara", "Elena")
    assert issuing.progress(cohort).waiting == 0


def test_cohorts_are_not_mixed_in_one_transaction(officer, monkeypatch):
    together, sizes = certificates.issue_together, []

    def counted(taken, by):
        sizes.append(len(taken))
        return together(taken, by=by)

    monkeypatch.setattr(certificates, "issue_together", counted)
    asked_for(officer, "Aizada", "Bolormaa")
    asked_for(officer, "Cholpon")
    assert issuing.work_off() == 3
    assert sorted(sizes) == [1, 2]


def test_who_was_erased_meanwhile_gets_no_paper_and_no_mail(officer):
    asked_for(officer, "Aizada", "Bolormaa")
    manager = factories.make_user(Role.MANAGER)
    gone = Certificate.objects.get(enrollment__trainee__passport_name="Bolormaa")
    erasing.erase(gone.enrollment.trainee, by=manager, keep_certificate=False, wish="by phone")
    assert issuing.work_off() == 1
    assert register() == same("Aizada")
    gone.refresh_from_db()
    assert (gone.state, gone.issue_problem) == ("approved", "This person is erased already.")
    assert not OutgoingMail.objects.about(gone).exists()
    with pytest.raises(NotNow, match="erased"):
        certificates.issue(gone, by=officer)


def test_what_is_about_none_of_them_ends_the_round_in_place_of_beginning_it_for_ever(officer, monkeypatch):
    asked_for(officer, "Aizada")
    monkeypatch.setattr(issuing, "_take", fails(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        issuing.work_off()
