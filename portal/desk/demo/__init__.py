"""The demo: the public record, and invented people around it, made by calling the workflow verbs.

Imported by the command `prepare` and, for its screens, only where settings.DEMO is set.
"""

BEGUN, FINISHED = "begin loading the demo", "finish loading the demo"


def load(say):
    """Load the demo unless it is loaded. `say(line)` is told what happens.

    The mails of each day are sent on that day, so this cannot be one transaction. A load that was killed half-way
    (begun and never finished, in a database that was empty before it) is wiped and done again.
    """
    from django.core.management import call_command  # the apps must be ready before all of these are imported

    from portal.accounts.models import User
    from portal.records.actors import PORTAL
    from portal.records.models import Event
    from portal.records.transitions import record as note

    from . import invented, papers, record, scenes, selecting, signing

    if Event.objects.filter(verb=FINISHED).exists():
        return
    if Event.objects.filter(verb=BEGUN).exists():
        say("  an earlier start was interrupted; beginning anew")
        call_command("flush", interactive=False, verbosity=0)
    elif User.objects.exists():
        return  # somebody's own data
    invented.team()
    note(invented.acting("admin"), BEGUN, by=PORTAL)
    record.load()
    say("  regions, institutions, hospitals, MOUs and programs of the public record")
    invented.load()
    signing.load()
    scenes.load(say)
    signing.correction()
    selecting.load()
    say("  a cohort whose nominees are being chosen")
    papers.load()
    note(invented.acting("admin"), FINISHED, by=PORTAL)


def people():
    """Who shows the portal from which side: a list of (role in words, name, e-mail)."""
    from .invented import sign_ins

    return sign_ins()
