"""What is named exists: jobs, followers, stages, templates, commands, settings; and README tells of them."""

import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import pytest
from apiflask import APIFlask

from tests.house.code import ROOT
from voc.cli import COMMANDS, main
from voc.core.config import Settings
from voc.core.paths import templates_folder
from voc.jobs import FOLLOWERS, IN_QUEUE_OF, JOBS, QUEUES, resolve
from voc.journey import STAGES
from voc.run.parts import WORKER_KINDS

TEMPLATES = sorted(str(path.relative_to(templates_folder())) for path in templates_folder().rglob("*.*"))
HEAVY = ("spacy", "numpy", "scipy", "sklearn", "sknetwork", "usearch")


@pytest.mark.parametrize("job", sorted(JOBS))
def test_every_job_name_leads_to_a_function(job: str) -> None:
    assert callable(resolve(JOBS[job]))


@pytest.mark.parametrize("name", sorted(name for names in FOLLOWERS.values() for name in names))
def test_every_follower_is_there(name: str) -> None:
    assert callable(resolve(name))


def test_each_queue_has_one_job_of_its_name_and_one_kind_of_worker() -> None:
    assert set(QUEUES) == set(JOBS) - set(IN_QUEUE_OF) == set(WORKER_KINDS)


def test_a_job_beside_stands_in_a_queue_that_there_is() -> None:
    assert set(IN_QUEUE_OF) <= set(JOBS)
    assert set(IN_QUEUE_OF.values()) <= set(QUEUES)


def test_the_jobs_of_the_journey_are_jobs_of_ours() -> None:
    assert {stage.job for stage in STAGES if stage.job} <= set(JOBS)


@pytest.mark.parametrize("stage", [stage.name for stage in STAGES])
def test_a_stage_has_one_name_in_its_places(stage: str) -> None:
    assert (ROOT / "voc" / stage / "__init__.py").is_file()
    assert (ROOT / "tests" / stage).is_dir()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_template_compiles(app: APIFlask) -> None:
    assert TEMPLATES
    for name in TEMPLATES:
        app.jinja_env.get_template(name)


def test_safe_in_a_template_has_its_reason_beside_it() -> None:
    for name in TEMPLATES:
        lines = (templates_folder() / name).read_text(encoding="utf-8").splitlines()
        bare = [line for line in lines if re.search(r"\|\s*safe\b", line) and "{#" not in line]
        assert not bare, f"{name}: {bare}"


@pytest.mark.parametrize("command", [name for commands in COMMANDS.values() for name in commands])
def test_every_command_loads_and_says_what_it_does(command: str) -> None:
    found = main.get_command(None, command)  # type: ignore[arg-type]  # the context is not looked at
    assert found is not None
    assert found.get_short_help_str()


def test_the_web_loads_nothing_that_reads() -> None:
    program = f"import sys, voc.app; print([name for name in {HEAVY} if name in sys.modules])"
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


def test_the_licence_is_there() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("stage", [stage.name for stage in STAGES])
def test_readme_tells_of_every_stage(stage: str) -> None:
    assert f"`voc/{stage}/`" in readme()


@pytest.mark.parametrize("command", [name for commands in COMMANDS.values() for name in commands])
def test_readme_tells_of_every_command(command: str) -> None:
    assert re.search(rf"\b(bin/)?voc {command}\b", readme())


@pytest.mark.parametrize("setting", [field.name for field in dataclasses.fields(Settings)])
def test_readme_tells_of_every_setting(setting: str) -> None:
    assert f"`VOC_{setting.upper()}`" in readme()


@pytest.mark.parametrize("folder", ["voc", "nlp", "workers", "templates", "tests", "bin", "bench"])
def test_the_top_level_is_as_agreed(folder: str) -> None:
    assert (ROOT / folder).is_dir()
    allowed = {"voc", "nlp", "workers", "templates", "tests", "bin", "bench", "docs", ".ci"}
    found = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    assert {Path(path).parts[0] for path in found.splitlines() if "/" in path} <= allowed
