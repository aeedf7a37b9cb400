"""The entries are never stale: whoever writes, in whatever way, they change in the same transaction."""

import pytest
from django.db import connection, transaction

from hospitals.models import Clinician, Hospital
from partners.models import Institution
from portal.search.folding import entry
from portal.search.matching import found_by
from portal.search.models import SearchEntry
from portal.search.names import every_names, names_of
from portal.search.triggers import install
from tests import factories

pytestmark = pytest.mark.django_db


def entry_of(row):
    return SearchEntry.objects.of(type(row)).get(object_id=row.pk).text.split()


def expected(row):
    return entry([name for _label, name in names_of(type(row)).of(row)]).split()


def test_every_registered_kind_has_its_entries():
    factories.make_placement()
    factories.make_contact()
    hospital = factories.make_hospital()
    Clinician.objects.create(hospital=hospital, name="Kim Min-jun", name_ko="김민준", is_supervisor=True)
    factories.make_mou(title="Rare diseases", title_ko="희귀질환")
    factories.make_certificate(state="issued")
    factories.make_trainee("Nomin", local_name="Номин", korean_name="노민", certificate_name="Nomin E.")
    for names in every_names():
        rows = list(names.model._base_manager.all())
        assert rows, names.kind
        for row in rows:
            assert sorted(entry_of(row)) == sorted(expected(row)), names.kind


def test_a_change_is_found_at_once_whichever_way_it_is_made():
    hospital = factories.make_hospital("Wiltse", aliases=["Leon Wiltse"])
    assert "leonwiltse" in entry_of(hospital)
    hospital.aliases = ["윌스", "Wils"]
    hospital.save()
    assert "leonwiltse" not in entry_of(hospital)
    assert "wils" in entry_of(hospital)
    Hospital.objects.filter(pk=hospital.pk).update(name="Ajou")
    assert "wiltse" not in entry_of(hospital)
    assert "ajou" in entry_of(hospital)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE hospitals_hospital SET city = 'Paju' WHERE id = %s", [hospital.pk])
    assert "paju" in entry_of(hospital)


def test_rows_made_or_changed_in_bulk_are_found():
    home = factories.make_institution()
    made = Institution.objects.bulk_create(
        Institution(name=f"Бөөнөөр {number}", kind="hospital", region=home.region) for number in range(3)
    )
    assert found_by(Institution.objects.all(), "boonoor").count() == 3
    for row in made:
        row.name = row.name.replace("Бөөнөөр", "Шинэ")
    Institution.objects.bulk_update(made, ["name"])
    assert found_by(Institution.objects.all(), "boonoor").count() == 0
    assert found_by(Institution.objects.all(), "shine").count() == 3


def test_what_is_deleted_is_found_no_more():
    hospital = factories.make_hospital("Wiltse")
    key = hospital.pk
    hospital.delete()
    assert not SearchEntry.objects.of(Hospital).filter(object_id=key).exists()


def test_what_is_rolled_back_leaves_no_trace():
    with transaction.atomic():
        factories.make_hospital("Never built")
        assert SearchEntry.objects.filter(text__contains="never").exists()
        transaction.set_rollback(True)
    assert not SearchEntry.objects.filter(text__contains="never").exists()


def test_the_triggers_are_put_up_once_and_mend_what_is_missing():
    factories.make_hospital("Wiltse")
    SearchEntry.objects.all().delete()
    install()
    assert not SearchEntry.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON FUNCTION search_keep() IS 'an older one'")
    install()
    assert found_by(Hospital.objects.all(), "wiltse").count() == 1
