"""When and where a session takes place, in one line each."""

from django import template

from programs import session_changes

register = template.Library()
register.filter("when_words", session_changes.when)
register.filter("where_words", session_changes.where)
register.filter("zone_words", session_changes.zone_words)
register.filter("change_lines", session_changes.change_lines)
