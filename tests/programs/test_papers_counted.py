"""Who owes papers, counted by the database: the same as each person's checklist says."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from participants.models import Document, Passport
from portal.desk.counts import counts_for
from portal.records import clock
from programs import calls
from programs.checklists import Status, checklists, needed_until, owed
from programs.models import Call, Program
from tests import factories

pytestmark = pytest.mark.django_db
KINDS = ["passport", "license", "cv"]


def by_checklist(cohorts):
    """What the checklists of all people add up to."""
    found = {}
    for cohort in cohorts:
        lists = [
            owed(items) for items in checklists(cohort.enrollments.select_related("cohort__program")).values()
        ]
        owing = [items for items in lists if items]
        early = sum(any(item.status == Status.EXPIRING for item in items) for items in owing)
        if owing:
            found[cohort.pk] = (len(owing), early)
    return found


def everything(trainee, **facts):
    if not Passport.objects.filter(trainee=trainee).exists():
        factories.make_passport(trainee)  # without it no scan is kept
    return [factories.make_document(trainee, kind, **facts) for kind in KINDS]


def test_every_way_a_paper_can_stand_is_counted_as_the_checklist_says(django_assert_num_queries):
    program = Program.objects.get(pk=factories.make_cohort().program_id)
    program.papers = KINDS
    program.save()
    cohort = factories.make_cohort(program=program, state="nominating")
    other = factories.make_cohort(
        program=program, state="nominating", starts=date(2027, 3, 1), ends=date(2027, 5, 28)
    )
    whole = factories.make_cohort(
        program=program, state="nominating", starts=date(2028, 3, 6), ends=date(2028, 3, 10)
    )
    people = [factories.make_enrollment(cohort=cohort).trainee for _ in range(9)]
    everything(people[0])  # owes nothing
    everything(people[1])[0].delete()
    everything(people[2], state="refused")
    everything(people[3])
    factories.make_document(people[3], "cv", state="refused")  # the newest counts
    everything(people[4], state="refused")
    everything(people[4], state="checked")
    everything(people[5], expires=cohort.last_day - timedelta(days=1))
    everything(people[6], expires=needed_until("passport", cohort))
    everything(people[7])
    Passport.objects.filter(trainee=people[7]).update(
        expires=cohort.last_day
    )  # the scan says nothing, the passport does
    everything(people[8])
    Document.objects.filter(trainee=people[8], kind="cv").update(file=None, erased_at=clock.now())
    factories.make_document(people[8], "photo")  # nobody asked for it
    for person in people[:7]:
        factories.make_enrollment(cohort=other, trainee=person)
    factories.make_enrollment(cohort=whole, trainee=people[0])
    cohorts, officer = [cohort, other, whole], factories.make_user()
    expected = by_checklist(cohorts)
    with django_assert_num_queries(1):
        found = counts_for(officer, cohorts).owing
    assert found == expected
    assert found[cohort.pk] == (6, 2)
    assert whole.pk not in found


def test_a_program_that_asks_for_nothing_is_owed_nothing():
    enrollment = factories.make_enrollment()
    program = enrollment.cohort.program
    program.papers = []
    program.save()
    assert counts_for(factories.make_user(), [enrollment.cohort]).owing == {}


def test_a_contact_reads_which_papers_of_their_nominees_are_missing(client):
    contact = factories.make_contact()
    cohort = factories.make_cohort(state="nominating")
    Program.objects.update(papers=KINDS)
    enrollment = factories.make_enrollment(cohort=cohort, nominated_by=contact.institution)
    factories.make_document(enrollment.trainee, "cv")
    call = Call.objects.create(cohort=cohort, contact=contact)
    page = client.get(reverse("programs:call-open", args=[calls.token_for(call)])).content.decode()
    missing = re.search(r'data-label="Still missing">(.*?)(?:<a|</td>)', page, re.DOTALL)[1]
    papers = missing.strip().split(", ")[-3:]  # behind the facts that are missing
    assert papers == ["Passport (scan)", "Professional license", "Recommendation letter"]
    assert "CV" not in missing
