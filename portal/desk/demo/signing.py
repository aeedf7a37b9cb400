"""Who signs the demo's certificates."""

from datetime import date

from programs.workflow import signatories

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
