"""Who no longer wants the newsletter."""

from actions.form import KefuForm
from actions.identification.identity import Identity


class NewsletterUnsubscribeForm(KefuForm):
    steps = (Identity(),)
