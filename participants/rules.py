"""Arithmetic and conditions of following graduates up, without a database."""

from datetime import timedelta

# Days after the due day on which an unanswered follow-up is reminded of; 0 is the first mail.
REMINDER_DAYS = (0, 7, 14)
# After so many days without an answer a follow-up counts as missed. It may still be answered.
MISSED_AFTER_DAYS = 30


def reminder_step(due, today):
    """Which of REMINDER_DAYS is the latest that has come for a follow-up due on `due`; None before the due day.

    After a pause only the latest is sent: nobody gets two reminders for one thing on one day.
    """
    passed = [days for days in REMINDER_DAYS if due + timedelta(days=days) <= today]
    return passed[-1] if passed else None


def is_missed(due, today):
    return today >= due + timedelta(days=MISSED_AFTER_DAYS)
