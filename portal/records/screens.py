"""The screen of a verb: what it does in sentences, a button that repeats it, or why not just now."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from .transitions import NotNow


def verb_screen(
    request, obj, verb, *, question, done, back, lands=None, effects=(), form=None, crumbs=(), danger=False
):
    """Ask before `verb` (a transition) is used on `obj`, use it on POST, say `done` and go `back`.

    effects  what will happen, as sentences, or a function that returns them: it is called only to show them
    form     a form class, or anything called like one; its cleaned_data becomes the verb's keyword arguments
    done     the success message, or a function of the verb's result that returns it
    back     the address to return to, also by the link beside the button
    lands    a function that returns the address to go to once it is done, where that is not `back`
    crumbs   pairs of label and address above this page

    Who may not use the verb gets a 403. Why a verb does not fit now stands in words on the same page (409),
    and so does what is wrong with the form (422). The template is `<app>/<model>_<verb>.html` where there is one.
    """
    machine_verb = verb.verb
    if not _allowed(machine_verb, obj, request.user):
        raise PermissionDenied
    bound = form(request.POST if request.method == "POST" else None) if form else None
    refused, status = [], 200
    if request.method == "POST" and bound is not None and not bound.is_valid():
        status = 422
    elif request.method == "POST":
        try:
            result = verb(obj, by=request.user, **(bound.cleaned_data if bound else {}))
        except NotNow as error:
            refused, status = error.messages, 409
        else:
            messages.success(request, done(result) if callable(done) else done)
            return HttpResponseRedirect(lands() if lands else back)
    fits = obj.state in machine_verb.sources
    if not fits and not refused:
        words = _("It cannot be done any more: the state is now “%(state)s”.")
        refused, status = [words % {"state": obj.get_state_display()}], 409
    page = {
        "subject": obj,
        "verb": machine_verb,
        "question": question,
        "effects": (effects() if callable(effects) else effects) if fits else (),
        "form": bound,
        "refused": refused,
        "fits": fits,
        "back": back,
        "crumbs": crumbs,
        "danger": danger,
    }
    meta = machine_verb.model._meta
    own = f"{meta.app_label}/{meta.model_name}_{machine_verb.name}.html"
    return render(request, [own, "records/verb_screen.html"], page, status=status)


def _allowed(machine_verb, obj, user):
    """Whether `user` may use the verb on `obj` whatever the state is: that is answered in words."""
    return machine_verb.may(user) and (machine_verb.rule is None or machine_verb.rule(obj, user))


def use_on_each(request, objects, verb):
    """Use the verb on every object, each in a transaction of its own; return how many it was done to.

    What it could not be done to is said in a message, with the reason, and does not hold up the others.
    """
    done, refused = 0, []
    for obj in objects:
        name = str(obj)  # a refused verb may leave its traces on the object, though not in the database
        try:
            verb(obj, by=request.user)
        except NotNow as error:
            refused.append(_("%(name)s: %(reason)s") % {"name": name, "reason": " ".join(error.messages)})
        else:
            done += 1
    if refused:
        messages.error(request, "\n".join([_("This could not be done for all."), *refused]))
    return done


def kept(form, verb):
    """What `verb` (a function without arguments) made of a valid form; None while there is nothing to keep.

    Why the verb refused stands in the form, at its fields.
    """
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return verb()
    except NotNow as error:
        form.add_error(None, error)
        return None


def form_status(form):
    """The status of a page with this form: 422 once it was sent, as what was sent is then not kept."""
    return 422 if form.is_bound else 200
