"""The badge map: how each state of each record looks.

A badge prints a role (its color), an icon and always the word. The map is keyed by model name and state
value, so that a page says `{% badge placement %}` and every page shows a confirmed placement alike. Roles:
`info` under way, `good` agreed or done, `wait` somebody has to act, `stop` refused or failed, `idle` not
begun, `past` kept for the record.
"""

from typing import NamedTuple


class Look(NamedTuple):
    role: str
    icon: str


BADGES: dict[str, dict[str, Look]] = {
    "cohort": {
        "planning": Look("idle", "pencil"),
        "nominating": Look("info", "inbox-arrow-down"),
        "selecting": Look("info", "funnel"),
        "placing": Look("info", "map-pin"),
        "running": Look("good", "play"),
        "completed": Look("good", "check-circle"),
        "closed": Look("past", "lock-closed"),
        "cancelled": Look("stop", "x-circle"),
    },
    "enrollment": {
        "nominated": Look("info", "user-plus"),
        "accepted": Look("good", "check-circle"),
        "reserve": Look("wait", "queue-list"),
        "rejected": Look("stop", "x-circle"),
        "in_training": Look("good", "academic-cap"),
        "completed": Look("good", "check-badge"),
        "not_completed": Look("stop", "minus-circle"),
        "withdrawn": Look("past", "arrow-uturn-left"),
    },
    "placement": {
        "draft": Look("idle", "pencil"),
        "requested": Look("wait", "paper-airplane"),
        "confirmed": Look("good", "check-circle"),
        "with_conditions": Look("good", "chat-bubble-left-ellipsis"),
        "declined": Look("stop", "x-circle"),
        "cancelled": Look("past", "no-symbol"),
        "rescheduled": Look("past", "arrow-path"),
        "completed": Look("good", "check-badge"),
    },
    "session": {
        "draft": Look("idle", "pencil"),
        "changed": Look("wait", "pencil-square"),
        "released": Look("good", "check-circle"),
        "cancelled": Look("stop", "x-circle"),
    },
    "certificate": {
        "eligible": Look("info", "clipboard-document-check"),
        "approved": Look("info", "hand-thumb-up"),
        "issued": Look("good", "check-badge"),
        "revoked": Look("stop", "no-symbol"),
        "superseded": Look("past", "document-duplicate"),
    },
    "document": {
        "received": Look("info", "inbox-arrow-down"),
        "checked": Look("good", "check-circle"),
        "refused": Look("stop", "x-circle"),
    },
    "evaluation": {
        "open": Look("wait", "envelope-open"),
        "answered": Look("good", "check-circle"),
        "missed": Look("stop", "bell-alert"),
        "waived": Look("past", "minus-circle"),
    },
    "followup": {
        "scheduled": Look("idle", "calendar"),
        "open": Look("wait", "envelope-open"),
        "answered": Look("good", "check-circle"),
        "missed": Look("stop", "bell-alert"),
        "waived": Look("past", "minus-circle"),
    },
    "outgoingmail": {
        "queued": Look("idle", "clock"),
        "sending": Look("info", "paper-airplane"),
        "sent": Look("good", "check-circle"),
        "failed": Look("stop", "exclamation-triangle"),
        "uncertain": Look("wait", "question-mark-circle"),
        "cancelled": Look("past", "no-symbol"),
    },
    "mou": {
        "draft": Look("idle", "pencil"),
        "signed": Look("good", "pencil-square"),
        "active": Look("good", "check-circle"),
        "expiring": Look("wait", "clock"),
        "expired": Look("past", "calendar"),
        "terminated": Look("stop", "x-circle"),
        "superseded": Look("past", "document-duplicate"),
    },
    "duplicate": {
        "strong": Look("wait", "users"),
        "weak": Look("idle", "question-mark-circle"),
    },
    "importbatch": {
        "mapping": Look("wait", "table-cells"),
        "checking": Look("info", "arrow-path"),
        "checked": Look("wait", "eye"),
        "written": Look("good", "check-circle"),
        "reverted": Look("past", "arrow-uturn-left"),
        "abandoned": Look("past", "archive-box"),
    },
    "hosting": {
        "yes": Look("good", "hand-thumb-up"),
        "perhaps": Look("wait", "question-mark-circle"),
        "no": Look("past", "no-symbol"),
    },
    "offer": {
        "open": Look("wait", "hand-raised"),
        "taken": Look("good", "check-circle"),
        "passed": Look("past", "forward"),
    },
    "rule": {
        "met": Look("good", "check-circle"),
        "not_met": Look("stop", "x-circle"),
        "unknown": Look("wait", "question-mark-circle"),
    },
    "importrow": {
        "new": Look("info", "plus-circle"),
        "matched": Look("good", "link"),
        "changed": Look("wait", "pencil-square"),
        "wrong": Look("stop", "exclamation-triangle"),
        "unchanged": Look("past", "equals"),
    },
}


def look_of(model_name: str, state: str) -> Look:
    """The role and icon of a state; a state the map does not know is a mistake in the code and says so."""
    try:
        return BADGES[model_name][state]
    except KeyError:
        raise LookupError(f"portal.ui.badges has no badge for {model_name} in state {state!r}") from None
