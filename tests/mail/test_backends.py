import re

import pytest
from django.core.mail import EmailMultiAlternatives

from portal.mail import delivery
from portal.mail.backends import FolderBackend, SMTPBackend, outbox_connection, read_folder, read_mail


@pytest.fixture
def folder(settings, tmp_path):
    settings.DEMO_MAIL_DIR = tmp_path / "mail"
    settings.EMAIL_BACKEND = "portal.mail.backends.FolderBackend"
    return settings.DEMO_MAIL_DIR


def write(subject, text="Text."):
    message = EmailMultiAlternatives(subject, text, to=["바트 <bat@example.mn>"])
    message.attach_alternative("<p>HTML.</p>", "text/html")
    message.attach("수료증.pdf", b"%PDF-1.7", "application/pdf")
    return FolderBackend().send_messages([message])


def test_an_empty_folder_has_no_mails(folder):
    assert read_folder() == []


def test_mails_are_read_back_latest_first(folder):
    assert write("First") == 1
    write("둘째")
    second, first = read_folder()
    assert (first["subject"], second["subject"]) == ("First", "둘째")
    assert first["to"] == "바트 <bat@example.mn>"
    assert re.fullmatch(r"\d{8}T\d{12}-[0-9a-f]{8}\.eml", first["name"])
    assert first["name"] < second["name"]
    assert first["date"] is not None


def test_a_mail_is_read_whole(folder):
    write("One", "Line one.\nLine two.")
    mail = read_mail(read_folder()[0]["name"])
    assert mail["text"].split() == ["Line", "one.", "Line", "two."]
    assert mail["html"].strip() == "<p>HTML.</p>"
    assert mail["attachments"] == [{"name": "수료증.pdf", "type": "application/pdf", "content": b"%PDF-1.7"}]


@pytest.mark.parametrize(
    "name", ["../secret.eml", "..", "", "/etc/passwd", "x/../../secret.eml", "secret.eml\n"]
)
def test_no_name_leads_out_of_the_folder(folder, name):
    folder.mkdir()
    (folder.parent / "secret.eml").write_text("Subject: secret\r\n\r\nsecret")
    with pytest.raises(FileNotFoundError):
        read_mail(name)


def test_an_unfinished_file_is_not_listed(folder):
    def killed():
        raise KeyboardInterrupt

    message = EmailMultiAlternatives("Half", "Text.", to=["bat@example.mn"])
    with pytest.raises(KeyboardInterrupt):
        FolderBackend().send_in_two_phases(message, killed)
    assert read_folder() == []


@pytest.mark.django_db
def test_the_outbox_sends_into_the_folder(folder, put):
    mail = put()
    delivery.drain()
    mail.refresh_from_db()
    assert mail.state == "sent"
    assert [entry["subject"] for entry in read_folder()] == ["A note for Bat-Erdene"]
    assert [path.read_bytes() for path in folder.iterdir()] == [bytes(mail.raw)]


def test_djangos_smtp_backend_gives_way_to_the_one_in_two_phases(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert type(outbox_connection()) is SMTPBackend


@pytest.mark.parametrize("over_tls", [False, True])
def test_the_connection_tells_of_the_dot_with_and_without_tls(over_tls):
    backend = SMTPBackend(use_ssl=over_tls, use_tls=False)
    assert backend.connection_class.__name__ == ("SMTPOverTLS" if over_tls else "SMTP")
