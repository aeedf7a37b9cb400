from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """allauth's door to us: nobody signs up by themselves, people are invited."""

    def is_open_for_signup(self, request):
        return False
