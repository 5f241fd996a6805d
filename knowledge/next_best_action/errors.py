"""What can be wrong with policies, their limits and their log. The message names the thing and the way out."""


class NextBestActionError(ValueError):
    """A limit, a policy or a log can't be used."""


class LimitsError(NextBestActionError):
    """The shop's limits are wrong; the message names the key."""


class PolicyError(NextBestActionError):
    """There is no such policy, or its parameters can't be read."""


class NoOverlap(NextBestActionError):
    """The log can't say what another policy would have earned: it hardly ever did what that policy would do."""
