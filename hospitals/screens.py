"""The page of a form: what is wrong on top, what it would go against, the fields, one button."""

from django.shortcuts import render


def form_screen(request, form, *, title, submit, back, crumbs, lede=""):
    """A page with one form; 422 once something was sent, as a form that came back was refused."""
    page = {"form": form, "title": title, "submit": submit, "back": back, "crumbs": crumbs, "lede": lede}
    status = 422 if form.is_bound else 200
    return render(request, "hospitals/_form_screen.html", page, status=status)
