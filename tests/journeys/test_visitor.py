"""Anybody: the public home, and whether a certificate is genuine."""

from tests import factories


def test_a_visitor_checks_a_certificate(person):
    # given an issued and a revoked certificate
    genuine = factories.make_certificate(state="issued")
    revoked = factories.make_certificate(state="revoked")

    # when somebody opens the home page, and checks by number and code
    visitor = person()
    visitor.opens("/")
    visitor.clicks("Check a certificate")
    visitor.page.locator("[name=number]").fill(genuine.number)
    visitor.page.locator("[name=code]").fill(genuine.code)
    visitor.page.locator("main button[type=submit]").click()
    visitor.page.wait_for_load_state()
    visitor.looks()

    # then they see that it is genuine and whose it is, and nothing more about the person
    visitor.sees("This certificate is genuine")
    visitor.sees(genuine.enrollment.trainee.passport_name)
    visitor.does_not_see(genuine.enrollment.trainee.email)

    # and the QR mark leads to the same answer, also for one that was revoked, and for none
    phone = person(phone=True)
    phone.opens(f"/verify/{genuine.code}/")
    phone.sees("This certificate is genuine")
    phone.opens(f"/verify/{revoked.code}/")
    phone.sees("This certificate was revoked")
    phone.opens(f"/verify/{'0' * 32}/")
    phone.sees("No certificate has this code")


def test_a_reader_of_korean_gets_whole_pages_in_korean(person):
    visitor = person(phone=True, language="ko")
    for address in ("/", "/verify/", "/accounts/login/", "/accessibility/", "/privacy/"):
        visitor.opens(address)
        assert visitor.page.locator("html").get_attribute("lang") == "ko"


def test_every_public_page_stands_in_the_dark_and_in_high_contrast(browser, live_server):
    from tests.journeys.conftest import Person

    for scheme, contrast in (("dark", "no-preference"), ("light", "more")):
        context = browser.new_context(color_scheme=scheme, contrast=contrast)
        visitor = Person(context, live_server)
        for address in ("/", "/verify/", "/accounts/login/"):
            visitor.opens(address)
        context.close()
