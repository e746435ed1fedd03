"""The journey of a comment: its stages in order, the job that moves it on, and when each is done."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage; `job` is None where people, not machines, move a comment on."""

    name: str
    does: str
    job: str | None
    done_when: str


STAGES = (
    Stage(
        "intake",
        "A client says something and gets a receipt",
        None,
        "the words and their work row are stored",
    ),
    Stage(
        "analysis",
        "It is read: themes, severity, risk, what to mask",
        "read",
        "a reading stands beside the comment",
    ),
    Stage(
        "issues",
        "It joins an issue, founds one, or waits unsorted",
        "group",
        "a match with reasons, or none yet",
    ),
    Stage("breadth", "Every client stands in the issue's grid", None, "each cell shows its best evidence"),
    Stage(
        "checks",
        "Every client the issue may concern is asked, fairly",
        None,
        "the question is closed, each answer stands in the grid",
    ),
    Stage(
        "reports",
        "Leadership reads who is owed a person, then the widest issues",
        None,
        "the page stands, every number with its list",
    ),
    Stage(
        "decisions",
        "Somebody goes and sees, decides and promises, by name and date",
        None,
        "the figures of that day stand beside those of now",
    ),
    Stage(
        "closure",
        "Every client hears what became of it, and says whether it is solved",
        None,
        "the client said yes, or its days to answer are over",
    ),
)
