"""Which messages visitors, trainees, graduates and partners read: these must stand in every language on offer.

Mongolian and Russian are for them alone: nobody who works with the portal is offered these, so that a page or a mail
is wholly in one language. What is named here is checked as a whole; that nothing is forgotten here is for
tests/architecture/test_reader_languages.py, which opens every page of theirs.
"""

import re
from fnmatch import fnmatchcase
from pathlib import Path

# Pages and mails of theirs. What these include and extend is theirs too.
TEMPLATES = [
    "40?.html",
    "413.html",
    "429.html",
    "403_csrf.html",
    "500.html",
    "base.html",
    "bare.html",
    "account/*",
    "accounts/*",
    "mfa/*",
    "public/*",
    "desk/today.html",
    "desk/today_partner.html",
    "desk/search.html",
    "demo/sign_in.html",
    "records/verb_screen.html",
    "components/*",
    "participants/my_*",
    "participants/followup_reply.html",
    "participants/consent_ended.html",
    "participants/consent_renew.html",
    "participants/followup_ended.html",
    "participants/followup_stopped.html",
    "programs/my_*",
    "programs/call_*.html",
    "programs/feedback_*.html",
    "programs/paper_*.html",
    "programs/checkin_scan.html",
    "programs/enrollment_papers.html",
    "programs/evaluation_ended.html",
    "programs/placement_answer_ended.html",
    "partners/region_list.html",
    "partners/region_detail.html",
    "partners/institution_list.html",
    "partners/institution_detail.html",
    "partners/mou_list.html",
    "partners/mou_detail.html",
    "partners/mou_timeline.html",
    "emails/_*",
    "emails/mail/*",
    "emails/participants/*",
    "emails/programs/certificate*",
    "emails/programs/feedback_*",
    "emails/programs/nomination_*",
    "emails/programs/papers_missing*",
    "emails/programs/release_trainee*",
    "emails/programs/schedule_changed.*",
    "emails/programs/_schedule_changes.*",
]
# Where the words of these pages stand in the code: labels, states, questions, refusals.
MODULES = [
    "portal/accounts/adapter.py",
    "portal/accounts/forms.py",
    "portal/accounts/models.py",
    "portal/accounts/time_zones.py",
    "portal/accounts/views.py",
    "portal/desk/nav.py",
    "portal/public/*.py",
    "portal/records/access.py",
    "portal/records/approximate.py",
    "portal/records/citations.py",
    "portal/records/fields.py",
    "portal/records/forms.py",
    "portal/records/transitions.py",
    "portal/records/uploads.py",
    "portal/ui/components.py",
    "portal/ui/countries.py",
    "portal/ui/forms.py",
    "portal/ui/templatetags/ui.py",
    "portal/mail/invitations.py",
    "participants/forms/followups.py",
    "participants/forms/papers.py",
    "participants/forms/passports.py",
    "participants/mails.py",
    "participants/models/consents.py",
    "participants/models/documents.py",
    "participants/models/followups.py",
    "participants/models/people.py",
    "participants/names.py",
    "participants/passports.py",
    "participants/scans.py",
    "participants/templatetags/*.py",
    "participants/views/consents.py",
    "participants/views/my.py",
    "participants/workflow/consents.py",
    "participants/workflow/documents.py",
    "participants/workflow/own.py",
    "partners/forms/lists.py",
    "partners/models/*.py",
    "partners/presentation.py",
    "partners/timeline.py",
    "partners/years.py",
    "programs/calendars.py",
    "programs/certificate_mails.py",
    "programs/checklists.py",
    "programs/completion.py",
    "programs/correction_mails.py",
    "programs/forms/attendance.py",
    "programs/forms/calls.py",
    "programs/forms/evaluations.py",
    "programs/forms/my.py",
    "programs/forms/papers.py",
    "programs/models/attendance.py",
    "programs/models/certificates.py",
    "programs/models/enrollments.py",
    "programs/models/evaluations.py",
    "programs/models/programs.py",
    "programs/models/sessions.py",
    "programs/my_schedule.py",
    "programs/nomination_mails.py",
    "programs/objectives.py",
    "programs/own_standing.py",
    "programs/releasing.py",
    "programs/schedule_mails.py",
    "programs/session_changes.py",
    "programs/templatetags/programs_days.py",
    "programs/views/calendars.py",
    "programs/views/calls.py",
    "programs/views/check_ins.py",
    "programs/views/feedback.py",
    "programs/views/my.py",
    "programs/views/papers.py",
    "programs/workflow/calls.py",
    "programs/workflow/certificate_corrections.py",
    "programs/workflow/certificate_names.py",
    "programs/workflow/check_ins.py",
    "programs/workflow/feedback.py",
    "programs/workflow/wishes.py",
]
# Single words of theirs that stand among many for desks.
WORDS = {
    "This session is cancelled: %(reason)s. Nobody checks in to it.",
    "Checking in opens an hour before the session at the earliest, and ends with it.",
    "Thank you. We look at it, and you hear of it by mail.",
    "You have asked several times today. Write to your program officer, please.",
    "Specialty",
    "Administrator",
    "Province manager",
    "Province officer",
    "Province viewer",
    "Hospital coordinator",
    "Partner contact",
    "Trainee",
    "any",
    "Import from a spreadsheet",
    "placements",
    "First wish",
    "Second wish",
    "Third wish",
    "whole days",
    "mornings",
    "afternoons",
}
INCLUDED = re.compile(r"""{%\s*(?:include|extends)\s+["']([^"'#]+)""")


def is_theirs(message, templates):
    """Tell whether a message of a catalog is one that readers see; `templates` are `templates_of_readers`."""
    text = message.id if isinstance(message.id, str) else message.id[0]
    return text in WORDS or any(_is_place_of_theirs(file, templates) for file, _line in message.locations)


def _is_place_of_theirs(file, templates):
    if file.startswith("templates/"):
        return file.removeprefix("templates/") in templates
    return any(fnmatchcase(file, pattern) for pattern in MODULES)


def templates_of_readers(root):
    """The names of the templates that readers see, with all that these extend and include."""
    folder = Path(root) / "templates"
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    waiting = [name for name in names if any(fnmatchcase(name, pattern) for pattern in TEMPLATES)]
    found = set()
    while waiting:
        name = waiting.pop()
        if name not in found and name in names:
            found.add(name)
            waiting += INCLUDED.findall((folder / name).read_text(encoding="utf-8"))
    return found
