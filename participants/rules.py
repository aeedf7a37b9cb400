"""Arithmetic and conditions of following graduates up, without a database."""

from datetime import timedelta

# Days after the due day on which an unanswered follow-up is reminded of; 0 is the first mail.
REMINDER_DAYS = (0, 7, 14)
# The day of the last of them: whoever leads the cohort is told who has not answered any.
SILENT_AFTER_DAYS = REMINDER_DAYS[-1]
# After so many days without an answer a follow-up counts as missed. It may still be answered.
MISSED_AFTER_DAYS = 30
# Days before a consent to stay in touch lapses on which it is asked for anew: a mail, and one reminder.
RENEWAL_DAYS = (30, 10)


def reminder_step(due, today):
    """Which of REMINDER_DAYS is the latest that has come for a follow-up due on `due`; None before the due day.

    After a pause only the latest is sent: nobody gets two reminders for one thing on one day.
    """
    passed = [days for days in REMINDER_DAYS if due + timedelta(days=days) <= today]
    return passed[-1] if passed else None


def is_missed(due, today):
    return today >= due + timedelta(days=MISSED_AFTER_DAYS)


def renewal_step(days_left):
    """Which of RENEWAL_DAYS is the latest that has come, so many days before the consent lapses."""
    return min(days for days in RENEWAL_DAYS if days_left <= days)
