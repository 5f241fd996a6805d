"""Who wants the newsletter."""

from actions.form import KefuForm
from actions.identification.identity import Identity


class NewsletterSubscribeForm(KefuForm):
    steps = (Identity(),)
