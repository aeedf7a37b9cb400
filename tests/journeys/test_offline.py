"""A trainee's phone without reception: the copy of the schedule, and that it goes with who has seen it."""

from datetime import datetime

import pytest
from playwright.sync_api import Error

from portal.records import clock
from tests import factories


def enrolled(name):
    trainee = factories.make_trainee(name, user=True)
    cohort = factories.make_cohort(state="nominating")
    factories.make_enrollment(cohort=cohort, trainee=trainee, state="accepted")
    factories.make_talk(cohort, f"Talk of {name}", starts_at=datetime(2026, 11, 10, 16, tzinfo=clock.SEOUL))
    return trainee


def keeps_a_copy(person):
    """Wait until the worker of the page is there and has its copy."""
    person.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    person.page.wait_for_function(
        "caches.open('my-schedule').then(c => c.match('/my/schedule/')).then(r => !!r)"
    )


def test_the_schedule_opens_without_reception_and_says_that_it_is_a_copy(person):
    # given a trainee who has looked at the schedule once
    phone = person(phone=True)
    phone.signs_in(enrolled("Nomin").email)
    keeps_a_copy(phone)
    phone.opens("/my/schedule/")
    assert not phone.page.locator(".offline").is_visible()

    # when there is no reception
    phone.page.context.set_offline(True)
    phone.page.goto(phone.server.url + "/my/schedule/")

    # then the page of today is there, with its looks, and says how old it is
    phone.sees("Talk of Nomin")
    assert phone.page.locator(".offline").is_visible()
    phone.sees("No reception: this is how it stood on Tuesday, 10 November, 08:10.")
    assert not phone.page.get_by_text("Check in").is_visible()  # that takes reception
    assert phone.page.evaluate("getComputedStyle(document.querySelector('.agenda')).listStyleType") == "none"
    phone.looks()

    # and other pages are not kept
    with pytest.raises(Error):
        phone.page.goto(phone.server.url + "/my/papers/")

    # when reception is back, the page is the one of now
    phone.page.context.set_offline(False)
    phone.opens("/my/schedule/")
    assert not phone.page.locator(".offline").is_visible()


def test_after_signing_out_nothing_is_left_for_the_next_person(person):
    one, two = enrolled("Nomin"), enrolled("Saruul")
    phone = person(phone=True)
    phone.signs_in(one.email)
    keeps_a_copy(phone)
    phone.clicks("Sign out", role="button")

    # signed out and without reception there is no page
    assert phone.page.evaluate("caches.has('my-schedule')") is False
    phone.page.context.set_offline(True)
    with pytest.raises(Error):
        phone.page.goto(phone.server.url + "/my/schedule/")
    phone.page.context.set_offline(False)

    # the next person has a copy of their own page only
    phone.page.goto(phone.server.url + "/")
    phone.signs_in(two.email)
    keeps_a_copy(phone)
    phone.page.context.set_offline(True)
    phone.page.goto(phone.server.url + "/my/schedule/")
    phone.sees("Talk of Saruul")
    phone.does_not_see("Talk of Nomin")


def test_a_session_that_ended_takes_the_copy_along(person):
    phone = person(phone=True)
    phone.signs_in(enrolled("Nomin").email)
    keeps_a_copy(phone)
    phone.page.context.clear_cookies()
    phone.page.goto(phone.server.url + "/my/schedule/")
    assert "/accounts/login/" in phone.page.url
    assert phone.page.evaluate("caches.has('my-schedule')") is False
