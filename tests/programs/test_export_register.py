"""The yearly export of the register: numbers and digests, the same bytes each time, and no name."""

import hashlib

import pytest
from django.core.management import call_command

from programs.models import Certificate
from tests import factories

pytestmark = pytest.mark.django_db


def test_each_certificate_stands_with_the_digest_of_its_paper_and_without_a_name(tmp_path, capsys):
    trainee = factories.make_trainee("Nomin-Erdene Tsogt")
    first = factories.make_certificate(
        enrollment=factories.make_enrollment(trainee=trainee, state="completed"), state="issued"
    )
    second = factories.make_certificate(state="issued")
    factories.make_certificate(state="approved")
    call_command("export_register", str(first.year), str(tmp_path / "one.txt"))
    content = (tmp_path / "one.txt").read_bytes()
    lines = content.decode().splitlines()
    numbers = [line.split("\t")[0] for line in lines[1:]]
    assert numbers == [first.number, second.number]
    certificate = Certificate.objects.select_related("file").get(pk=first.pk)
    assert lines[1].split("\t")[3] == hashlib.sha256(certificate.file.read()).hexdigest()
    assert "Nomin" not in content.decode()
    assert hashlib.sha256(content).hexdigest() in capsys.readouterr().out


def test_the_same_register_gives_the_same_bytes(tmp_path):
    year = factories.make_certificate(state="issued").year
    for name in ("one.txt", "two.txt"):
        call_command("export_register", str(year), str(tmp_path / name))
    assert (tmp_path / "one.txt").read_bytes() == (tmp_path / "two.txt").read_bytes()


def test_a_year_without_certificates_is_an_empty_register(tmp_path):
    call_command("export_register", "1999", str(tmp_path / "none.txt"))
    assert (tmp_path / "none.txt").read_text() == "# 1999\tnumber\tstate\tissued\tsha256\n"
