"""The verbs of participants, one module a stateful record."""

from . import followups

__all__ = ["followups"]
