from . import contacts, mous, places, reminders

__all__ = ["contacts", "mous", "places", "reminders"]
