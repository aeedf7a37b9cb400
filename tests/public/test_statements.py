"""What the province promises in plain words: accessibility and privacy, in both languages."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "title", "title_ko"),
    [
        ("public:accessibility", "Accessibility", "웹 접근성"),
        ("public:privacy", "Privacy", "개인정보 처리방침"),
    ],
)
def test_a_statement_can_be_read_by_anybody_in_both_languages(client, name, title, title_ko):
    english = client.get(reverse(name), headers={"accept-language": "en"}).content.decode()
    korean = client.get(reverse(name), headers={"accept-language": "ko"}).content.decode()
    assert f"<h1>{title}</h1>" in english
    assert f"<h1>{title_ko}</h1>" in korean
    assert '<html lang="ko"' in korean


def test_the_footer_of_every_page_leads_to_both(client):
    page = client.get("/").content.decode()
    assert f'href="{reverse("public:accessibility")}"' in page
    assert f'href="{reverse("public:privacy")}"' in page
