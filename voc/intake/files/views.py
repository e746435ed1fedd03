"""Pages that bring in files: upload, look, go, and what became of it."""

from pathlib import Path

from apiflask import APIBlueprint
from flask import Response, request, send_file, url_for
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.accounts.files.importing import import_accounts
from voc.accounts.files.usage import import_usage
from voc.core.errors import Invalid, NotFound
from voc.core.principal import SYSTEM, Principal, Role
from voc.core.tables.outcome import Outcome
from voc.intake.files import uploads
from voc.intake.files.importing import import_comments
from voc.intake.files.preview import FIELDS, preview
from voc.intake.models import ImportRun
from voc.web.context import database, doorbell, settings
from voc.web.nav import add_entry
from voc.web.pages import page, redirect_after
from voc.web.permit import permit

blueprint = APIBlueprint("imports", __name__, enable_openapi=False)
add_entry("Bring in", "imports.index", order=70, roles={Role.LEAD, Role.ADMIN}, often={Role.ADMIN})

_MOST_BYTES = 60_000_000  # larger files come in by the command line, which streams them
_ENCODINGS = ("utf_8", "utf_16", "cp1252", "cp1250", "cp1251", "cp932", "gb18030")


def _folder() -> Path:
    return settings().data_dir / "uploads"


@blueprint.get("/import")
@permit("import:list")
def index(session: Session, principal: Principal) -> Response:
    """The upload form and what was brought in before."""
    del principal
    return page(
        "intake/import.html", what=uploads.WHAT, runs=uploads.latest(session), errors={}, chosen="accounts"
    )


@blueprint.post("/import")
@permit("import:change", max_bytes=_MOST_BYTES)
def upload(session: Session, principal: Principal) -> Response:
    """Keeps the file and goes on to look at it; nothing is taken in yet."""
    del principal
    file, what = request.files.get("file"), request.form.get("what", "")
    try:
        run = uploads.keep(
            session,
            _folder(),
            what,
            file.filename or "" if file else "",
            file.stream if file else request.stream,
        )
        preview(what, uploads.path_of(_folder(), run))
    except Invalid as error:
        errors = error.fields or {"file": error.message}
        return page("intake/import.html", status=422, what=uploads.WHAT, runs=uploads.latest(session), errors=errors, chosen=what)  # fmt: skip
    record(session, "file.uploaded", f"import {run.public_id}", what=what)
    return redirect_after(url_for("imports.look", public_id=run.public_id))


@blueprint.get("/import/<public_id>")
@permit("import:list")
def look(session: Session, principal: Principal, public_id: str) -> Response:
    """The file as it would be read, or what became of it."""
    del principal
    run = uploads.find(session, public_id)
    if run.state == "done":
        has_refused = uploads.refused_of(_folder(), run).is_file()
        return page("intake/import_done.html", run=run, what=uploads.WHAT[run.what], has_refused=has_refused)
    return _look(run)


def _look(run: ImportRun, status: int = 200) -> Response:
    path = uploads.path_of(_folder(), run)
    form = request.form
    mapping = _mapping(run) if form else None
    shown = preview(
        run.what,
        path,
        mapping,
        date_format=form.get("date_format") or None,
        encoding=form.get("encoding") or None,
    )
    return page("intake/import_look.html", status=status, run=run, what=uploads.WHAT[run.what], shown=shown,
                encodings=_ENCODINGS, typed=form)  # fmt: skip


def _mapping(run: ImportRun) -> dict[str, str]:
    chosen = {field.name: request.form.get(f"map_{field.name}", "") for field in FIELDS[run.what]}
    return {name: column for name, column in chosen.items() if column}


@blueprint.post("/import/<public_id>")
@permit("import:change", writing=False)
def go(session: Session, principal: Principal, public_id: str) -> Response:
    """Looks again with other choices, or takes the file in; each batch is stored on its own."""
    run = uploads.find(session, public_id)
    if run.state == "done":
        return redirect_after(url_for("imports.look", public_id=public_id))
    if request.form.get("act") != "go":
        return _look(run)
    mapping = _mapping(run)
    path = uploads.path_of(_folder(), run)
    shown = preview(run.what, path, mapping, date_format=request.form.get("date_format") or None, encoding=request.form.get("encoding") or None)  # fmt: skip
    if shown.problems:
        return _look(run, 422)
    # Our own reading ends here: the batches below are transactions of their own.
    session.expunge_all()
    session.rollback()
    _take_in(run, path, mapping, principal)
    return redirect_after(url_for("imports.look", public_id=public_id))


def _take_in(run: ImportRun, path: Path, mapping: dict[str, str], principal: Principal) -> None:
    store = database()
    with store.writing(SYSTEM) as session:
        uploads.start(session, run.id, mapping)
        record(session, "file.taken_in", f"import {run.public_id}", by_id=principal.user_id, what=run.what)
    outcome = _import(run, path, mapping)
    with store.writing(SYSTEM) as session:
        uploads.finish(session, run.id, outcome)


def _import(run: ImportRun, path: Path, mapping: dict[str, str]) -> Outcome:
    # For the system, not for the asker: a complaint hidden from the asker must still be known again.
    refused = uploads.refused_of(_folder(), run)
    date_format = request.form.get("date_format") or None
    encoding = request.form.get("encoding") or None
    if run.what == "accounts":
        return import_accounts(database(), path, mapping, currency=settings().currency, date_format=date_format, encoding=encoding, errors_path=refused)  # fmt: skip
    if run.what == "usage":
        return import_usage(database(), path, mapping, date_format=date_format, encoding=encoding, errors_path=refused)  # fmt: skip
    return import_comments(database(), path, mapping, time_zone=settings().time_zone, date_format=date_format, encoding=encoding, errors_path=refused, doorbell=doorbell())  # fmt: skip


@blueprint.get("/import/<public_id>/refused")
@permit("import:list")
def refused(session: Session, principal: Principal, public_id: str) -> Response:
    """The refused rows as a file that is safe to open in a spreadsheet."""
    del principal
    path = uploads.refused_of(_folder(), uploads.find(session, public_id))
    if not path.is_file():
        raise NotFound
    return send_file(
        path, mimetype="text/csv", as_attachment=True, download_name="refused-rows.csv", max_age=0
    )
