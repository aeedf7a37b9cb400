"""Institutions and MOUs by spreadsheet. The machinery is explained in portal.records.imports."""

from collections import defaultdict

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hospitals.models import Hospital
from portal.accounts.roles import Permission
from portal.records.imports.columns import (
    ApproximateDateColumn,
    ChoiceColumn,
    LinesColumn,
    ListColumn,
    NumberColumn,
    Reference,
    ReferenceColumn,
    ReferencesColumn,
    TextColumn,
)
from portal.records.imports.importers import importer
from portal.records.imports.names import NameIndex, names_of, same_name
from portal.records.imports.records import RecordImporter
from portal.records.imports.said import said

from .models import Institution, Mou, MouParty, Region

PROVINCE = ("Gyeonggi Province", "Gyeonggi-do", "Gyeonggi", "경기도", "провинция Кёнгидо", "Кёнгидо")
KIND_WORDS = {
    "ministry": ["ministry of health", "부처", "министерство"],
    "agency": ["agency", "center", "centre", "기관", "агентство", "центр"],
    "health_department": [
        "department of health",
        "health department",
        "보건국",
        "департамент здравоохранения",
    ],
    "hospital": ["clinic", "병원", "больница", "эмнэлэг"],
    "university": ["institute", "대학", "대학교", "университет"],
}


@importer
class InstitutionImport(RecordImporter):
    """One row an institution abroad."""

    key = "institutions"
    label = _("Institutions")
    model = Institution
    permission = Permission.EDIT_PARTNERS
    list_url_name = "partners:institution-list"
    columns = [
        TextColumn(
            "name",
            _("Name"),
            ["institution", "name in english", "organization", "기관", "기관명", "название", "учреждение"],
            required=True,
            example="First National Hospital",
        ),
        TextColumn(
            "name_ko", _("Name in Korean"), ["korean name", "한글명", "기관명(한글)"], example="제1국립병원"
        ),
        TextColumn(
            "name_local",
            _("Name in the local script"),
            ["local name", "name in russian", "name in mongolian", "현지어명", "название на русском", "нэр"],
            example="Улсын нэгдүгээр төв эмнэлэг",
        ),
        TextColumn("short_name", _("Short name"), ["abbreviation", "약칭", "сокращение"], max_length=60),
        ListColumn(
            "aliases",
            _("Also printed as"),
            ["aliases", "other names", "별칭", "другие названия"],
            help=_("Several are parted by semicolons."),
        ),
        ChoiceColumn(
            "kind",
            _("Kind"),
            ["type", "종류", "유형", "тип", "вид"],
            needed_when_new=True,
            choices=Institution.Kind.choices,
            words=KIND_WORDS,
            example="hospital",
        ),
        ReferenceColumn(
            "region",
            _("Region"),
            ["country", "province", "city", "지역", "국가", "регион", "страна"],
            required=True,
            help=_("A country, province or city that is known here, by any of its names."),
            example="Mongolia",
        ),
        ReferenceColumn(
            "parent",
            _("Part of"),
            ["parent", "belongs to", "소속", "상위 기관", "входит в"],
            help=_("An institution that is known here already."),
        ),
        TextColumn("note", _("Note"), ["remark", "비고", "примечание"], max_length=300),
    ]

    def existing(self):
        return Institution.objects.unmerged()

    def prepare(self, rows):
        regions = list(Region.objects.unmerged())
        institutions = list(self.existing())
        self.records = {institution.pk: institution for institution in institutions}
        self.names = NameIndex.of(institutions)
        self.indexes = {"region": NameIndex.of(regions), "parent": self.names}
        self.country = {region.pk: region.country for region in regions}
        self.above = {region.pk: region.parent_id for region in regions}
        self.in_country = defaultdict(set)
        for institution in institutions:
            self.in_country[self.country[institution.region_id]].add(institution.pk)

    def match(self, rows):
        for row in rows:
            country = self.country[row.values["region"].pk]
            self.names.settle(row, row.values["name"], among=self.in_country[country])

    def compare_column(self, row, record, column):
        """A file that names the country takes nothing from a record that knows the city."""
        if column.name == "region" and row.values["region"].pk in self._regions_above(record.region_id):
            return
        super().compare_column(row, record, column)

    def _regions_above(self, pk):
        while pk := self.above.get(pk):
            yield pk

    def identity(self, row):
        return same_name(row.values["name"]), row.values["region"].pk

    def title(self, row):
        return row.text("name"), row.text("region")

    def url_of(self, pk):
        return reverse("partners:institution-detail", args=[pk])


@importer
class MouImport(RecordImporter):
    """One row an MOU with all its parties: known by who signed, and when."""

    key = "mous"
    label = _("MOUs")
    model = Mou
    permission = Permission.EDIT_PARTNERS
    list_url_name = "partners:mou-list"
    name_column = alias_field = ""
    own_relations = ("parties",)
    columns = [
        TextColumn("title", _("Title"), ["mou", "name", "제목", "название"]),
        TextColumn("title_ko", _("Title in Korean"), ["korean title", "협약명", "제목(한글)"]),
        ChoiceColumn(
            "kind",
            _("Kind"),
            ["type", "종류", "тип"],
            choices=Mou.Kind.choices,
            words={"cooperation": ["협력", "сотрудничество"], "training": ["연수", "обучение"]},
        ),
        ReferencesColumn(
            "gyeonggi",
            _("Gyeonggi side"),
            ["korean side", "hospital", "hospitals", "경기도 측", "국내 기관", "корейская сторона"],
            required=True,
            example="Gyeonggi Province",
            help=_("“Gyeonggi Province” or host hospitals. Several are parted by semicolons."),
        ),
        ReferencesColumn(
            "partner",
            _("Partner side"),
            ["partner", "partners", "institution", "상대 측", "해외 기관", "партнер", "партнёр"],
            required=True,
            example="First National Hospital",
            help=_("Regions or institutions that are known here. Several are parted by semicolons."),
        ),
        ApproximateDateColumn(
            "signed",
            _("Signed"),
            ["signed on", "date", "체결일", "дата подписания"],
            example="2022-06",
            help=_("As far as it is known: 2015, 2021-07 or 2022-06-09."),
        ),
        ApproximateDateColumn("effective", _("Effective from"), ["effective", "발효일", "вступает в силу"]),
        ApproximateDateColumn("expires", _("Expires"), ["expiry", "valid until", "만료일", "действует до"]),
        ApproximateDateColumn("terminated", _("Terminated"), ["종료일", "расторгнут"]),
        LinesColumn("scope", _("Scope"), ["content", "내용", "предмет"]),
        NumberColumn(
            "seats_a_year", _("Seats a year"), ["seats", "연간 정원", "мест в год"], minimum=1, maximum=10_000
        ),
    ]

    def prepare(self, rows):
        ours, theirs = NameIndex(), NameIndex()
        ours.add("province", PROVINCE[0], PROVINCE)
        for hospital in Hospital.objects.unmerged():
            ours.add(f"hospital {hospital.pk}", str(hospital), names_of(hospital))
        for model in (Region, Institution):
            for place in model.objects.unmerged():
                theirs.add(f"{model._meta.model_name} {place.pk}", str(place), names_of(place))
        self.indexes = {"gyeonggi": ours, "partner": theirs}
        self.known = defaultdict(list)
        for mou in self.existing():
            self.known[frozenset(map(_party_key, mou.every_party))].append(mou)

    def existing(self):
        return Mou.objects.with_parties()

    def check(self, row):
        signed, expires = row.value("signed"), row.value("expires")
        if signed and expires and expires.latest < signed.earliest:
            row.wrong("expires", said(_("It expires before it is signed.")))
        terminated = row.value("terminated")
        if signed and terminated and terminated.latest < signed.earliest:
            row.wrong("terminated", said(_("It is terminated before it is signed.")))

    def fresh(self, row):
        """Whoever brings it in is reminded of it, until somebody else is named."""
        mou = super().fresh(row)
        mou.owner = self.by
        return mou

    def match(self, rows):
        for row in rows:
            found = [
                mou for mou in self.known[self._parties(row)] if _may_be_one(row.value("signed"), mou.signed)
            ]
            records = [Reference(mou.pk, str(mou)) for mou in found]
            if len(found) == 1:
                row.is_about(records[0], said(_("The same parties have an MOU of this date.")))
            elif found:
                row.may_be(records, said(_("The same parties have several MOUs that may be this one.")))

    def made(self, pairs, *, by):
        MouParty.objects.bulk_create(
            [
                MouParty(mou=mou, side=side, **_party(party.pk))
                for row, mou in pairs
                for side, name in ((MouParty.Side.GYEONGGI, "gyeonggi"), (MouParty.Side.PARTNER, "partner"))
                for party in row.values[name]
            ]
        )

    def identity(self, row):
        return self._parties(row), row.value("signed"), row.value("title", "")

    def _parties(self, row):
        return frozenset(party.pk for party in (*row.values["gyeonggi"], *row.values["partner"]))

    def title(self, row):
        parties = f"{row.text('gyeonggi')} – {row.text('partner')}"
        return row.text("title") or parties, parties if row.text("title") else row.text("signed")

    def url_of(self, pk):
        return reverse("partners:mou-detail", args=[pk])


def _party_key(party):
    if party.is_province:
        return "province"
    kind = next(name for name in ("hospital", "region", "institution") if getattr(party, f"{name}_id"))
    return f"{kind} {getattr(party, f'{kind}_id')}"


def _party(key):
    """The fields of an MouParty from the key of its name."""
    kind, _space, pk = key.partition(" ")
    return {f"{kind}_id": int(pk)} if pk else {"is_province": True}


def _may_be_one(one, other):
    """Whether two dates of signing can be the same day, as far as both are known."""
    return one is None or other is None or (one.earliest <= other.latest and other.earliest <= one.latest)
