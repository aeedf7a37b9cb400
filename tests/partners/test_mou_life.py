"""An MOU's way: recorded with its parties, signed, renewed, amended, terminated, scanned."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse

from partners.models import STATUSES, Mou, MouScan
from partners.workflow import mous
from portal.accounts.roles import Role
from portal.records import clock
from portal.records.approximate import ApproximateDate
from portal.records.models import Event, PrivateFile
from tests import factories
from tests.threads import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


def url(name, *args):
    return reverse(name, args=args)


def sent(ours=("province",), theirs=("First National Hospital",), **facts):
    """What the form sends: parties on both sides and the paper."""
    data = {"kind": "cooperation", **facts}
    for prefix, parties in (("ours", ours), ("theirs", theirs)):
        data |= {f"{prefix}-TOTAL_FORMS": len(parties), f"{prefix}-INITIAL_FORMS": 0}
        data |= {f"{prefix}-{row}-party": party for row, party in enumerate(parties)}
    return data


def said(response):
    return [str(error) for error in response.context["errors"]]


def sides(mou):
    return [str(party) for party in mou.gyeonggi_side], [str(party) for party in mou.partner_side]


# Recorded -----------------------------------------------------------------------------------------


def test_a_paper_signed_outside_is_recorded_as_precisely_as_it_is_known(client, officer):
    factories.make_institution()
    response = client.post(url("partners:mou-create"), sent(signed="2015"))
    mou = Mou.objects.get()
    assert response.url == url("partners:mou-detail", mou.pk)
    assert (mou.signed, mou.status.key) == (ApproximateDate(2015), "signed")
    assert sides(mou) == (["Gyeonggi Province"], ["First National Hospital"])
    assert Event.objects.about(mou).get().verb == "enter"


@pytest.mark.parametrize("number", ["²", "9" * 5000, "-1", "\0", "10" * 9])
def test_whatever_number_of_rows_is_claimed_is_answered_in_words(client, officer, number):
    answer = client.post(url("partners:mou-create"), sent() | {"ours-TOTAL_FORMS": number, "add": "ours"})
    assert (answer.status_code, Mou.objects.count()) == (200, 0)


def test_any_number_of_parties_signs_on_either_side(client, officer):
    hospitals = [factories.make_hospital(name) for name in ("Wiltse Memorial Hospital", "Ansan Hospital")]
    factories.make_institution("Second National Hospital")
    factories.make_region("Darkhan-Uul", name_local="Дархан-Уул")
    parties = [str(hospital.pk) for hospital in hospitals], ["second national hospital", "Дархан-Уул", ""]
    client.post(url("partners:mou-create"), sent(*parties, signed="2022-06-09"))
    assert sides(Mou.objects.get()) == (
        ["Wiltse Memorial Hospital", "Ansan Hospital"],
        ["Second National Hospital", "Darkhan-Uul"],
    )


def test_a_row_more_is_added_without_javascript_and_loses_nothing(client, officer):
    typed = sent(theirs=["Somewhere", "not known yet"], title="Rare diseases", signed="someday", add="theirs")
    response = client.post(url("partners:mou-create"), typed)
    assert response.status_code == 200
    page = response.context
    assert [form["party"].value() for form in page["parties"].theirs] == ["Somewhere", "not known yet", ""]
    assert [form["party"].value() for form in page["parties"].ours] == ["province"]
    assert (page["form"]["title"].value(), page["form"]["signed"].value()) == ("Rare diseases", "someday")
    assert page["errors"] == []
    assert Mou.objects.count() == 0


@pytest.mark.parametrize(
    ("parties", "words"),
    [
        (
            {"ours": ["province", "province"]},
            "Party on the Gyeonggi side: This party stands on this side already.",
        ),
        (
            {"theirs": ["FNH", "First National Hospital"]},
            "Party on the partner side: This party stands on this side already.",
        ),
        ({"theirs": ["Myongji"]}, "Party on the partner side: “Myongji” stands on the Gyeonggi side."),
        (
            {"theirs": ["Gyeonggi Province"]},
            "Party on the partner side: “Gyeonggi Province” stands on the Gyeonggi side.",
        ),
        ({"theirs": [""]}, "Party on the partner side: Somebody signs on this side."),
        ({"ours": [""]}, "Party on the Gyeonggi side: Somebody signs on this side."),
    ],
)
def test_a_party_that_cannot_stand_there_is_refused_at_its_field(client, officer, parties, words):
    factories.make_institution(aliases=["FNH"])
    factories.make_hospital("Myongji Hospital", short_name="Myongji")
    response = client.post(url("partners:mou-create"), sent(**parties, scope="a long text"))
    assert response.status_code == 422
    assert said(response) == [words]
    assert response.context["form"]["scope"].value() == "a long text"
    assert Mou.objects.count() == 0


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"signed": "2022-06", "expires": "2022-05"}, "Expires: It would expire before it is signed."),
        (
            {"signed": "2022", "effective": "2023-02", "expires": "2023-01"},
            "Expires: It would expire before it takes effect.",
        ),
        ({"signed": "2027"}, "Signed: This day is still to come. Leave it empty until it is signed."),
        ({"signed": "soon"}, "Signed: Write a year, a month or a day. “soon” is none of them."),
        ({"seats_a_year": "-1"}, "Seats a year: Ensure this value is greater than or equal to 0."),
    ],
)
def test_dates_that_do_not_fit_are_refused_at_their_field_and_stay(client, officer, facts, words):
    factories.make_institution()
    response = client.post(url("partners:mou-create"), sent(**facts))
    assert said(response) == [words]
    assert {name: response.context["form"][name].value() for name in facts} == facts


def test_an_expiry_in_the_year_of_the_signature_may_be_later(client, officer):
    factories.make_institution()
    assert (
        client.post(url("partners:mou-create"), sent(signed="2022-06-09", expires="2022")).status_code == 302
    )


def test_the_database_refuses_what_does_not_fit_too():
    for facts in ({"signed": "2022-06", "expires": "2022-05"}, {"signed": "2022-06", "terminated": "2021"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Mou.objects.create(**{name: ApproximateDate.of(value) for name, value in facts.items()})


# Changed ------------------------------------------------------------------------------------------


def edit(client, mou, **facts):
    page = client.get(url("partners:mou-edit", mou.pk))
    return client.post(
        url("partners:mou-edit", mou.pk), sent(seen=page.context["form"]["seen"].value(), **facts)
    )


def test_changing_keeps_the_earlier_text_of_the_scope_readable(client, officer):
    mou = factories.make_mou(scope="Rare diseases only")
    assert edit(client, mou, signed="2023-08", scope="All of medicine").status_code == 302
    page = client.get(url("partners:mou-detail", mou.pk))
    assert [text for text, _until in page.context["earlier"]] == ["Rare diseases only"]
    assert "All of medicine" in page.content.decode()
    assert Event.objects.about(mou).get().data == {"fields": ["scope"]}


def test_parties_are_changed_with_the_paper(client, officer):
    mou = factories.make_mou()
    factories.make_institution("Second National Hospital")
    edit(client, mou, signed="2023-08", theirs=["Second National Hospital"])
    assert sides(Mou.objects.get()) == (["Gyeonggi Province"], ["Second National Hospital"])
    assert Event.objects.about(mou).get().data == {"fields": ["parties"]}


def test_a_page_left_open_does_not_overwrite_somebody_elses_date(client, officer):
    mou = factories.make_mou()
    seen = client.get(url("partners:mou-edit", mou.pk)).context["form"]["seen"].value()
    Mou.objects.filter(pk=mou.pk).update(expires="2027")
    response = client.post(
        url("partners:mou-edit", mou.pk), sent(signed="2023-08", expires="2028", seen=seen)
    )
    assert said(response) == [
        "Expires: Somebody has changed this since you opened the page. Open it again to see what it says."
    ]


# The chain ----------------------------------------------------------------------------------------


def test_a_renewal_is_filled_in_from_the_old_one_and_takes_its_place_when_it_is_signed(client, officer):
    old = factories.make_mou(
        signed=ApproximateDate(2021), expires=ApproximateDate(2026), scope="Training", seats_a_year=12
    )
    page = client.get(url("partners:mou-renew", old.pk)).context
    assert (page["form"]["scope"].value(), page["form"]["seats_a_year"].value()) == ("Training", 12)
    assert [form["party"].value() for form in page["parties"].theirs] == ["First National Hospital, Mongolia"]
    assert page["form"]["signed"].value() is None
    client.post(url("partners:mou-renew", old.pk), sent(scope="Training"))
    new = Mou.objects.get(renews=old)
    old.refresh_from_db()
    assert (new.status.key, new.succession, old.status.key) == ("draft", "renewal", "expiring")
    client.post(url("partners:mou-sign", new.pk), {"signed": "2026-10-12", "expires": "2031"})
    old.refresh_from_db()
    assert (Mou.objects.get(pk=new.pk).status.key, old.status.key, old.superseded_by) == (
        "active",
        "superseded",
        new,
    )
    assert Event.objects.about(old).get().verb == "supersede"


def test_an_amendment_stands_beside_the_one_it_amends(client, officer):
    old = factories.make_mou(signed=ApproximateDate(2021), expires=ApproximateDate(2030))
    client.post(url("partners:mou-amend", old.pk), sent(signed="2026-10"))
    old.refresh_from_db()
    new = Mou.objects.get(renews=old)
    assert (new.succession, new.status.key, old.status.key) == ("amendment", "signed", "active")
    assert client.get(url("partners:mou-detail", old.pk)).context["chain"] == [(new, "amends it")]


def test_a_signature_that_was_a_mistake_gives_the_old_one_its_place_back(client, officer):
    old = factories.make_mou(signed=ApproximateDate(2021))
    client.post(url("partners:mou-renew", old.pk), sent(signed="2026"))
    new = Mou.objects.get(renews=old)
    edit(client, new, signed="")
    old.refresh_from_db()
    assert (old.superseded_by, old.status.key) == (None, "signed")


def test_what_cannot_be_renewed_says_why(client, officer):
    draft = factories.make_mou(signed=None)
    old = factories.make_mou()
    client.post(url("partners:mou-renew", old.pk), sent())
    reasons = {
        draft: "It is not signed yet: change it instead.",
        old: "Its renewal is in preparation already.",
    }
    for mou, reason in reasons.items():
        response = client.post(url("partners:mou-renew", mou.pk), sent())
        assert (response.status_code, response.context["refused"]) == (409, reason)
    assert Mou.objects.count() == 3


def test_a_renewal_is_not_signed_before_what_it_renews(client, officer):
    old = factories.make_mou(signed=ApproximateDate(2021, 7))
    response = client.post(url("partners:mou-renew", old.pk), sent(signed="2021-06"))
    assert said(response) == ["Signed: It would be signed before the one it follows, of July 2021."]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_renewals_at_once_give_one():
    officer, old = factories.make_user(Role.OFFICER), factories.make_mou()

    def renew():
        return mous.enter(mous.following(old, "renewal"), [], by=officer)

    outcomes = race(renew, renew)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Mou", "NotNow"]


# Terminated ---------------------------------------------------------------------------------------


def test_terminating_keeps_date_and_reason_in_the_trail(client, officer):
    mou = factories.make_mou()
    response = client.post(
        url("partners:mou-terminate", mou.pk), {"terminated": "2026-09", "reason": "The agency was closed"}
    )
    assert response.status_code == 302
    event = Event.objects.about(mou).get()
    assert (event.verb, event.reason, event.data) == (
        "terminate",
        "The agency was closed",
        {"terminated": "2026-09"},
    )
    assert Mou.objects.get().status.key == "terminated"
    again = client.post(
        url("partners:mou-terminate", mou.pk), {"terminated": "2026", "reason": "again"}, follow=True
    )
    assert "It is terminated already." in again.content.decode()


def test_an_end_before_the_signature_is_refused_at_the_field(client, officer):
    mou = factories.make_mou()
    response = client.post(
        url("partners:mou-terminate", mou.pk), {"terminated": "2023-07", "reason": "closed"}
    )
    assert response.context["form"].errors == {"terminated": ["It would have ended before it was signed."]}


# Scans --------------------------------------------------------------------------------------------

TIFF = b"II*\x00" + b"0" * 20


def scan(client, mou, content=b"%PDF-1.7", name="signed.pdf", **facts):
    return client.post(
        url("partners:mou-add-scan", mou.pk), {"scan": SimpleUploadedFile(name, content), **facts}
    )


def test_a_better_scan_is_a_version_more_and_replaces_none(client, officer):
    mou = factories.make_mou()
    scan(client, mou)
    scan(client, mou, TIFF, "better.tif", note="with all annexes")
    versions = client.get(url("partners:mou-detail", mou.pk)).context["scans"]
    assert [(version.number, version.file.name, version.note, version.added_by) for version in versions] == [
        (2, "better.tif", "with all annexes", officer),
        (1, "signed.pdf", "", officer),
    ]
    assert [version.file.read() for version in versions] == [TIFF, b"%PDF-1.7"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "signed.pdf",
            b"<html>",
            "“signed.pdf” is none of these: PDF, JPEG, PNG, TIFF. Its content was looked at, not its name.",
        ),
        (
            "signed.pdf",
            b"\x89PNG\r\n\x1a\n",
            "“signed.pdf” is not what its name says: its content is PNG. Name it so, or choose another file.",
        ),
        (
            "signed.exe",
            b"%PDF-1.7",
            "“signed.exe” is not what its name says: its content is PDF. Name it so, or choose another file.",
        ),
        (
            "signed.pdf",
            b"%PDF-" + b"0" * (20 * 1024 * 1024),
            "This file has 20.0\xa0MB; 20.0\xa0MB is the most.",
        ),
        ("signed.pdf", b"", "The submitted file is empty."),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_and_the_note_stays(
    client, officer, name, content, words
):
    mou = factories.make_mou()
    response = scan(client, mou, content, name, note="with all annexes")
    assert response.context["form"].errors == {"scan": [words]}
    assert response.context["form"]["note"].value() == "with all annexes"
    assert PrivateFile.objects.count() == 0


@pytest.mark.parametrize(
    "change", [lambda: MouScan.objects.update(number=7), lambda: MouScan.objects.all().delete()]
)
def test_no_version_is_overwritten_or_taken_away(change):
    factories.make_scan(factories.make_mou())
    with pytest.raises(InternalError), transaction.atomic():
        change()


# Read ---------------------------------------------------------------------------------------------


DATES = [None, "2019", "2026-10-12", "2026-10-13", "2026-10", "2027-04-11", "2027-04-12", "2027-04", "2030"]


def test_the_database_and_the_page_say_one_status_of_every_combination():
    other = factories.make_mou()
    for signed in (None, "2011"):
        for expires in DATES:
            for terminated in (None, "2026", "2026-11"):
                dates = {"signed": signed, "expires": expires, "terminated": terminated}
                Mou.objects.create(**{name: ApproximateDate.of(value) for name, value in dates.items()})
    Mou.objects.create(signed=ApproximateDate(2011), superseded_by=other)
    rows = list(Mou.objects.with_status())
    assert [row.status_key for row in rows] == [row.status.key for row in rows]
    assert {row.status_key for row in rows} == set(STATUSES)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"status": "draft"}, ["draft"]),
        ({"status": "expiring"}, ["soon"]),
        ({"expiring": "90"}, ["soon"]),
        ({"expiring": "30"}, []),
        ({"side": "hospital"}, ["hospitals"]),
        ({"country": "KZ"}, ["abroad"]),
        ({"kind": "training"}, ["abroad"]),
    ],
)
def test_the_list_is_narrowed(client, officer, asked, found):
    factories.make_mou(title="draft", signed=None)
    factories.make_mou(title="soon", expires=ApproximateDate(2026, 12, 20))
    hospitals = factories.make_mou(title="hospitals")
    hospitals.parties.filter(is_province=True).delete()
    hospitals.parties.create(side="gyeonggi", hospital=factories.make_hospital())
    theirs = factories.make_institution("Theirs", region=factories.make_region("Kazakhstan", country="KZ"))
    factories.make_mou(title="abroad", kind="training", institution=theirs)
    rows = client.get(url("partners:mou-list"), asked).context["listing"].rows
    assert [row.title for row in rows] == found


def runs(client):
    return [
        (str(mou), [(run.years, run.words) for run in row])
        for mou, row in client.get(url("partners:mou-timeline")).context["rows"]
    ]


def test_the_years_say_in_force_only_where_that_is_known(client, officer):
    factories.make_mou(title="open", signed=ApproximateDate(2021, 7))
    factories.make_mou(title="known", signed=ApproximateDate(2022), expires=ApproximateDate(2024, 3))
    factories.make_mou(title="ended", signed=ApproximateDate(2023), terminated=ApproximateDate(2025))
    factories.make_mou(title="draft", signed=None)
    assert runs(client) == [
        ("open", [(1, "in force"), (5, "expiry not published")]),
        ("known", [(1, ""), (3, "in force"), (2, "")]),
        ("ended", [(2, ""), (3, "in force"), (1, "")]),
    ]


def test_a_renewed_mou_ends_on_the_time_line_where_the_renewal_begins(client, officer):
    old = factories.make_mou(title="old", signed=ApproximateDate(2020))
    client.post(url("partners:mou-renew", old.pk), sent(signed="2024", title="new"))
    assert runs(client) == [
        ("old", [(5, "in force"), (2, "")]),
        ("new", [(4, ""), (1, "in force"), (2, "expiry not published")]),
    ]


@pytest.mark.parametrize("number", [0, 1, 3])
def test_the_year_time_line_asks_five_times_however_many_there_are(
    client, officer, number, django_assert_num_queries
):
    for _row in range(number):
        factories.make_mou()
    with django_assert_num_queries(5 if number else 4):
        assert len(client.get(url("partners:mou-timeline")).context["rows"]) == number


def test_seats_agreed_nominated_placed_and_completed_stand_side_by_side(client, officer):
    mou = factories.make_mou(seats_a_year=4)
    home = factories.make_institution("Darkhan Hospital", region=factories.make_region())
    abroad = factories.make_institution("Abroad", region=factories.make_region("China", country="CN"))
    cohort = factories.make_cohort(state="placing")
    cohort.mous.add(mou)
    for _person in range(3):
        factories.make_enrollment(cohort=cohort, trainee=factories.make_trainee(institution=home))
    factories.make_enrollment(cohort=cohort, trainee=factories.make_trainee(institution=abroad))
    placed = factories.make_enrollment(
        cohort=cohort, trainee=factories.make_trainee(institution=home), state="accepted"
    )
    factories.make_placement(enrollment=placed, state="confirmed")
    page = client.get(url("partners:mou-detail", mou.pk)).content.decode()
    row = page.split('aria-label="Seats by year"')[1].split("<tbody")[1].split("</tr>")[0]
    cells = [cell.split(">")[1].split("<")[0] for cell in row.split("<t")[2:] if ">" in cell]
    assert cells == ["2026", "4", "4", "1", "0"]


@pytest.mark.parametrize("name", ["create", "edit", "sign", "renew", "amend", "terminate", "add-scan"])
def test_a_viewer_and_a_partner_write_nothing(client, name):
    mou = factories.make_mou()
    for user in (factories.make_user(Role.VIEWER), factories.make_contact().user):
        client.force_login(user)
        assert (
            client.post(url(f"partners:mou-{name}", *([] if name == "create" else [mou.pk]))).status_code
            == 403
        )


def test_the_verbs_ask_for_the_permission_themselves():
    viewer, mou = factories.make_user(Role.VIEWER), factories.make_mou()
    verbs = [
        lambda: mous.enter(Mou(), [], by=viewer),
        lambda: mous.change(mou, by=viewer, fields=["scope"]),
        lambda: mous.sign(mou, by=viewer, signed=ApproximateDate(2020)),
        lambda: mous.terminate(mou, by=viewer, terminated=ApproximateDate(2024), reason="x"),
    ]
    for verb in verbs:
        with pytest.raises(PermissionDenied):
            verb()


def test_a_contact_reads_the_scope_of_their_own_mou_and_no_owner(client):
    contact = factories.make_contact()
    owner = factories.make_user(Role.OFFICER, name="Kim Seo-yeon")
    mou = factories.make_mou(institution=contact.institution, scope="Training", owner=owner)
    client.force_login(contact.user)
    page = client.get(url("partners:mou-detail", mou.pk)).content.decode()
    assert "Training" in page
    assert "Kim Seo-yeon" not in page
    assert url("partners:mou-edit", mou.pk) not in page


def test_the_obvious_next_step_follows_from_how_it_stands(client, officer):
    with clock.at(date(2026, 10, 13)):
        draft = factories.make_mou(signed=None)
        ending = factories.make_mou(expires=ApproximateDate(2026, 12))
        signed = factories.make_mou()
        scanned = factories.make_mou()
        factories.make_scan(scanned)
        steps = [
            client.get(url("partners:mou-detail", mou.pk)).context["steps"][0].label
            for mou in (draft, ending, signed, scanned)
        ]
    assert steps == ["Record the signature", "Renew", "Add a scan", "Change"]
