"""Django's admin finds by folded names, as the portal's own lists do."""

from .matching import found_by


class FoundByName:
    """For an admin of thousands of rows: its search box, and the boxes of others that complete its names.

    `search_paths` are those of `found_by`. `search_fields` stays what Django asks for; it is not searched.
    """

    show_full_result_count = False
    search_paths = ("",)

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        return found_by(queryset, search_term, *self.search_paths), False
