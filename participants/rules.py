"""Arithmetic and conditions of following graduates up, without a database."""

import calendar
from datetime import date, timedelta

# Days after the due day on which an unanswered follow-up is reminded of; 0 is the first mail.
REMINDER_DAYS = (0, 7, 14)
# After so many days without an answer a follow-up counts as missed. It may still be answered.
MISSED_AFTER_DAYS = 30


def months_after(day, months):
    """The same day of the month `months` later, clamped at the month's end (31 August + 6 = 28 or 29 February)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def reminder_step(due, today):
    """Which of REMINDER_DAYS is the latest that has come for a follow-up due on `due`; None before the due day.

    After a pause only the latest is sent: nobody gets two reminders for one thing on one day.
    """
    passed = [days for days in REMINDER_DAYS if due + timedelta(days=days) <= today]
    return passed[-1] if passed else None


def is_missed(due, today):
    return today >= due + timedelta(days=MISSED_AFTER_DAYS)
