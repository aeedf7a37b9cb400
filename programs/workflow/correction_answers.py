"""What the holder of a certificate hears of the correction they asked for, however it came to be settled."""

from portal.mail import outbox


def clear(certificate):
    """Nothing is asked for any more; returns what was, or “”. The caller saves."""
    asked = certificate.correction_name
    certificate.correction_name = certificate.correction_note = ""
    certificate.correction_asked_at = certificate.correction_entered_by = None
    return asked


def tell_corrected(fresh, *, before):
    """The new certificate prints the name as it should read."""
    outbox.put(
        "certificate_corrected",
        to=fresh.enrollment.trainee,
        about=fresh,
        key=f"certificate_corrected:{fresh.pk}",
        context={"before": before},
    )


def tell_not_corrected(certificate, *, asked, stamp, reason):
    """The name stays, or the certificate is gone; and why. `stamp` tells one request from the next."""
    outbox.put(
        "certificate_not_corrected",
        to=certificate.enrollment.trainee,
        about=certificate,
        key=f"certificate_not_corrected:{certificate.pk}:{stamp}",
        context={"name": asked, "reason": reason},
    )
