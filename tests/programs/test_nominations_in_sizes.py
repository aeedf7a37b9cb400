"""A list of thousands of nominees asks the database as often as one of a few."""

from datetime import date, timedelta
from hashlib import md5

import pytest
from django.contrib.contenttypes.models import ContentType

from participants.models import Trainee
from portal.accounts.roles import Role
from portal.records.imports import checking, workflow
from portal.records.imports.models import ImportBatch
from programs.imports import NominationImport
from programs.models import Enrollment
from tests import factories

pytestmark = pytest.mark.django_db
HEAD = "Name,ФИО,Date of birth,Home institution,E-mail,Passport number\n"


def line(number):
    """Somebody of a name and a birth date that nobody else of the list is near to."""
    letters = md5(str(number).encode()).hexdigest().translate(str.maketrans("0123456789", "ghijklmnop"))
    born = date(1960, 1, 1) + timedelta(days=number * 7)
    return f"{letters[:8]} {letters[8:16]},,{born},Home,n{number}@example.org,E{number:07d}\n"


@pytest.mark.parametrize("rows", [20, 520])
def test_preview_and_nomination_cost_the_same_queries_for_any_number_of_rows(rows, django_assert_num_queries):
    home, officer = factories.make_institution("Home"), factories.make_user(Role.OFFICER)
    name, _local, born, *_rest = line(3).split(",")
    known = factories.make_trainee(name, institution=home, birth_date=born)
    cohort = factories.make_cohort(state="nominating")
    ContentType.objects.get_for_models(ImportBatch, Trainee, Enrollment, type(cohort))
    text = HEAD + "".join(line(number) for number in range(rows))

    with django_assert_num_queries(29):
        batch = workflow.upload(text.encode(), "list.csv", NominationImport, by=officer, parent=cohort)
        checking.check(batch.pk)
    batch.refresh_from_db()
    with django_assert_num_queries(32):
        workflow.write(batch, by=officer)

    assert Trainee.objects.count() == cohort.enrollments.count() == rows
    assert Trainee.objects.get(pk=known.pk).email == "n3@example.org"
