"""How often a comment on something else is tagged with this issue by mistake."""

from dataclasses import dataclass

from voc.breadth.estimating.facts import Facts
from voc.breadth.estimating.priors import Priors, logit_of

_LEAST = 0.5  # of a tag: keeps f above 0 where every tag was looked at


@dataclass(frozen=True, slots=True)
class WrongTags:
    """Belief about the share q of tags that are wrong: logit q ~ N(mean, sd); f = known + q * unseen.

    f is wrong tags for each other comment. Of M tagged mentions r were found right and w wrong and yet
    stand: known = w / sum o and unseen = (M - r - w) / sum o. M counts ALL tagged mentions; with distinct
    weeks in their place the figure is off by 1 to 3 points more.
    """

    mean: float
    sd: float
    known: float
    unseen: float


def wrong_tags(facts: Facts, priors: Priors) -> WrongTags:
    """The belief after the audit: q ~ Beta(wrong, right), as a normal on its logit.

    Wrong tags fall unevenly on clients, but that changes who has them, not how many there are: an extra
    doubt of .35 about f made quiet panels worse by .8 points.
    """
    audit = facts.audit
    mean, sd = logit_of(priors.right + audit.right, priors.wrong + audit.wrong)
    others = max(float(facts.others.sum()), 1.0)
    unseen = max(float(facts.mentions.sum()) - audit.right - audit.kept, 0.0) + _LEAST
    return WrongTags(mean=mean, sd=sd, known=audit.kept / others, unseen=unseen / others)
