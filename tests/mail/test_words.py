"""Other words: for one mail before it leaves, and for all mails of a kind."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core import mail as django_mail
from django.urls import reverse

from portal.accounts.roles import Role
from portal.accounts.workflow import create_user
from portal.mail import delivery, kinds, states, wording, workflow
from portal.mail.invitations import invite
from portal.mail.models import OutgoingMail, Wording
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.models import Event
from portal.records.transitions import NotNow

pytestmark = pytest.mark.django_db
LINK = re.compile(r"https?://\S+/accounts/invitations/[\w:.-]+/\S*")


@pytest.fixture
def staff(client, officer):
    client.force_login(officer)
    return client


@pytest.fixture
def invitation():
    invite("seo@hospital.example", name="Seo Yu-na", roles=[Role.COORDINATOR], by=PORTAL)
    return OutgoingMail.objects.get()


def reword_url(mail):
    return reverse("mail:outgoingmail-reword", args=[mail.pk])


PAGES = {"detail": "mail:wording-detail", "edit": "mail:wording-edit", "restore": "mail:wording-restore"}


def wording_url(page="detail", kind="invitation", language="en", **more):
    return reverse(PAGES[page], kwargs={"kind": kind, "language": language, **more})


# One mail --------------------------------------------------------------------------------------------


def test_staff_edit_one_mail_without_ever_holding_its_link(staff, invitation, officer):
    page = unescape(staff.get(reword_url(invitation)).content.decode())
    assert "You have been invited to the training portal" in page
    assert "[link 1]" in page
    assert not LINK.search(page)
    text = "Please come in here:\r\n\r\n[link 1]\r\n\r\nWe & you: <b>good</b>\r\n\r\n- one\r\n- two"
    answer = staff.post(reword_url(invitation), {"subject": "Come  in", "text": text}, follow=True)
    shown = answer.content.decode()
    assert "Please come in here:" in shown
    assert not LINK.search(shown)
    delivery.drain()
    [message] = django_mail.outbox
    [link] = LINK.findall(message.body)
    assert message.subject == "Come in"
    assert message.body.startswith(
        f"Dear Seo Yu-na,\n\nPlease come in here:\n\n{link}\n\nWe & you: <b>good</b>"
    )
    assert "You get this mail because" in message.body
    [html] = [body for body, kind in message.alternatives if kind == "text/html"]
    assert "We &amp; you: &lt;b&gt;good&lt;/b&gt;" in html
    assert "<ul><li>one</li><li>two</li></ul>" in html
    assert html.count(f'href="{link}"') == 2  # the button, and the address in print
    invitation.refresh_from_db()
    assert invitation.template_version == "edited"
    event = Event.objects.about(invitation).get(verb="reword")
    assert (event.actor, event.data["subject"]) == (officer, "Come in")
    assert "Please come in here:" in event.data["text"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Come in.", "[link 1] is missing: the recipient could not answer."),
        ("[link 1] and [link 7]", "There is no [link 7]."),
        ("", "This field is required."),
    ],
)
def test_words_that_would_shut_the_recipient_out_are_refused_and_kept(staff, invitation, text, problem):
    answer = staff.post(reword_url(invitation), {"subject": "Typed subject", "text": text})
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert problem in page
    assert "Typed subject" in page
    invitation.refresh_from_db()
    assert invitation.own_text == ""


def test_staff_go_back_to_the_usual_words(staff, invitation, officer):
    workflow.reword(invitation, by=officer, subject="Other", text="Other [link 1]")
    assert "Back to the usual words" in staff.get(reword_url(invitation)).content.decode()
    staff.post(reword_url(invitation), {"usual": "1"})
    invitation.refresh_from_db()
    assert (invitation.own_subject, invitation.own_text) == ("", "")


def test_what_is_frozen_or_gone_is_not_edited(staff, invitation, officer):
    delivery.drain()
    answer = staff.get(reword_url(invitation), follow=True)
    assert "The text of this mail stands already" in answer.content.decode()
    with pytest.raises(NotNow):
        workflow.reword(invitation, by=officer, subject="Late", text="Late")
    assert (
        reword_url(invitation)
        not in staff.get(reverse("mail:outgoingmail-detail", args=[invitation.pk])).content.decode()
    )


def test_a_mail_of_a_kind_without_the_common_frame_says_so(staff, put):
    answer = staff.get(reword_url(put("broken")), follow=True)
    assert "cannot be edited" in answer.content.decode() or "cannot be written" in answer.content.decode()


# Several mails ---------------------------------------------------------------------------------------


@pytest.fixture
def failed(put, mail_server):
    def failed(count):
        mail_server.rcpt_answers = ["550 No such user"] * count
        mails = [put(key=f"failed:{number}") for number in range(count)]
        delivery.drain()
        return mails

    return failed


SELECTED = {"retry": "mail:outgoingmail-retry-selected", "cancel": "mail:outgoingmail-cancel-selected"}


def selected(verb):
    return reverse(SELECTED[verb])


def test_ticked_mails_are_named_and_sent_again_after_a_second_word_and_ten_minutes(staff, failed, put):
    one, two, _unticked = failed(3)
    queued = put(key="queued", due=clock.now() + timedelta(days=1))
    ticked = {"mail": [one.pk, two.pk, queued.pk], "next": "/mail/outgoingmails/?state=failed"}
    asked = staff.post(selected("retry"), ticked).content.decode()
    assert "Send 2 mails again?" in asked
    assert "1 ticked mail stays as it is" in asked
    assert OutgoingMail.objects.filter(state="failed").count() == 3
    answer = staff.post(selected("retry"), {**ticked, "reason": ""})
    assert answer["Location"] == "/mail/outgoingmails/?state=failed"
    assert OutgoingMail.objects.filter(state="failed").count() == 1
    one.refresh_from_db()
    assert (one.state, one.mailing.leaves_at - clock.now()) == ("queued", timedelta(minutes=10))


def test_all_mails_of_a_filtered_list_are_done_at_once_and_none_that_was_not_shown(staff, failed, put):
    mails = failed(52)
    other = mails.pop()
    OutgoingMail.objects.filter(pk=other.pk).update(recipient_name="Somebody Else", address="else@x.example")
    put(key="queued", due=clock.now() + timedelta(days=1))
    query = "state=failed&recipient=example.mn"
    OutgoingMail.objects.exclude(pk=other.pk).update(address="bat@example.mn")
    page = staff.get(f"/mail/outgoingmails/?{query}").content.decode()
    assert 'name="every"' in page
    asked = staff.post(selected("retry"), {"every": "1", "query": query, "mail": [other.pk]})
    assert "Send 51 mails again?" in asked.content.decode()
    assert {mail.pk for mail in asked.context["mails"]} == {mail.pk for mail in mails}
    OutgoingMail.objects.filter(pk=other.pk).update(address="late@example.mn")  # the list has grown meanwhile
    staff.post(selected("retry"), {"mail": asked.context["keys"], "reason": ""})
    assert [mail.pk for mail in OutgoingMail.objects.filter(state="failed")] == [other.pk]


def test_a_list_of_one_page_offers_its_boxes_only(staff, failed):
    failed(3)
    assert 'name="every"' not in staff.get("/mail/outgoingmails/").content.decode()


@pytest.mark.parametrize("query", ["state=nonsense", "recipient=nobody-of-this-name"])
def test_a_filter_that_leaves_nobody_means_nobody(staff, failed, query):
    failed(3)
    staff.post(selected("cancel"), {"every": "1", "query": query, "reason": "all of them"})
    assert OutgoingMail.objects.filter(state="failed").count() == 3


def test_ticked_mails_are_cancelled_with_a_reason(staff, failed):
    one, two = failed(2)
    ticked = {"mail": [one.pk, two.pk]}
    assert staff.post(selected("cancel"), {**ticked, "reason": " "}).status_code == 422
    staff.post(selected("cancel"), {**ticked, "reason": "Old."})
    assert list(OutgoingMail.objects.values_list("state", "cancelled_reason")) == [("cancelled", "Old.")] * 2


@pytest.mark.parametrize("verb", ["retry", "cancel"])
@pytest.mark.parametrize("ticked", [{}, {"mail": ["x", "-1", "99999999999999999999"]}])
def test_an_empty_selection_means_nobody(staff, failed, verb, ticked):
    failed(1)
    answer = staff.post(selected(verb), {**ticked, "reason": "All of them."}, follow=True)
    assert "No mail is ticked, so nothing was done." in answer.content.decode()
    assert OutgoingMail.objects.get().state == "failed"


def test_what_needs_a_person_is_found_by_what_is_wrong(staff, failed, put, person):
    failed(1)
    put("broken", key="text")
    person.email = ""
    put(key="nobody", to=person)
    delivery.drain()

    def keys(query):
        listing = staff.get(f"/mail/outgoingmails/?{query}").context["listing"]
        return sorted(mail.key for mail in listing.rows)

    assert keys("trouble=refused") == ["failed:0"]
    assert keys("trouble=text") == ["text"]
    assert keys("trouble=no-address") == ["nobody"]
    assert keys("trouble=uncertain") == []
    day = clock.today()
    assert keys(f"since={day}&until={day}") == ["failed:0", "nobody", "text"]
    assert keys(f"since={day + timedelta(days=1)}") == []


# All mails of a kind ---------------------------------------------------------------------------------

WORDS = "Welcome! For {days} days this is your way in:\n\n{link}\n\nSign in as {email}."


def test_staff_reword_a_kind_see_it_with_real_facts_and_it_is_used_from_then_on(staff, invitation, officer):
    begun = unescape(staff.get(wording_url("edit")).content.decode())
    assert "The link works once, and for {days} days." in begun
    assert "{link}" in begun
    typed = {"subject": "Welcome, {email}", "text": WORDS, "example": invitation.pk}
    seen = staff.post(wording_url("edit"), {**typed, "preview": "1"}).content.decode()
    assert "Welcome, seo@hospital.example" in seen
    assert "/accounts/invitations/•••/accept/" in seen
    assert not Wording.objects.exists()
    staff.post(wording_url("edit"), {**typed, "save": "1"})
    delivery.drain()
    [message] = django_mail.outbox
    assert message.subject == "Welcome, seo@hospital.example"
    assert "Welcome! For 14 days this is your way in:" in message.body
    [html] = [body for body, kind in message.alternatives if kind == "text/html"]
    assert 'class="button"' in html
    assert ">Set up sign-in</a>" in html
    invitation.refresh_from_db()
    assert invitation.template_version == "wording 1"
    assert Event.objects.about(Wording.objects.get()).get().actor == officer


@pytest.mark.parametrize(
    ("subject", "text", "problem"),
    [
        ("Hello", "Welcome.", "{link} is missing: the way in, good for two weeks."),
        ("Hello", "{link} {passport}", "There is no variable {passport}."),
        ("{password}", "{link}", "There is no variable {password}."),
        ("Hello", "{link} {", "A brace stands alone."),
        ("Hello", "{link} {{ settings.SECRET_KEY }}", "A brace stands alone."),
        ("Hello", "{link} {% load x %}", "A brace stands alone."),
        ("", "{link}", "This field is required."),
    ],
)
def test_words_that_do_not_fit_are_refused_and_what_was_typed_stays(staff, subject, text, problem):
    answer = staff.post(wording_url("edit"), {"subject": subject, "text": text, "save": "1"})
    assert answer.status_code == 422
    assert problem in unescape(answer.content.decode())
    assert text in unescape(answer.content.decode())
    assert not Wording.objects.exists()


def test_template_code_is_never_run(invitation, officer):
    variables = kinds.get("invitation").variables
    assert (
        wording.filled("{{% load %}} {days}", variables, {"days": "{email}", "link": ""})
        == "{{% load %}} {email}"
    )
    with pytest.raises(NotNow):
        workflow.write_wording(kinds.get("invitation"), "en", by=officer, subject="s", text="{link} {x.y}")


def test_html_comes_from_the_text_and_everything_in_it_is_escaped():
    html = wording.as_html('<script>alert(1)</script>\n"quoted" & more\n\nhttps://example.org/?a=1&b=<i>')
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>&quot;quoted&quot; &amp; more" in html
    assert "<i>" not in html


def test_earlier_versions_stay_and_come_back(staff, invitation, officer):
    kind = kinds.get("invitation")
    for number in (1, 2):
        workflow.write_wording(kind, "en", by=officer, subject=f"Version {number}", text="{link}")
    page = staff.get(wording_url()).content.decode()
    assert "Version 1" in page
    assert wording_url("restore", version=1) in page
    staff.post(wording_url("restore", version=1))
    assert Wording.objects.in_use("invitation", "en").subject == "Version 1"
    staff.post(wording_url("restore", version=0))
    assert Wording.objects.in_use("invitation", "en") is None
    assert [words.version for words in Wording.objects.versions("invitation", "en")] == [4, 3, 2, 1]
    delivery.drain()
    assert django_mail.outbox[0].subject == "Your account on the Gyeonggi training portal"


def test_a_wording_is_for_its_language_alone(officer, invitation):
    workflow.write_wording(kinds.get("invitation"), "ko", by=officer, subject="초대", text="{link}")
    delivery.drain()
    assert django_mail.outbox[0].subject == "Your account on the Gyeonggi training portal"


def test_a_wording_that_breaks_fails_its_mails_and_no_others(officer, invitation, put, monkeypatch):
    Wording.objects.create(
        kind="invitation", language="en", version=1, subject="s", text="{gone}", made_by=officer
    )
    put()
    delivery.drain()
    invitation.refresh_from_db()
    assert (invitation.state, invitation.last_error_code) == ("failed", "template")
    assert len(django_mail.outbox) == 1


def test_without_a_mail_to_show_it_with_the_page_says_so(staff):
    assert "There is no mail of this kind yet" in staff.get(wording_url()).content.decode()
    assert staff.get(wording_url("edit")).status_code == 200


def test_a_mail_whose_time_is_over_still_serves_as_an_example(staff, invitation):
    states._rows().update(state="cancelled", cancelled_reason="x")
    type(invitation.about).objects.filter(pk=invitation.about_id).update(last_login=clock.now())
    assert "You have been invited" in staff.get(wording_url()).content.decode()


@pytest.mark.parametrize(
    ("kind", "language"), [("no-such", "en"), ("placement_request", "mn"), ("note", "en")]
)
def test_what_cannot_be_reworded_is_not_there(staff, kind, language):
    assert staff.get(wording_url(kind=kind, language=language)).status_code == 404


def test_the_list_of_wordings_takes_few_queries_and_names_who_wrote(
    staff, officer, django_assert_num_queries
):
    workflow.write_wording(kinds.get("certificate"), "ko", by=officer, subject="s", text="{link}")
    staff.get(reverse("mail:wording-list"))
    with django_assert_num_queries(3):
        page = staff.get(reverse("mail:wording-list")).content.decode()
    assert "Version 1" in page
    assert "Kim Officer" in page


@pytest.mark.parametrize("page", ["detail", "edit"])
def test_others_do_not_see_the_words(client, page):
    client.force_login(create_user("v@gyeonggi.example", name="V", roles=[Role.VIEWER], by=None))
    assert client.get(wording_url(page)).status_code == 403
    assert client.post(wording_url(page), {"subject": "s", "text": "{link}", "save": "1"}).status_code == 403
    assert not Wording.objects.exists()


def test_the_words_of_a_kind_are_written_in_a_field_that_shows_them(staff, put):
    put()
    page = staff.get(reverse("mail:wording-edit", args=["invitation", "en"])).content.decode()
    assert 'rows="18"' in page
