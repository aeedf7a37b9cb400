"""An exception to the rules of completion: staff say why, and the trail keeps it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.actors import System
from portal.records.transitions import NotNow, record
from programs.completion import standing_of
from programs.models import Certificate, Enrollment, Exemption

State = Enrollment.State


@transaction.atomic
def exempt(enrollment, *, by, reason):
    """Let the person complete although the rules that are open now are not met; a later one is not covered by it."""
    if not by.has(Permission.RUN_COHORTS):
        raise PermissionDenied
    rows = Enrollment.objects.select_for_update(no_key=True, of=("self",))
    kept = rows.select_related("cohort__program", "trainee").get(pk=enrollment.pk)
    issued = kept.certificates.exclude(state__in=[Certificate.State.ELIGIBLE, Certificate.State.APPROVED])
    if kept.state not in (State.IN_TRAINING, State.COMPLETED) or issued.exists():
        raise NotNow(_("It is decided already: %(state)s.") % {"state": kept.get_state_display()})
    standing = standing_of(kept)
    opened = [verdict.rule.value for verdict in standing.unsettled]
    if not opened:
        raise NotNow(_("Every rule is met; no exception is needed."))
    before = standing.exemption.rules if standing.exemption else []
    facts = {
        "rules": sorted({*before, *opened}),
        "reason": reason,
        "given_by": by.user if isinstance(by, System) else by,
        "given_at": clock.now(),
    }
    Exemption.objects.update_or_create(enrollment=kept, defaults=facts)
    record(kept, "exempt", by=by, reason=reason, data={"rules": opened})
