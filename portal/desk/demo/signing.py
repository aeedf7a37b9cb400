"""Who signs the demo's certificates, and whose name is to be corrected on one."""

from datetime import date

from programs.models import Certificate
from programs.workflow import certificate_corrections, signatories

from . import invented, specimen


def load():
    """Who signs certificates: nobody real, with a signature and a seal that say so."""
    manager = invented.acting("manager")
    for since, name, name_ko in (
        (date(2022, 7, 1), "Dr. Seo Ha-eun", "서하은"),
        (date(2026, 7, 1), "Dr. Moon Tae-yang", "문태양"),
    ):
        person = signatories.create(
            by=manager, name=name, name_ko=name_ko, title="Governor of Gyeonggi Province (demo)",
            title_ko="경기도지사(가상)", since=since,
        )  # fmt: skip
        signatories.put_mark(person, by=manager, kind="signature", content=specimen.signature())
        signatories.put_mark(person, by=manager, kind="seal", content=specimen.seal())


def correction():
    """One holder has phoned: the surname in capitals. It waits for the manager, with what it is about."""
    certificate = (
        Certificate.objects.filter(state=Certificate.State.ISSUED).order_by("year", "serial").first()
    )
    *first, last = certificate.printed["name"].split()
    certificate_corrections.enter_correction(
        certificate,
        by=invented.acting("officer"),
        name=" ".join([*first, last.upper()]),
        note="By phone: the surname stands in capitals in the passport.",
    )
