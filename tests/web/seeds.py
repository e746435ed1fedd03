"""One row of every kind of the loop's second half for a side, each of its words with that side's mark."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from sqlalchemy.orm import Session

from tests.conftest import NOW
from voc.access.models import User
from voc.access.service import make_signin_link
from voc.access.sessions import hashed
from voc.accounts.models import Account, Contact
from voc.analysis.models import ThemeDraft, ThemeVersion
from voc.analysis.themes.comparing import Compared, Example, ThemeChange
from voc.analysis.themes.comparing import to_stored as stored_found
from voc.analysis.themes.wishes import Add, to_stored
from voc.checks.models import Answer, Ask, Call, Check, WhoElse
from voc.closure.models import SignOff, TakenOut, Told, Update
from voc.core import ids
from voc.core.config import Settings
from voc.db.base import Base
from voc.decisions.models import Commitment, CommitmentTo, Decision, PlannedChange, Proof, Visit
from voc.intake.models import Comment, ImportRun, Thread
from voc.issues.models import Issue, Proposal
from voc.mail.links import address_of, make_link
from voc.mail.models import Batch, Delivery, InboundMail, KeptMail, Switch
from voc.reports import editions
from voc.reports.models import OwedReason

SOON = NOW.date() + timedelta(days=20)
Things = dict[str, str]  # first part of a path to the public id (or token) that it opens


@dataclass
class Sown:
    """Rows that both sides share: an issue's own, none of which a client may ever see."""

    session: Session
    settings: Settings
    owner: User
    issue: Issue
    mark: str

    def keep(self, model: type[Base], **facts: Any) -> Any:  # each caller says which row it gets
        columns = model.__table__.columns
        made = {"id": ids.new_id(), "public_id": ids.new_public_id(), "made_at": NOW}
        row = model(**({name: value for name, value in made.items() if name in columns} | facts))
        self.session.add(row)
        self.session.flush()
        return row

    def shared(self, first: tuple[Account, Comment]) -> Things:
        """The issue's question, decision, update, plan and edition."""
        self.keep(Switch, id=1, is_practice=True, is_on=False, at=NOW)
        check = self.keep(
            Check, issue_id=self.issue.id, what="an invoice came late", since_on=NOW.date() - timedelta(days=60),
            if_many=f"Then {self.mark}.", decider_id=self.owner.id, decide_by=SOON, state="asking",
            alone_reason=f"Alone {self.mark}", alone_by_id=self.owner.id, made_by_id=self.owner.id,
            opened_at=NOW, closes_at=NOW + timedelta(days=14),
        )  # fmt: skip
        decision = self.keep(
            Decision, issue_id=self.issue.id, choice="change", words=f"Inside {self.mark}",
            message="Invoices come on time.", owner_id=self.owner.id, due_on=SOON, look_again_on=SOON, before={},
            decided_by_id=self.owner.id, decided_at=NOW,
        )  # fmt: skip
        solved = self.keep(
            Update, issue_id=self.issue.id, decision_id=decision.id, kind="solved", status="done",
            words="It is done.", cause="Two lists.", action="One list.", by_id=self.owner.id, at=NOW, left_at=NOW,
        )  # fmt: skip
        plan = self.keep(
            PlannedChange, name=f"Drop {self.mark}", issue_id=self.issue.id, planned_on=SOON, made_by_id=self.owner.id
        )  # fmt: skip
        account, comment = first
        self.keep(
            WhoElse, issue_id=self.issue.id, first_loud_at=NOW, comment_account_id=account.id,
            comment_id=comment.id, opened_at=NOW, due_on=SOON, found={}, found_words=f"Found {self.mark}",
            reason=f"Reason {self.mark}",
        )  # fmt: skip
        batch = self.keep(
            Batch, what=f"A question {self.mark}", thing=f"check:{check.public_id}", leaves_at=NOW + timedelta(1),
        )  # fmt: skip
        run = self.keep(
            ImportRun, what="comments", file_name=f"{self.mark}.csv", file_hash="0" * 64, mapping={}, state="done",
            started_at=NOW, ended_at=NOW,
        )  # fmt: skip
        proposal = self.keep(
            Proposal, kind="split", issue_id=self.issue.id, comments=[[account.id, comment.id]], name=f"New {self.mark}",
            similarity=0.2, strength=0.9, reason=f"Because {self.mark}", words=[["invoice"], []], sizes=[1, 1],
            rule_version="test-1", state="open",
        )  # fmt: skip
        self.check, self.solved, self.batch = check, solved, batch
        draft = self.wished(comment)
        return {
            "theme-changes": draft.public_id, "theme-versions": "1",
            "checks": check.public_id, "decisions": decision.public_id, "updates": solved.public_id,
            "planned-changes": plan.public_id, "batches": batch.public_id, "import": run.public_id,
            "proposals": proposal.public_id,
        }  # fmt: skip

    def wished(self, comment: Comment) -> ThemeDraft:
        """A wished change of the themes with what it would do, and the first version of them."""
        found = Example(comment.public_id, 0, 5, f"Because {self.mark}")
        change = ThemeChange("x", f"Theme {self.mark}", 1, 0, holds_others=False, gained=(found,), lost=())
        draft = self.keep(
            ThemeDraft, wish=to_stored(Add(f"Theme {self.mark}")), state="ready", mark=1, by_id=self.owner.id,
            moved_at=NOW, looked_version=1, found=stored_found(Compared(1, 0, 0, (change,))),
        )  # fmt: skip
        self.keep(
            ThemeVersion, number=1, act="first", words=f"Words {self.mark}", themes=[], at=NOW, was_looked_at=True
        )  # fmt: skip
        return draft

    def edition(self) -> str:
        """The leadership page as it stands now."""
        made: str = editions.freeze(self.session, today=NOW.date(), currency="EUR").public_id
        return made

    def of_side(
        self, account: Account, contact: Contact, thread: Thread, comment: Comment, mark: str
    ) -> Things:
        """Everything of one client."""
        whose = {"account_id": account.id, "contact_id": contact.id}
        ask = self.keep(
            Ask, **whose, check_id=self.check.id, group_id=account.id, how="mail", no_first=True, state="answered",
            why=f"Because {mark}", asked_at=NOW, answered_at=NOW,
        )  # fmt: skip
        self.keep(
            Answer, account_id=account.id, ask_id=ask.id, says="problem", comment_id=comment.id,
            colleague=f"Colleague {mark}", answered_at=NOW,
        )  # fmt: skip
        call = self.keep(
            Call, **whose, ask_id=ask.id, comment_id=comment.id, caller_id=self.owner.id, why="question", due_on=SOON,
        )  # fmt: skip
        visit = self.keep(
            Visit, **whose, issue_id=self.issue.id, visitor_id=self.owner.id, planned_on=SOON, logic=f"Logic {mark}",
            comment_id=comment.id, no_commitment=f"None {mark}", checked_words=f"Checked {mark}",
        )  # fmt: skip
        sign = self.keep(
            SignOff, **whose, issue_id=self.issue.id, update_id=self.solved.id, asked_at=NOW,
            closes_at=NOW + timedelta(days=14),
        )  # fmt: skip
        self.keep(OwedReason, account_id=account.id, comment_id=comment.id, reason=f"Owed {mark}", by_id=self.owner.id, at=NOW, undone_at=NOW)  # fmt: skip
        out = self.keep(
            TakenOut, account_id=account.id, thread_id=thread.id, before=[], at=NOW, undone_at=NOW
        )
        return {
            "questions": ask.public_id, "answers": ask.public_id, "calls": call.public_id,
            "visits": visit.public_id, "commitments": self._promise(account, mark),
            "taken-out": out.public_id, "to": contact.public_id, "updates": self._told(whose, thread, mark),
            "solved": self._token("solved", whose, sign.public_id), "point": self._token("point", whose, thread.public_id),
            "answer": self._token("answer", whose, ask.public_id),
            "stop-asking": self._token("stop-asking", whose, ask.public_id),
            "say": self._form(account), "sign-in": self._way_in(),
        } | self._mails(whose, ask.public_id, mark)  # fmt: skip

    def _promise(self, account: Account, mark: str) -> str:
        made = self.keep(
            Commitment, words=f"Promise {mark}", issue_id=self.issue.id, owner_id=self.owner.id,
            proof=f"Shown by {mark}", next_due_on=SOON, made_by_id=self.owner.id,
        )  # fmt: skip
        self.keep(CommitmentTo, account_id=account.id, commitment_id=made.id)
        self.keep(
            Proof, commitment_id=made.id, was_kept=True, words=f"Kept {mark}", by_id=self.owner.id, at=NOW
        )
        found: str = made.public_id
        return found

    def _told(self, whose: Mapping[str, int], thread: Thread, mark: str) -> str:
        """What the issue's update told it, and a word to it alone; gives the latter's public id."""
        alone = self.keep(
            Update, kind="update", status="looking", words=f"To you alone {mark}", by_id=self.owner.id, at=NOW,
            left_at=NOW, cause=f"Cause {mark}", action=f"Action {mark}",
        )  # fmt: skip
        for update in (self.solved, alone):
            self.keep(
                Told, **whose, update_id=update.id, thread_id=thread.id, title=f"Title {mark}", why=f"Why {mark}",
                words=f"For {mark}", shown_at=NOW,
            )  # fmt: skip
        found: str = alone.public_id
        return found

    def _mails(self, whose: Mapping[str, int], ask: str, mark: str) -> Things:
        filled = {
            "hello": f"Hello {mark}", "account": f"Client {mark}", "from_name": f"From {mark}", "from_phone": "030 1",
            "question": f"Has {mark}?", "since": "1 May", "closes_on": "18 May", "reads_name": f"Reads {mark}",
            "tells_by": "2 June", "answers": [["no", "No"], ["problem", f"Yes {mark}"]],
        }  # fmt: skip
        link = make_link(
            self.session, purpose="answer", thing=ask, expires_at=NOW + timedelta(days=21), **whose
        )
        sent = self.keep(
            Delivery, **whose, batch_id=self.batch.id, template="question", thing=f"check:{self.check.public_id}",
            dedupe_key=ids.new_token(), filled=filled, link_id=link.id, state="sent", why=f"Why {mark}",
            not_before=NOW, message_id=f"<{mark}@here>", sent_to=f"{mark}@example.org", sent_at=NOW,
        )  # fmt: skip
        letter = EmailMessage()
        letter["To"], letter["From"], letter["Subject"] = (
            f"{mark}@example.org",
            "us@here.example",
            f"About {mark}",
        )
        letter.set_content(f"Body {mark}")
        self.keep(
            KeptMail, account_id=sent.account_id, delivery_id=sent.id, message_id=sent.message_id,
            body=letter.as_bytes(), kept_at=NOW,
        )  # fmt: skip
        came = self.keep(
            InboundMail, dedupe_key=ids.new_token(), body=letter.as_bytes(), sender=f"{mark}@example.org",
            subject=f"Re {mark}", state="held", why=f"Held {mark}", account_id=sent.account_id, delivery_id=sent.id,
            received_at=NOW,
        )  # fmt: skip
        return {"outgoing": sent.public_id, "mailbox": sent.public_id, "replies": came.public_id}

    def _token(self, purpose: str, whose: Mapping[str, int], thing: str) -> str:
        link = make_link(
            self.session, purpose=purpose, thing=thing, expires_at=NOW + timedelta(days=21), **whose
        )
        return address_of(purpose, link.public_id, self.settings).rpartition("/")[2]

    def _form(self, account: Account) -> str:
        token = ids.new_token()
        account.form_token_hash = hashed(token)
        self.session.flush()
        return token

    def _way_in(self) -> str:
        return make_signin_link(self.session, self.owner, public_url="http://localhost").rpartition("/")[2]
