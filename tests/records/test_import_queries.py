"""A file of 2,000 rows asks the database as often as one of 30."""

import pytest
from django.contrib.contenttypes.models import ContentType

from partners.imports import InstitutionImport
from partners.models import Institution
from portal.accounts.roles import Role
from portal.records.imports import checking, workflow
from portal.records.imports.models import ImportBatch
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [30, 2000])
def test_preview_commit_and_revert_cost_the_same_queries_for_any_number_of_rows(
    rows, django_assert_num_queries
):
    factories.make_region("Mongolia")
    officer = factories.make_user(role=Role.OFFICER)
    ContentType.objects.get_for_models(ImportBatch, Institution)
    lines = "".join(f"Hospital {number:04d},hospital,Mongolia\n" for number in range(rows))
    with django_assert_num_queries(22):
        batch = workflow.upload(
            f"Name,Kind,Region\n{lines}".encode(), "list.csv", InstitutionImport, by=officer
        )
        checking.check(batch.pk)
    with django_assert_num_queries(12):
        workflow.write(batch, by=officer)
    assert Institution.objects.count() == rows
    with django_assert_num_queries(18):
        workflow.revert(batch, by=officer, reason="The wrong year's list")
    assert Institution.objects.count() == 0
