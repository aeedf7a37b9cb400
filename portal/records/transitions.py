"""How a state moves: through a verb, under a lock, with a line in the trail. Nothing else writes a state."""

from collections import defaultdict
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from .actors import System
from .models import Event

_moving = ContextVar("portal_records_moving", default=frozenset())
_verbs = defaultdict(dict)


class NotNow(ValidationError):
    """The verb does not fit the record's state, or a rule of the house is broken. The message is for a person."""


class StateWrittenByHand(RuntimeError):
    """Code tried to save or update a state outside a transition."""


class StatefulQuerySet(models.QuerySet):
    """Refuses to write a state in bulk."""

    def update(self, **values):
        if "state" in values:
            raise StateWrittenByHand(f"{self.model.__name__}.state is written by its verbs only")
        return super().update(**values)

    update.alters_data = True

    def bulk_update(self, objs, fields, batch_size=None):
        if "state" in fields:
            raise StateWrittenByHand(f"{self.model.__name__}.state is written by its verbs only")
        return super().bulk_update(objs, fields, batch_size=batch_size)

    bulk_update.alters_data = True


class Stateful(models.Model):
    """A record with a `state` field that begins at `initial_state` and moves by verbs."""

    initial_state = None
    # What the verbs look at beside the row itself: fetched together with its lock.
    verbs_read = ()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        before = self.initial_state if self._state.adding else getattr(self, "_state_in_db", None)
        if self.__dict__.get("state", before) != before and (type(self), self.pk) not in _moving.get():
            raise StateWrittenByHand(f"{type(self).__name__}.state is written by its verbs only")
        super().save(*args, **kwargs)
        self._state_in_db = self.__dict__.get("state")

    @classmethod
    def from_db(cls, db, field_names, values):
        instance = super().from_db(db, field_names, values)
        instance._state_in_db = instance.__dict__.get("state")
        return instance

    def refresh_from_db(self, *args, **kwargs):
        super().refresh_from_db(*args, **kwargs)
        self._state_in_db = self.__dict__.get("state", getattr(self, "_state_in_db", None))


@dataclass(frozen=True)
class Verb:
    """One arrow of a state machine."""

    name: str
    model: type
    sources: tuple
    target: str
    permissions: tuple
    label: str
    rule: object
    function: object

    @property
    def url_name(self):
        """The screen that asks for this verb, by the rule of one name a screen."""
        return f"{self.model._meta.app_label}:{self.model._meta.model_name}-{self.name.replace('_', '-')}"

    def may(self, user):
        """Whether the user's roles allow the verb at all."""
        return any(user.has(permission) for permission in self.permissions)

    def fits(self, obj, user, asked=None):
        """Whether `user` could use the verb on `obj` as it stands now.

        `asked` keeps what a rule has said already, where several verbs with the same rule are looked at.
        """
        if obj.state not in self.sources or not self.may(user):
            return False
        if self.rule is None or isinstance(user, System):
            return True
        asked = {} if asked is None else asked
        if self.rule not in asked:
            asked[self.rule] = self.rule(obj, user)
        return asked[self.rule]


def machine(model):
    """The verbs of a model by name: its state machine as one table."""
    return dict(_verbs[model])


def available(obj, user):
    """The verbs `user` can use on `obj` now, in the order they are written. Buttons are made of these."""
    asked = {}
    return [verb for verb in _verbs[type(obj)].values() if verb.fits(obj, user, asked)]


def record(obj, verb, *, by, reason="", source="", target="", data=None):
    """Write one line of the trail about `obj`. Use inside the transaction of the change."""
    line = _line(obj, verb, by=by, reason=reason, source=source, target=target, data=data)
    line.save()
    return line


def _line(obj, verb, *, by, reason="", source="", target="", data=None):
    """A line of the trail that is not written yet."""
    return Event(
        actor=by.user if isinstance(by, System) else by,
        actor_name=(by.name if isinstance(by, System) else str(by))[:120],
        subject=obj,
        subject_name=str(obj)[:200],
        verb=verb,
        source=source,
        target=target,
        reason=reason,
        data=data or {},
    )


def _lock(obj):
    """Read the record again under its row lock, so that the verb decides on what is true now."""
    rows = (
        type(obj)._base_manager.select_related(*obj.verbs_read).select_for_update(of=("self",), no_key=True)
    )
    try:
        obj.refresh_from_db(from_queryset=rows)
    except type(obj).DoesNotExist:
        # While it waited for the lock the row was moved to another record that the query joins (a placement to
        # another department), and the database then drops the row it waited for. A fresh statement sees both.
        obj.refresh_from_db(from_queryset=rows)


def _check(verb, obj, by):
    if not verb.may(by):
        raise PermissionDenied
    if obj.state not in verb.sources:
        raise NotNow(
            _("It cannot be done any more: the state is now “%(state)s”."),
            params={"state": obj.get_state_display()},
        )
    if verb.rule is not None and not isinstance(by, System) and not verb.rule(obj, by):
        raise PermissionDenied


def move_together(verb, objects, *, by, fields):
    """Let several objects take the step of a verb at once, whose consequences the caller has seen to: in one
    transaction, with a line of the trail each.

    The caller holds their locks and has read them under these; `fields` are those it has changed. Raises as the verb
    itself does, and then nothing is written.
    """
    with transaction.atomic():
        for obj in objects:
            _check(verb, obj, by)
        lines = [_line(obj, verb.name, by=by, source=obj.state, target=verb.target) for obj in objects]
        token = _moving.set(_moving.get() | {(verb.model, obj.pk) for obj in objects})
        try:
            for obj in objects:
                obj.state = verb.target
                obj.save(update_fields=["state", *fields])
        finally:
            _moving.reset(token)
        Event.objects.bulk_create(lines)


def transition(model, *, source, target, permission, label, rule=None, lock_first=None, then=None):
    """Make a verb of a function `verb(obj, *, by, …)` whose body holds the consequences only.

    The decorator opens a transaction, locks the row, checks permission (any of several), state and
    `rule(obj, user)`, runs the body, saves the new state and writes the Event with `reason` (or `note`) of the
    call. It raises PermissionDenied or NotNow and then changes nothing. The verb returns what the body returns,
    or the object. `lock_first(obj)` locks what stands above the row (a cohort above its enrollments), so that
    locks are taken in one order everywhere. `then(obj, by=…, …)` goes on once the new state stands, in the same
    transaction: a successor takes the seat that has just become free. The verb then returns what that returns.
    """

    def decorate(function):
        @wraps(function)
        def run(obj, *, by, **details):
            with transaction.atomic():
                if lock_first is not None:
                    lock_first(obj)
                _lock(obj)
                _check(verb, obj, by)
                before = obj.state
                token = _moving.set(_moving.get() | {(model, obj.pk)})
                try:
                    result = function(obj, by=by, **details)
                    obj.state = target
                    obj.save()
                finally:
                    _moving.reset(token)
                reason = details.get("reason") or details.get("note") or ""
                record(obj, verb.name, by=by, reason=reason, source=before, target=target)
                if then is not None:
                    result = then(obj, by=by, **details)
            return obj if result is None else result

        permissions = permission if isinstance(permission, tuple) else (permission,)
        verb = Verb(function.__name__, model, tuple(source), target, permissions, label, rule, run)
        _verbs[model][verb.name] = verb
        run.verb = verb
        return run

    return decorate
