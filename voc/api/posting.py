"""Takes in single posts of one or several programs in one transaction; each is let in by its own token."""

from collections.abc import Sequence
from dataclasses import dataclass

from voc.access.principals import Token, caller_of
from voc.api.comments import Sent, check_key, store
from voc.api.pace import Pace
from voc.api.strict_json import parse
from voc.core.errors import Forbidden, SignInFirst, VocError, WrongType
from voc.core.principal import SYSTEM, Principal
from voc.db.scope import open_for
from voc.db.session import Database
from voc.intake.service import Received
from voc.jobs import READ, Doorbell, ring_after_commit

PERMISSION = "comment:ingest"


@dataclass(frozen=True, slots=True)
class Post:
    """One request, as far as it matters here; `wrong_type` when its headers do not say JSON."""

    authorization: str
    body: bytes
    key: str | None
    wrong_type: WrongType | None


@dataclass(frozen=True, slots=True)
class Posted:
    """Who posted, as far as known, and what came of it."""

    principal: Principal
    outcome: Received | VocError


@dataclass(frozen=True, slots=True)
class Posting:
    """What the posts of one process share."""

    database: Database
    doorbell: Doorbell
    pace: Pace
    zone: str

    def take(self, posts: Sequence[Post]) -> list[Posted]:
        """Stores every post that can be taken, in one transaction; the others are answered with their error."""
        with self.database.writing(SYSTEM) as session:
            callers = {sent: caller_of(session, sent) for sent in {post.authorization for post in posts}}
            read = [self._read(post, *callers[post.authorization]) for post in posts]
            outcomes: list[Received | VocError | Sent] = list(read)
            for sent, (principal, _) in callers.items():
                open_for(session, principal)
                places = [
                    place
                    for place, post in enumerate(posts)
                    if post.authorization == sent and isinstance(read[place], Sent)
                ]
                items = [one for place in places if isinstance(one := read[place], Sent)]
                for place, outcome in zip(
                    places, store(session, principal, items, zone=self.zone), strict=True
                ):
                    outcomes[place] = outcome
            if any(isinstance(outcome, Received) and outcome.is_new for outcome in outcomes):
                ring_after_commit(session, self.doorbell, READ)
        return [
            Posted(callers[post.authorization][0], outcome)
            for post, outcome in zip(posts, outcomes, strict=True)
            if not isinstance(outcome, Sent)
        ]

    def _read(self, post: Post, principal: Principal, token: Token | None) -> Sent | VocError:
        if token is None:
            return SignInFirst()
        if not principal.may(PERMISSION):
            return Forbidden("This token may not send comments. Ask an administrator for one that may.")
        try:
            self.pace.step(token.id)
            key = check_key(post.key)
            if post.wrong_type is not None:
                return post.wrong_type
            return Sent(parse(post.body), post.body, key)
        except VocError as error:
            return error
