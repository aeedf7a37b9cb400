"""Sending a private file. The caller has found its owner through visible_to(); this adds the headers."""

from django.http import FileResponse, Http404


def serve(private_file):
    """The file as a download: never shown in the page, never guessed at, never kept by a cache.

    Bytes that were erased are not there: Http404.
    """
    try:
        stored = private_file.open()
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        stored,
        as_attachment=True,
        filename=private_file.name,
        content_type=private_file.content_type,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def serve_picture(private_file):
    """A picture shown in a page of ours: bytes that were put together anew when they came in, and a type of two.

    The browser keeps it for some minutes, for whoever is signed in there alone.
    """
    response = FileResponse(private_file.open(), content_type=private_file.content_type)
    response.headers["Content-Disposition"] = "inline"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, max-age=300"
    return response


def destroy(private_file):
    """The bytes go, then the row. If the transaction is undone the row stays, and the next try finds nothing left.

    In this order, because a row without bytes is noticed and bytes without a row are not.
    """
    private_file.discard_content()
    private_file.delete()
