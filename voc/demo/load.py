"""Brings the demo's story into an empty installation, by the same doors as any client list and file."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.access.service import NewToken, create_token, create_user, email_key, give_role, make_signin_link
from voc.accounts.files.importing import import_accounts
from voc.accounts.files.usage import import_usage
from voc.accounts.models import Account, Contact
from voc.core.config import Settings
from voc.core.principal import SYSTEM, Role
from voc.db import work
from voc.db.session import Database
from voc.demo import files
from voc.demo.hands import acting, person_of
from voc.demo.outside import keep_secret, kept_secret
from voc.demo.records import Person, Story
from voc.intake.files.importing import import_comments
from voc.issues.queries import is_settled
from voc.jobs import Doorbell

LINKS_LAST = timedelta(days=7)
WHO = {
    "loud_client": "a client who fights for a process",
    "quiet_client": "a client who never said a word",
    "lead": "a service lead",
    "executive": "an executive",
    "admin": "an administrator",
}


def is_empty(database: Database) -> bool:
    """Whether no client is on the list yet: only then may a demo come in."""
    with database.reading(SYSTEM) as session:
        return not session.scalar(select(func.count()).select_from(Account))


def load(
    story: Story,
    database: Database,
    settings: Settings,
    doorbell: Doorbell,
    folder: Path,
    *,
    say: Callable[[str], None],
) -> None:
    """Writes the story's files to `folder`, imports them, and gives its people their roles."""
    folder.mkdir(parents=True, exist_ok=True)
    accounts, comments, usage = folder / "clients.csv", folder / "comments.jsonl", folder / "usage.csv"
    files.write_accounts_csv(story, accounts)
    files.write_comments_jsonl(story, comments)
    files.write_usage_csv(story, usage)
    say(f"Bringing in the demo: {len(story.accounts)} clients and sites, {len(story.comments):,} comments")
    import_accounts(database, accounts, currency=settings.currency)
    import_usage(database, usage)
    import_comments(database, comments, time_zone=settings.time_zone, doorbell=doorbell)
    with database.writing(SYSTEM) as session:
        for colleague in story.staff:
            give_role(session, _user(session, colleague.name, colleague.email), Role(colleague.role))
        for person in story.people.values():
            _seat(session, person)


def _user(session: Session, name: str, email: str) -> User:
    found = session.scalar(select(User).where(User.email_key == email_key(email)))
    return found or create_user(session, name, email)


def _seat(session: Session, person: Person) -> None:
    """Gives a client's person a way in, as the contact they are."""
    if person.account is None:
        return
    account = session.scalars(select(Account).where(Account.name == person.account)).one()
    user = _user(session, person.name, person.email)
    give_role(session, user, Role(person.role), account_id=account.id)
    contact = session.scalars(
        select(Contact).where(Contact.account_id == account.id, Contact.email_key == email_key(person.email))
    ).one()
    contact.user_id = user.id


def give_program_key(story: Story, database: Database, folder: Path) -> None:
    """Gives the clients' program its key, by which new comments come in; once."""
    if kept_secret(folder) is None:
        with database.writing(SYSTEM) as session, acting(session, person_of(session, story, "admin")):
            keep_secret(folder, create_token(session, NewToken(name="The demo's clients", scope="ingest")))


def sign_in_links(story: Story, database: Database, settings: Settings) -> dict[str, tuple[Person, str]]:
    """One link for each of the story's five people: each works once, for a week."""
    with database.writing(SYSTEM) as session:
        return {
            who: (
                person,
                make_signin_link(
                    session,
                    _user(session, person.name, person.email),
                    public_url=settings.public_url,
                    lasts=LINKS_LAST,
                ),
            )
            for who, person in story.people.items()
        }


def still_waiting(database: Database) -> int:
    """How many steps the workers have to go; 0 when all is read and grouped."""
    with database.reading(SYSTEM) as session:
        steps = sum(work.waiting(session).values())
        return steps or int(not is_settled(session))
