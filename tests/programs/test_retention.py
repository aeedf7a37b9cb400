"""What may not be kept any longer goes on its day, bytes and all, and the trail says only that."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from participants.models import Document, Passport
from portal.accounts.models import Grant
from portal.accounts.roles import Role
from portal.desk import due
from portal.records import clock
from portal.records.access import looked
from portal.records.imports.models import ImportBatch
from portal.records.models import AccessRecord, Event, PrivateFile
from programs.attendance_totals import totals_of
from programs.models import Attendance
from programs.workflow import retention
from tests import factories

pytestmark = pytest.mark.django_db

LAST_DAY = factories.FRIDAY
LAST_KEPT, GOES = LAST_DAY + timedelta(days=90), LAST_DAY + timedelta(days=91)


def with_papers(trainee):
    passport = factories.make_passport(trainee, "E7340471")
    return passport, factories.make_document(trainee, "cv", state="checked")


def erase_on(day):
    with clock.at(day):
        return retention.erase_due(say=lambda line: None)


def test_number_and_papers_go_after_the_90th_day_and_the_bytes_with_them(private_files):
    enrollment = factories.make_enrollment(state="completed")
    _passport, document = with_papers(enrollment.trainee)
    path = private_files / document.file.path
    assert path.exists()
    assert str(erase_on(LAST_KEPT)) == "0 passport(s), 0 paper(s)"
    assert str(erase_on(GOES)) == "1 passport(s), 1 paper(s)"
    assert not path.exists()
    assert not Passport.objects.exists()
    document.refresh_from_db()
    assert (document.kind, document.state, document.file) == ("cv", "checked", None)
    assert PrivateFile.objects.filter(name__startswith="cv").count() == 0
    lines = Event.objects.about(enrollment.trainee).filter(verb__startswith="erase")
    assert {line.reason for line in lines} == {"The time for which it may be kept is over."}
    assert "471" not in str(list(lines.values()))
    assert str(erase_on(GOES)) == "0 passport(s), 0 paper(s)"


def test_somebody_who_comes_again_keeps_theirs():
    trainee = factories.make_enrollment(state="completed").trainee
    with_papers(trainee)
    spring = factories.make_cohort(state="nominating", starts=date(2027, 3, 1), ends=date(2027, 3, 26))
    factories.make_enrollment(cohort=spring, trainee=trainee)
    assert str(erase_on(GOES)) == "0 passport(s), 0 paper(s)"
    # Never accepted for the spring: from its first day the time runs.
    assert str(erase_on(date(2027, 5, 30))) == "0 passport(s), 0 paper(s)"
    assert str(erase_on(date(2027, 5, 31))) == "1 passport(s), 1 paper(s)"


@pytest.mark.parametrize("state", ["nominated", "reserve"])
def test_who_was_never_accepted_is_counted_from_the_first_day(state):
    enrollment = factories.make_enrollment(state=state)
    with_papers(enrollment.trainee)
    first_day = factories.MONDAY
    assert str(erase_on(first_day + timedelta(days=90))) == "0 passport(s), 0 paper(s)"
    assert str(erase_on(first_day + timedelta(days=91))) == "1 passport(s), 1 paper(s)"


def test_what_belongs_to_no_cohort_goes_90_days_after_it_was_stored():
    with_papers(factories.make_trainee())
    stored = clock.today()
    assert str(erase_on(stored + timedelta(days=90))) == "0 passport(s), 0 paper(s)"
    assert str(erase_on(stored + timedelta(days=91))) == "1 passport(s), 1 paper(s)"


def test_access_records_and_grants_stay(settings):
    trainee = factories.make_trainee()
    with_papers(trainee)
    looked(factories.make_user(Role.OFFICER), trainee, "passport_number", "visa invitation", None)
    grants = Grant.objects.count()
    erase_on(date(2032, 1, 1))
    assert (AccessRecord.objects.count(), Grant.objects.count()) == (1, grants)


def test_the_command_says_first_what_would_go_and_then_what_went(capsys):
    trainee = factories.make_trainee()
    with_papers(trainee)
    call_command("retention", as_of=date(2027, 6, 1), dry_run=True)
    out = capsys.readouterr().out
    assert (
        out
        == f"trainee {trainee.pk}: 1 passport(s), 1 paper(s)\n1 passport(s), 1 paper(s) would be erased.\n"
    )
    assert Passport.objects.count() == 1
    call_command("retention", as_of=date(2027, 6, 1))
    assert "1 passport(s), 1 paper(s) erased." in capsys.readouterr().out
    assert Document.objects.filter(file__isnull=False).count() == 0


def test_the_day_s_due_work_erases_and_a_look_at_another_day_does_not():
    with_papers(factories.make_trainee())
    due.run(as_of=date(2027, 6, 1), say=lambda line: None)
    assert Passport.objects.count() == 1
    with clock.at(date(2027, 6, 1)):
        due.run(say=lambda line: None)
    assert Passport.objects.count() == 0


def test_bytes_that_are_gone_already_hold_up_nothing(private_files):
    _passport, document = with_papers(factories.make_trainee())
    (private_files / document.file.path).unlink()
    assert str(erase_on(date(2027, 6, 1))) == "1 passport(s), 1 paper(s)"


# Lists ---------------------------------------------------------------------------------------------


def a_sealed_list(client):
    """A ministry's list with a number in it, uploaded and checked."""
    client.force_login(factories.make_user(Role.OFFICER))
    factories.make_institution("First National Hospital")
    cohort = factories.make_cohort(state="nominating")
    text = "Name,Birth date,Institution,Passport\nAnu Bat,1985-02-28,First National Hospital,E7340471\n"
    client.post(
        reverse("programs:cohort-nominations", args=[cohort.pk]),
        {"file": SimpleUploadedFile("list.csv", text.encode()), "sender": ""},
    )
    return ImportBatch.objects.get()


def test_a_list_that_was_kept_sealed_goes_with_what_is_sealed_of_its_rows(client, private_files):
    batch = a_sealed_list(client)
    path, row = private_files / batch.file.path, batch.rows.get()
    assert path.exists()
    assert row.texts["passport_number"]
    assert str(erase_on(clock.today() + timedelta(days=89))) == "0 passport(s), 0 paper(s)"
    assert str(erase_on(clock.today() + timedelta(days=91))) == "0 passport(s), 0 paper(s), 1 list(s)"
    assert not path.exists()
    row.refresh_from_db()
    assert "passport_number" not in {**row.texts, **row.corrections}
    assert row.texts["birth_date"] == "1985-02-28"
    batch.refresh_from_db()
    assert batch.state == "abandoned"
    lines = Event.objects.about(batch).filter(verb="erase_list")
    assert [line.reason for line in lines] == ["The time for which it may be kept is over."]
    assert str(erase_on(clock.today() + timedelta(days=92))) == "0 passport(s), 0 paper(s)"
    assert client.get(reverse("records:importbatch-detail", args=[batch.pk])).status_code == 200


def test_a_look_says_what_would_go_and_leaves_it(client, private_files):
    batch = a_sealed_list(client)
    with clock.at(clock.today() + timedelta(days=91)):
        erased = retention.erase_due(say=lambda line: None, dry_run=True)
    assert erased.lists == 1
    assert (private_files / batch.file.path).exists()
    batch.refresh_from_db()
    assert batch.secrets_erased_at is None


def test_why_somebody_was_not_there_goes_on_its_day_and_what_counts_stays():
    enrollment = factories.make_enrollment(state="completed")
    facts = {"enrollment": enrollment, "noted_name": "Choi", "noted_at": clock.start_of(LAST_DAY)}
    said = [
        ("absent", "unwell", "fever"),
        ("excused", "family", ""),
        ("excused", "program", ""),
        ("present", "", "came back"),
    ]
    for day, (status, reason, note) in enumerate(said):
        session = factories.make_session(enrollment.cohort, day=factories.MONDAY + timedelta(days=day))
        Attendance.objects.create(
            session=session,
            day=factories.MONDAY + timedelta(days=day),
            status=status,
            reason=reason,
            note=note,
            **facts,
        )
    before = totals_of(enrollment.cohort)
    assert str(erase_on(LAST_KEPT)) == "0 passport(s), 0 paper(s)"
    with clock.at(GOES):
        assert retention.erase_due(say=lambda line: None, dry_run=True).absences == 3
    assert str(erase_on(GOES)) == "0 passport(s), 0 paper(s), 3 reason(s) of absence"
    assert list(Attendance.objects.values_list("status", "reason", "note")) == [
        ("absent", "unknown", ""), ("excused", "unknown", ""), ("excused", "program", ""), ("present", "", ""),
    ]  # fmt: skip
    assert totals_of(enrollment.cohort) == before
    line = Event.objects.about(enrollment.trainee).get(verb="erase_absences")
    assert (line.reason, line.data) == ("The time for which it may be kept is over.", {"count": 3})
    assert str(erase_on(GOES)) == "0 passport(s), 0 paper(s)"
