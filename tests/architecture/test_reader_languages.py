"""Whoever reads in Mongolian or Russian meets no English on any page of theirs, and desks are offered neither."""

from datetime import date

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from devtools.checks.readers import templates_of_readers
from portal.accounts.roles import Role
from portal.mail import kinds
from portal.records import clock
from portal.records.approximate import span_words
from programs import answer_links
from tests import factories
from tests.architecture import test_doors
from tests.conftest import TODAY
from tests.untranslated import untranslated

READERS = ("trainee", "contact", "nobody", "anonymous")
# Pages of hospitals, which are opened by a link without an account: in the language of the mail that led there.
OF_HOSPITALS = ("programs:placement-answer", "programs:hosting-answer", "programs:evaluation-reply")
FOR_READERS_ALONE = sorted({code for code, _name in settings.LANGUAGES} - set(settings.DESK_LANGUAGES))


class Pages(test_doors.Doors):
    """Every page that a reader gets in to, read and sent empty, in each language that is for readers alone."""

    test_everybody_gets_in_where_they_belong_and_nowhere_else = None
    test_nobody_reaches_what_is_somebody_elses = None
    test_a_refused_role_cannot_post_either = None

    def read_all(self, language):
        here = [""]
        for role in READERS:
            self.clients[role].cookies[settings.LANGUAGE_COOKIE_NAME] = language
            if role in self.world.users:
                self.world.users[role].language = language
                self.world.users[role].save()
        with untranslated(language, lambda: here[0]) as missed:
            for name, door in test_doors.DOORS.items():
                if name.startswith(OF_HOSPITALS):
                    continue
                address = self.world.address(name, self.world.own)
                for role in test_doors._who(door)[1] & set(READERS):
                    for method in ("get", "post"):
                        here[0] = f"{method} {name} as {role}"
                        self.ask(role, address, method)
        return missed

    def test_no_page_of_readers_is_partly_in_english(self):
        for language in FOR_READERS_ALONE:
            with (
                self.subTest(language=language),
                override_settings(STORAGES=self.storages),
                clock.at(TODAY),
            ):
                assert self.read_all(language) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("language", FOR_READERS_ALONE)
@pytest.mark.parametrize("role", [Role.OFFICER, Role.COORDINATOR])
def test_who_works_with_the_portal_is_offered_what_it_wholly_stands_in(client, language, role):
    client.force_login(factories.make_user(role, language=language))
    answer = client.get("/accounts/profile/")
    assert answer.headers["Content-Language"] == "en"
    assert [code for code, _name in answer.context["languages"]] == ["en", "ko"]


@pytest.mark.django_db
def test_a_hospitals_page_by_link_is_in_the_language_of_its_mail_whatever_the_browser_wants(client):
    coordinator, cohort = factories.make_coordinator(factories.make_hospital()), factories.make_cohort()
    coordinator.user.language = "ko"
    coordinator.user.save()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ru"
    address = reverse("programs:placement-answer", args=[answer_links.token_for(coordinator, cohort)])
    answer = client.get(address)
    assert answer.headers["Content-Language"] == "ko"
    assert [code for code, _name in answer.context["languages"]] == ["en", "ko"]
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert client.get(address).headers["Content-Language"] == "en"


def test_every_kind_of_mail_for_readers_is_among_what_is_checked():
    templates = templates_of_readers(settings.BASE_DIR)
    for_readers = [kind for name, _label in kinds.choices() if (kind := kinds.get(name)).for_readers]
    assert len(for_readers) > 10
    assert [kind.name for kind in for_readers if f"emails/{kind.template}.txt" not in templates] == []


@pytest.mark.parametrize(
    ("language", "day", "span"),
    [
        ("mn", "2022 оны 6 сарын 9", "2022 оны 6 сарын 8 – 10"),
        ("ru", "9 июня 2022", "8–10 июня 2022"),
    ],
)
def test_dates_are_written_out_as_the_language_does(language, day, span):
    with translation.override(language):
        assert date_format(date(2022, 6, 9), "DATE_FORMAT") == day
        assert span_words(date(2022, 6, 8), date(2022, 6, 10)) == span
