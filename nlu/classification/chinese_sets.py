"""The Chinese public sets."""

from nlu.classification.public_sets import PublicSet

SETS: tuple[PublicSet, ...] = ()
