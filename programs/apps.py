from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# Verbs that are no arrow of a machine, in words.
VERBS = {
    "ask_evaluation": _("Evaluation asked for"),
    "give_feedback": _("Own evaluation given"),
    "set_objectives": _("Objectives written"),
    "exempt": _("Exception to the completion rules made"),
    "erase_absences": _("Reasons of absence erased"),
    "erase": _("Erased at the person’s wish"),
    "open_check_in": _("Checking in opened"),
    "note_attendance": _("Attendance noted"),
    "correct_attendance": _("Attendance corrected"),
    "ask_papers": _("Missing papers asked for"),
    "plan": _("Planned"),
    "nominate": _("Nominated"),
    "draft": _("Drafted"),
    "moved_from": _("Stood elsewhere before"),
    "split_off": _("Split off"),
    "swap": _("Changed places"),
    "ask_proposal": _("Asked for a proposal"),
    "keep_proposal": _("Kept proposed placements as drafts"),
    "ask_hostings": _("Hospitals asked for their offers"),
    "say_hosting": _("Said what it offers"),
    "say_wishes": _("Wishes told"),
    "meet_condition": _("Condition met"),
    "reopen_condition": _("Condition open again"),
    "choose_supervisor": _("Supervisor named"),
    "release": _("Plan released"),
    "change": _("Changed"),
    "create_program": _("Entered"),
    "archive": _("Put away"),
    "restore": _("Offered again"),
    "copy": _("Planned after an earlier cohort"),
    "change_quotas": _("Quotas changed"),
    "add_head_count": _("People by number added"),
    "change_head_count": _("People by number changed"),
    "remove_head_count": _("People by number removed"),
    "change_brands": _("Names over the years changed"),
    "change_criteria": _("Selection criteria changed"),
    "offer": _("A free seat is offered"),
    "review": _("Scored"),
    "declare_conflict": _("Conflict of interest declared"),
    "waive_rules": _("Exception to the rules made"),
    "name_reviewers": _("Reviewers named"),
    "order_reserve": _("Reserve list put in another order"),
    "make_calendar": _("Calendar address made"),
    "end_calendar": _("Calendar address ended"),
    "add_session": _("Session added"),
    "change_session": _("Session changed"),
    "copy_session": _("Session copied"),
    "move_day": _("A day of the schedule moved"),
    "cancel_session": _("Session cancelled"),
    "reinstate_session": _("Session takes place after all"),
    "remove_session": _("Session removed"),
    "attach_file": _("File attached to a session"),
    "take_out_file": _("File of a session taken out"),
    "release_schedule": _("Schedule released"),
    "enter_signatory": _("Entered"),
    "put_mark": _("Signature or seal uploaded"),
    "call": _("Invited to nominate"),
    "revoke_call": _("Invitation to nominate revoked"),
}


class ProgramsConfig(AppConfig):
    name = "programs"
    label = "programs"
    verbose_name = _("Programs")

    def ready(self):
        from portal.records import trail  # what follows needs the models

        # Importing registers what others ask for: activity, kinds of mail, objections, questions, verbs.
        from . import (  # noqa: F401
            activity,
            certificate_mails,
            correction_mails,
            evaluation_mails,
            hosting_mails,
            mails,
            nomination_mails,
            objections,
            objectives,
            placement_mails,
            placement_plan,
            release_mails,
            schedule_mails,
            workflow,
        )

        trail.name_verbs(VERBS)
