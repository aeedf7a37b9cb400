"""`./dev bench lists [people]`: lists, search, files and admin over 10,000 institutions, 2,000 MOUs, 10,000 people.

Beside them stand a bare page of the same frame, Django's admin over the same rows, and files made without the portal.
"""

import csv
import io
import random
import re
import statistics
import tempfile
import tracemalloc
from datetime import date, timedelta

import xlsxwriter
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from measure import page, timed

from hospitals.models import Department, Hospital, Specialty
from participants.models import FollowUp, Graduation, Trainee
from partners.models import Contact, Institution, Mou, MouParty, Region
from portal.accounts.roles import Role
from portal.accounts.workflow import create_user
from portal.mail.models import OutgoingMail
from portal.records.approximate import ApproximateDate
from programs.models import Certificate, Cohort, Enrollment, Program

INSTITUTIONS, MOUS, HOSPITALS = 10_000, 2_000, 60
SYLLABLES = "bat bay ar dorj tse mon gol gan bold su khe na ran oyun tuya er de ne za ya chi meg nar".split()  # noqa: SIM905
CYRILLIC = "бат бая ар дорж цэ мон гол ган болд сү хэ на ран оюун туяа эр дэ нэ за яа чи мэг нар".split()  # noqa: SIM905
PLACES = [("Mongolia", "MN"), ("Kazakhstan", "KZ"), ("Russia", "RU"), ("Uzbekistan", "UZ"), ("Vietnam", "VN")]
HOPS = 30


def main(people):
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(create_user("admin@bench.example", name="Admin", roles=[Role.ADMINISTRATOR], by=None))
    began = timed(make, people)
    print(f"made in {began / 1000:.0f} s, analyzed")
    print(f"{'page':<44}{'rows':>7}{'queries':>9}{'ms p50':>9}{'kB':>8}")
    page(client, "bare page (text in the frame)", reverse("public:accessibility"), 0)
    for name, model, sorts, query in LISTS:
        measure_list(client, name, model, sorts, query)
    for typed in ("wiltse", "wiltze", "명지", "bat", "b", "national hospital 77", "GG-2026-0042", "qqqqqq"):
        page(client, f"search “{typed}”", reverse("desk:search") + f"?q={typed}", 0)
    for model, typed in ADMIN:
        measure_admin(client, model, typed)
    for name, model in (("participants:trainee-list", Trainee), ("partners:institution-list", Institution)):
        files(client, name, model)


ADMIN = [(Institution, "77"), (Trainee, "bat"), (Mou, "national"), (Contact, "office 7"), (FollowUp, "bat")]
LISTS = [
    ("partners:region-list", Region, ["name", "country", "institutions", "mous"], "q=province 7"),
    ("partners:institution-list", Institution, ["name", "kind", "region", "mous"], "q=hospital 77"),
    ("partners:mou-list", Mou, ["expires", "signed"], "q=hospital 77"),
    ("hospitals:hospital-list", Hospital, ["name", "city", "departments", "seats"], "q=hospital 7"),
    ("participants:trainee-list", Trainee, ["name", "institution", "specialty"], "name=batdorj"),
    ("participants:graduation-list", Graduation, ["completed", "name", "program"], "name=batdorj"),
    ("participants:followup-list", FollowUp, ["urgency", "due", "name"], "name=batdorj"),
    ("mail:outgoingmail-list", OutgoingMail, ["due", "recipient", "kind"], "recipient=batdorj"),
    ("programs:cohort-list", Cohort, ["dates", "name", "state"], "q=7"),
]


def measure_list(client, name, model, sorts, query):
    """Page 1 in each order, a page deep in the list, the list filtered by a name."""
    rows, address = model._base_manager.count(), reverse(name)
    short = name.split(":")[1]
    page(
        client, "bare page", reverse("public:accessibility"), 0
    )  # again: other work may slow the machine meanwhile
    answer = page(client, short, address, rows)
    for sort in sorts:
        for way in ("", "-"):
            page(client, f"  by {way}{sort}", f"{address}?sort={way}{sort}", rows)
    deep, hops = address, 0
    while hops < HOPS and (found := re.search(rb'rel="next" href="([^"]+)"', answer.content)):
        deep, hops = found[1].decode().replace("&amp;", "&"), hops + 1
        answer = client.get(deep)
    if hops:
        page(client, f"  page {hops + 1}", deep, rows)
    page(client, f"  ?{query}", f"{address}?{query}", rows)


def measure_admin(client, model, typed):
    meta = model._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    rows = model._base_manager.count()
    page(client, f"admin {meta.model_name}", address, rows)
    page(client, f"  ?q={typed}", f"{address}?q={typed}", rows)


# Files ----------------------------------------------------------------------------------------------


def files(client, name, model):
    """CSV and XLSX of a whole list, beside the same cells written by the bare libraries over a bare queryset."""
    address, rows = reverse(name), model._base_manager.count()
    cells = []

    def read():
        """What the bare writers write: the model's own columns, as one query gives them."""
        return model.objects.order_by("pk").values_list(*names).iterator(chunk_size=500)

    head = next(csv.reader(io.StringIO(text(download(client, f"{address}?export=csv")).split("\r\n\r\n")[1])))
    own = [field.name for field in model._meta.concrete_fields if field.name not in ("aliases", "languages")]
    names = (own * 3)[: len(head)]

    def bare_csv():
        writer = csv.writer(io.TextIOWrapper(io.BytesIO(), "utf-8"))
        writer.writerows(read())

    def bare_xlsx():
        with tempfile.TemporaryFile() as made, xlsxwriter.Workbook(made, {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            for number, line in enumerate(cells):
                for column, cell in enumerate(line):
                    sheet.write_string(number, column, cell)

    for kind, bare in (("csv", bare_csv), ("xlsx", bare_xlsx)):
        cells[:] = list(
            csv.reader(io.StringIO(text(download(client, f"{address}?export=csv")).split("\r\n\r\n")[1]))
        )
        ours = statistics.median(timed(download, client, f"{address}?export={kind}") for _ in range(3))
        theirs = statistics.median(timed(bare) for _ in range(3))
        cells.clear()
        tracemalloc.start()
        download(client, f"{address}?export={kind}", keep=False)
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        words = f"{name.split(':')[1]} as {kind}, {len(head)} columns"
        beside = f"bare {theirs:.0f} ms, ×{ours / theirs:.2f}, + {peak:.1f} MB"
        print(f"{words:<44}{rows:>7}{'':>9}{ours:>9.0f}  {beside}", flush=True)


def download(client, address, keep=True):
    answer = client.post(address, {"reason": "benchmark"})
    if keep:
        return b"".join(answer.streaming_content)
    for _chunk in answer.streaming_content:
        pass
    return b""


def text(content):
    return content.decode("utf-8-sig")


# Rows -----------------------------------------------------------------------------------------------


def make(people):
    """All rows in bulk, past the verbs: what is measured is reading."""
    chance = random.Random(2026)
    regions = _regions()
    homes = Institution.objects.bulk_create(
        Institution(
            name=f"{_word(chance)} National Hospital {number}",
            name_local=f"{_word(chance, CYRILLIC)} эмнэлэг {number}",
            kind=chance.choice(Institution.Kind.values), region=chance.choice(regions), aliases=[f"NH {number}"],
        )
        for number in range(INSTITUTIONS)
    )  # fmt: skip
    hospitals = [
        Hospital.objects.create(
            name=f"{name} Hospital {number}", name_ko=f"{korean}병원 {number}", city="Suwon"
        )
        for number in range(HOSPITALS // 3)
        for name, korean in (("Myongji", "명지"), ("Wiltse", "윌스"), ("Soonchunhyang", "순천향"))
    ]
    specialties = [Specialty.objects.create(name=f"specialty {number}") for number in range(30)]
    Department.objects.bulk_create(
        Department(hospital=hospital, specialty=specialty, seats=2)
        for hospital in hospitals
        for specialty in specialties[:8]
    )
    _mous(chance, homes, hospitals)
    Contact.objects.bulk_create(
        Contact(institution=home, office=f"Office {number}", name=_word(chance))
        for number, home in enumerate(homes)
    )
    trainees = Trainee.objects.bulk_create(
        (
            Trainee(
                passport_name=f"{_word(chance)} {_word(chance)} {number}", local_name=f"{_word(chance, CYRILLIC)}",
                email=f"person{number}@bench.example", institution=chance.choice(homes),
                specialty=chance.choice(specialties),
                birth_date=date(1960, 1, 1) + timedelta(days=chance.randrange(14_000)),
            )
            for number in range(people)
        ),
        batch_size=5000,
    )  # fmt: skip
    _afterwards(chance, trainees)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _word(chance, syllables=SYLLABLES):
    return "".join(chance.choices(syllables, k=chance.choice((2, 2, 3)))).capitalize()


def _regions():
    found = []
    for name, code in PLACES:
        country = Region.objects.create(name=name, level="country", country=code, time_zone="Asia/Almaty")
        found += [
            Region.objects.create(
                name=f"{name} Province {number}", level="province", country=code, parent=country
            )
            for number in range(20)
        ]
    return found


def _mous(chance, homes, hospitals):
    mous = Mou.objects.bulk_create(
        Mou(
            signed=ApproximateDate(chance.randrange(2010, 2026), chance.choice((None, 3, 9))),
            expires=chance.choice((None, ApproximateDate(chance.randrange(2026, 2032), 5))),
        )
        for _number in range(MOUS)
    )
    parties = []
    for mou in mous:
        parties += [
            MouParty(mou=mou, side="gyeonggi", is_province=True),
            MouParty(mou=mou, side="gyeonggi", hospital=chance.choice(hospitals)),
            MouParty(mou=mou, side="partner", institution=chance.choice(homes)),
        ]
    MouParty.objects.bulk_create(parties)


def _afterwards(chance, trainees):
    """Cohorts, enrollments, certificates with numbers, graduations with four follow-ups, a mail to each person."""
    program = Program.objects.create(name="Training in lists", kind=Program.Kind.INVITATION)
    cohorts = Cohort.objects.bulk_create(
        Cohort(
            program=program, code=f"list-{number}", name=f"List {number}", state="closed",
            starts=ApproximateDate(2020 + number % 6, 3), ends=ApproximateDate(2020 + number % 6, 4),
        )
        for number in range(200)
    )  # fmt: skip
    graduations = Graduation.objects.bulk_create(
        Graduation(
            trainee=trainee, program_name="Training", completed=ApproximateDate(chance.randrange(2011, 2026))
        )
        for trainee in trainees
    )
    FollowUp.objects.bulk_create(
        (
            FollowUp(
                graduation=graduation, months=months, due=date(2026, 1, 1) + timedelta(days=chance.randrange(700)),
                state=chance.choice(("scheduled", "open", "missed")),
            )
            for graduation in graduations
            for months in (1, 3, 6, 12)
        ),
        batch_size=5000,
    )  # fmt: skip
    enrollments = Enrollment.objects.bulk_create(
        Enrollment(
            cohort=cohorts[number % 200], trainee=trainee, state="completed", graduation=graduations[number],
            ended_on=date(2026, 3, 1),
        )
        for number, trainee in enumerate(trainees)
    )  # fmt: skip
    now, kind = timezone.now(), ContentType.objects.get_for_model(Trainee)
    admin = create_user("signs@bench.example", name="Signs", roles=[Role.MANAGER], by=None)
    Certificate.objects.bulk_create(
        Certificate(enrollment=enrollment, state="eligible", approved_by=admin, approved_at=now)
        for enrollment in enrollments[5000:]
    )
    OutgoingMail.objects.bulk_create(
        OutgoingMail(
            key=f"bench:{trainee.pk}", kind="certificate", about_type=kind, about_id=trainee.pk, template="x",
            address=trainee.email, recipient_name=trainee.passport_name,
            due=now, next_attempt=now, sent_at=now, state="sent",
        )
        for trainee in trainees
    )  # fmt: skip
