"""Reminders: 180, 90 and 30 days before an MOU expires, and after 18 months in which nothing happened."""

from datetime import date
from functools import partial

import pytest
from django.urls import reverse

from partners.models import Mou
from partners.workflow import mous, reminders
from portal.accounts.roles import Role
from portal.desk import due
from portal.mail import kinds, render, wording
from portal.mail.kinds import NoLongerWanted
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.approximate import ApproximateDate
from tests import factories

pytestmark = pytest.mark.django_db


def on(*day):
    """A round of due work on that day; how many mails it put."""
    with clock.at(date(*day)):
        return due.run(say=lambda line: None)


def signed_until(expires, **fields):
    return factories.make_mou(
        signed=ApproximateDate(2026, 1, 5), expires=ApproximateDate.of(expires), **fields
    )


@pytest.fixture
def owner():
    return factories.make_user(Role.OFFICER, name="Kim Seo-yeon")


@pytest.fixture
def another():
    return factories.make_user(Role.OFFICER)


def test_the_owner_is_reminded_three_times_and_nobody_else(owner, another):
    signed_until("2027-06-30", owner=owner)
    days = [
        (2026, 12, 31),
        (2027, 1, 1),
        (2027, 1, 1),
        (2027, 3, 31),
        (2027, 4, 1),
        (2027, 5, 31),
        (2027, 6, 29),
    ]
    assert [on(*day) for day in days] == [0, 1, 0, 0, 1, 1, 0]
    mails = OutgoingMail.objects.order_by("due")
    assert [(mail.recipient_id, mail.context["days"]) for mail in mails] == [
        (owner.pk, n) for n in (180, 90, 30)
    ]


def test_without_an_owner_everybody_who_may_change_partners_is_reminded(owner, another):
    factories.make_user(Role.VIEWER)
    signed_until("2027-06-30")
    assert on(2027, 1, 1) == 2
    assert {mail.recipient_id for mail in OutgoingMail.objects.all()} == {owner.pk, another.pk}


def test_an_owner_who_may_not_change_partners_any_more_is_nobody_to_remind(owner, another):
    signed_until("2027-06-30", owner=owner)
    owner.is_active = False
    owner.save()
    on(2027, 1, 1)
    assert OutgoingMail.objects.get().recipient_id == another.pk


@pytest.mark.parametrize(("expires", "day"), [("2027-06", (2026, 12, 3)), ("2027", (2026, 7, 5))])
def test_an_approximate_expiry_counts_from_its_earliest_day(owner, expires, day):
    signed_until(expires)
    before = date(*day).toordinal() - 1
    with clock.at(date.fromordinal(before)):
        assert due.run(say=lambda line: None) == 0
    assert on(*day) == 1


def test_after_a_pause_only_the_latest_reminder_is_sent(owner):
    signed_until("2027-06-30")
    assert on(2027, 6, 15) == 1
    assert OutgoingMail.objects.get().context["days"] == 30


def test_it_leaves_on_a_working_morning(owner):
    signed_until("2027-06-30", owner=owner)
    on(2027, 4, 3)  # a Saturday
    assert OutgoingMail.objects.get().due.astimezone(clock.SEOUL).isoformat() == "2027-04-05T09:00:00+09:00"


def test_another_date_takes_its_reminder_along(owner):
    mou = signed_until("2027-06-30", owner=owner)
    on(2027, 1, 1)
    mou.expires = ApproximateDate(2027, 12, 30)
    with clock.at(date(2027, 1, 2)):
        mous.change(mou, by=PORTAL, fields=["expires"])
    assert OutgoingMail.objects.get().state == "cancelled"
    assert [on(2027, 1, 3), on(2027, 7, 3)] == [0, 1]


def terminate(mou):
    mous.terminate(mou, by=PORTAL, terminated=ApproximateDate(2027, 1), reason="closed")


def renew(mou):
    new = mous.following(mou, "renewal")
    new.signed = ApproximateDate(2027, 1, 2)
    mous.enter(new, [], by=PORTAL)


@pytest.mark.parametrize("end", [terminate, renew])
def test_who_was_renewed_or_terminated_is_not_reminded_of(owner, end):
    mou = signed_until("2027-06-30")
    on(2027, 1, 1)
    with clock.at(date(2027, 1, 3)):
        end(mou)
    assert OutgoingMail.objects.get().state == "cancelled"
    assert on(2027, 4, 1) == 0


# Dormant ------------------------------------------------------------------------------------------


def test_after_eighteen_months_without_activity_the_owner_is_told_once(owner):
    mou = factories.make_mou(signed=ApproximateDate(2023, 8), owner=owner)
    days = [(2025, 2, 27), (2025, 2, 28), (2025, 2, 28), (2025, 3, 1), (2026, 10, 1)]
    assert [on(*day) for day in days] == [0, 1, 0, 0, 0]
    assert OutgoingMail.objects.get().context == {"silent": [[mou.pk, "2023-08-31"]]}


def silent_mous(count, **fields):
    return [
        factories.make_mou(
            signed=ApproximateDate(2023, 8),
            institution=factories.make_institution(f"Home {number}"),
            **fields,
        )
        for number in range(count)
    ]


def told(user):
    """The MOUs in each of the user's mails."""
    mails = OutgoingMail.objects.filter(recipient_id=user.pk).order_by("pk")
    return [[mou for mou, _since in mail.context["silent"]] for mail in mails]


def test_each_owner_has_one_mail_of_theirs_and_the_officers_one_of_what_nobody_owns(owner, another):
    theirs, nobodys = silent_mous(2, owner=owner), factories.make_mou(signed=ApproximateDate(2023, 8))
    factories.make_user(Role.VIEWER)
    assert [on(2025, 2, 28), on(2025, 2, 28), on(2025, 3, 1)] == [2, 0, 0]
    assert told(owner) == [[*(mou.pk for mou in theirs), nobodys.pk]]
    assert told(another) == [[nobodys.pk]]


def test_what_falls_silent_later_is_told_alone_and_the_next_day(owner):
    (first,) = silent_mous(1, owner=owner)
    on(2025, 2, 28)
    second = factories.make_mou(signed=ApproximateDate(2023, 8), owner=owner)
    assert [on(2025, 2, 28), on(2025, 3, 1), on(2025, 3, 2)] == [0, 1, 0]
    assert told(owner) == [[first.pk], [second.pk]]


def test_who_falls_silent_again_is_told_of_again(owner):
    (mou,) = silent_mous(1, owner=owner)
    on(2025, 2, 28)
    factories.make_cohort(starts="2025-03-03", ends="2025-03-28").mous.add(mou)
    assert [on(2025, 4, 1), on(2026, 9, 28), on(2026, 9, 29)] == [0, 1, 0]
    assert told(owner) == [[mou.pk], [mou.pk]]


def test_the_digest_leaves_out_whose_reason_has_gone(owner):
    ended, met, stays = silent_mous(3, owner=owner)
    on(2025, 2, 28)
    with clock.at(date(2025, 3, 1)):
        mous.terminate(ended, by=PORTAL, terminated=ApproximateDate(2025, 2), reason="closed")
        factories.make_cohort(starts="2025-05-05", ends="2025-05-30").mous.add(met)
        texts = render.preview(OutgoingMail.objects.get())
    assert texts["subject"] == "Nothing has happened for 18 months: 1 MOU"
    for part in ("text", "html"):
        links = [reverse("partners:mou-detail", args=[mou.pk]) in texts[part] for mou in (ended, met, stays)]
        assert links == [False, False, True]


def test_a_cohort_under_it_is_activity_and_a_cancelled_one_is_not(owner):
    mou = factories.make_mou(signed=ApproximateDate(2023, 8))
    factories.make_cohort(starts="2024-05-06", ends="2024-05-31").mous.add(mou)
    assert [on(2025, 11, 29), on(2025, 12, 1)] == [0, 1]


def test_a_cohort_that_names_the_partner_is_activity(owner):
    mou = factories.make_mou(signed=ApproximateDate(2023, 8))
    cohort = factories.make_cohort(starts="2024-05-06", ends="2024-05-31")
    cohort.home_institutions.add(mou.partner_side[0].institution)
    assert on(2025, 6, 1) == 0


def test_another_signature_with_the_partner_is_activity(owner):
    factories.make_mou(signed=ApproximateDate(2020))
    factories.make_mou(signed=ApproximateDate(2024))
    assert on(2025, 6, 1) == 0


@pytest.mark.parametrize("fields", [{"terminated": "2024"}, {"signed": None}, {"expires": "2024"}])
def test_what_is_not_in_force_is_not_dormant(owner, fields):
    factories.make_mou(**{"signed": "2020", **fields})
    assert on(2026, 1, 1) == 0


@pytest.mark.parametrize("count", [1, 3])
def test_a_round_with_nothing_left_to_do_asks_as_often_for_three_as_for_one(
    owner, count, django_assert_num_queries
):
    for number in range(count):
        home = factories.make_institution(f"Home {number}")
        factories.make_mou(
            signed=ApproximateDate(2023), expires=ApproximateDate(2027), institution=home, owner=owner
        )
    due_work = partial(reminders.due_work, say=lambda line: None)
    with clock.at(date(2026, 10, 12)):
        assert due_work() == count + 1
        with django_assert_num_queries(10):
            assert due_work() == 0


# The mails ----------------------------------------------------------------------------------------


def test_the_mails_say_what_and_when_in_english_and_korean(owner):
    factories.make_user(Role.OFFICER, language="ko")
    mou = signed_until("2027-06")
    on(2026, 12, 3)
    english, korean = [render.preview(mail) for mail in OutgoingMail.objects.order_by("language")]
    assert english["subject"] == "MOU expires June 2027: Gyeonggi Province and First National Hospital"
    assert korean["subject"] == "업무협약 만료 2027년 6월: 경기도 및 First National Hospital"
    for texts in (english, korean):
        for part in ("text", "html"):
            assert reverse("partners:mou-detail", args=[mou.pk]) in texts[part]
            assert "1 January" not in texts[part]


def test_a_renewal_in_preparation_is_where_the_mail_leads(owner):
    mou = signed_until("2027-06-30")
    draft = mous.enter(mous.following(mou, "renewal"), [], by=PORTAL)
    on(2027, 1, 1)
    texts = render.preview(OutgoingMail.objects.get())
    assert "Its renewal is in preparation." in texts["text"]
    assert reverse("partners:mou-detail", args=[draft.pk]) in texts["text"]


def test_the_dormant_mail_says_since_when(owner):
    factories.make_mou(signed=ApproximateDate(2023, 8), owner=owner)
    on(2025, 2, 28)
    texts = render.preview(OutgoingMail.objects.get())
    assert texts["subject"] == "Nothing has happened for 18 months: 1 MOU"
    assert "- Gyeonggi Province and First National Hospital (31 August 2023)" in texts["text"]


def test_staff_may_reword_the_digest_and_keep_its_list(owner):
    silent_mous(2, owner=owner)
    on(2025, 2, 28)
    mail = OutgoingMail.objects.get()
    variables, context = kinds.get(mail.kind).variables, kinds.get(mail.kind).context(mail)
    text = wording.unfilled(render.preview(mail)["text"], variables, context)
    assert wording.problems("", text, variables) == []
    assert wording.filled("{mous}", variables, context) in render.preview(mail)["text"]


def test_the_digest_names_all_of_them_in_english_and_korean(owner):
    factories.make_user(Role.OFFICER, language="ko")
    found = silent_mous(3)
    on(2025, 2, 28)
    english, korean = [render.preview(mail) for mail in OutgoingMail.objects.order_by("language")]
    assert english["subject"] == "Nothing has happened for 18 months: 3 MOUs"
    assert korean["subject"] == "18개월간 활동 없음: 업무협약 3건"
    for texts in (english, korean):
        for mou in found:
            assert reverse("partners:mou-detail", args=[mou.pk]) in texts["text"]
            assert reverse("partners:mou-detail", args=[mou.pk]) in texts["html"]


def new_signature(mou, owner):
    factories.make_mou(signed=ApproximateDate(2025, 3), institution=mou.partner_side[0].institution)


def new_owner(mou, owner):
    Mou.objects.update(owner=factories.make_user(Role.OFFICER))


def new_cohort(mou, owner):
    factories.make_cohort(starts="2025-05-05", ends="2025-05-30").mous.add(mou)


@pytest.mark.parametrize("change", [new_signature, new_owner, new_cohort])
def test_a_reminder_whose_reason_has_gone_does_not_leave(owner, change):
    mou = factories.make_mou(signed=ApproximateDate(2023, 8), owner=owner)
    on(2025, 2, 28)
    change(mou, owner)
    with pytest.raises(NoLongerWanted):
        render.preview(OutgoingMail.objects.get())
