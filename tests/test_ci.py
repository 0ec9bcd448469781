"""The workflows: what they may do, and their own commands run in order on a request that also tries to change the code.

Not shown here: the forges themselves. `make` (which would download the libraries) and `gh` are stood in for; what they are
asked to do is asserted.
"""

from __future__ import annotations

import html
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from sites import REPOSITORY, copy_repository, tree

if TYPE_CHECKING:
    from collections.abc import Iterator


def read(path: Path) -> Any:
    """A workflow with every scalar as typed: elsewhere YAML takes its key `on` for true."""
    return yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - it makes nothing but text


GITHUB = {path.name: read(path) for path in sorted((REPOSITORY / ".github/workflows").glob("*.yml"))}
GITLAB = read(REPOSITORY / ".gitlab-ci.yml")
STEPS = [(name, step) for name, flow in GITHUB.items() for job in flow["jobs"].values() for step in job["steps"]]
USES = [(name, step) for name, step in STEPS if "uses" in step]
STORY = "stories/2020/sap-lai-so-truc-dem/index.md"
DRAFT = "stories/2020/bai-moi/index.md"


# ---- what the workflows may do


def test_no_workflow_has_rights_of_its_own_and_a_request_only_reads() -> None:
    assert all(flow["permissions"] == {} for flow in GITHUB.values())
    rights = {name: [job["permissions"] for job in flow["jobs"].values()] for name, flow in GITHUB.items()}
    assert rights == {
        "check.yml": [{"contents": "read"}],
        "comment.yml": [{"actions": "read", "contents": "read", "pull-requests": "write"}],
        "publish.yml": [{"contents": "read"}, {"contents": "write", "pull-requests": "write"}],
        "tests.yml": [{"contents": "read"}],
    }


def test_what_writes_is_not_started_by_a_request() -> None:
    started = {name: set(flow["on"] if isinstance(flow["on"], dict) else [flow["on"]]) for name, flow in GITHUB.items()}
    assert started == {
        "check.yml": {"pull_request"}, "comment.yml": {"workflow_run"}, "publish.yml": {"push"}, "tests.yml": {"pull_request", "push"},
    }  # fmt: skip


def test_the_comment_follows_the_check_by_its_name() -> None:
    assert GITHUB["comment.yml"]["on"]["workflow_run"]["workflows"] == [GITHUB["check.yml"]["name"]]


@pytest.mark.parametrize("name", ["check.yml", "tests.yml"])
def test_no_secret_within_reach_of_a_request(name: str) -> None:
    text = (REPOSITORY / ".github/workflows" / name).read_text(encoding="utf-8")
    assert re.findall(r"secrets\b|github\.token|GITHUB_TOKEN|GH_TOKEN|id-token", text) == []


def test_no_secret_on_gitlab_where_a_request_runs() -> None:
    reached = {name: GITLAB[name] for name in ("variables", "default", "check", "test")}
    assert re.findall(r"\$\{?\w*(?:TOKEN|SECRET|KEY|PASSWORD)", json.dumps(reached)) == []
    for name in ("publish", "ledger"):
        (rule,) = GITLAB[name]["rules"]
        assert rule["if"].split(" && ") == [
            '$CI_PIPELINE_SOURCE == "push"', "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH", '$CI_COMMIT_REF_PROTECTED == "true"',
        ]  # fmt: skip


def test_publishing_is_for_the_main_branch_with_approval_and_one_at_a_time() -> None:
    flow = GITHUB["publish.yml"]
    assert flow["on"] == {"push": {"branches": ["main"]}}
    assert flow["concurrency"] == {"group": "dang-trang", "cancel-in-progress": "false"}
    assert flow["jobs"]["publish"]["environment"] == GITLAB["publish"]["environment"]["name"] == "dang-trang"
    assert (GITLAB["publish"]["resource_group"], GITLAB["publish"]["interruptible"]) == ("dang-trang", "false")
    assert GITLAB["publish"]["rules"][0]["when"] == "manual"
    assert GITLAB["publish"]["allow_failure"] == {"exit_codes": "3"}


def test_who_has_the_servers_keys_cannot_write_to_the_repository_and_who_can_has_none() -> None:
    publish, ledger = (GITHUB["publish.yml"]["jobs"][name] for name in ("publish", "ledger"))
    assert "write" not in publish["permissions"].values()
    assert "secrets." not in json.dumps(ledger)
    assert "environment" not in ledger
    keyed = [step["name"] for step in publish["steps"] if "secrets." in json.dumps(step)]
    assert keyed == ["Đặt khóa của máy chủ"]
    assert publish["steps"][-1] == {"name": "Bỏ khóa", "if": "${{ always() }}", "run": "rm -rf .cache/dang"}


@pytest.mark.parametrize(("name", "step"), USES, ids=[f"{name}: {step['name']}" for name, step in USES])
def test_actions_of_others_are_pinned_by_commit_and_leave_no_key_behind(name: str, step: dict[str, Any]) -> None:
    assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", step["uses"])
    if step["uses"].startswith("actions/checkout@"):
        assert step["with"]["persist-credentials"] == "false"
        assert not {"ref", "repository", "token", "ssh-key"} & set(step["with"]), "what is checked out is the forge's choice"


def test_no_text_of_a_request_is_pasted_into_a_command() -> None:
    assert [step["run"] for _, step in STEPS if "${{" in step.get("run", "")] == []


def test_what_comments_runs_nothing_that_came_with_the_request() -> None:
    runs = [step["run"] for _, step in STEPS if "run" in step and _ == "comment.yml"]
    assert runs == [
        'gh run download "$RUN" --repo "$GITHUB_REPOSITORY" --name bao-cao --dir bao-cao',
        "python3 scripts/comment.py bao-cao/bao-cao.md",
    ]


def test_both_forges_test_the_code_with_the_same_command() -> None:
    assert [step["run"] for name, step in STEPS if name == "tests.yml" and "run" in step] == [".ci/run"] == GITLAB["test"]["script"]
    assert os.access(REPOSITORY / ".ci/run", os.X_OK)


def test_both_forges_report_in_the_same_format() -> None:
    assert GITHUB["check.yml"]["env"]["REPORT"] == GITLAB["variables"]["REPORT"]


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("stories/2020/x/approval.yml", "@so/thu-ky-hoi-dong"),
        ("stories/2020/x/index.md", "@so/van-phong"),
        ("campaigns/x.md", "@so/van-phong"),
        ("hooks/exemplars/checking.py", "@so/phu-trach-ky-thuat"),
        ("scripts/check.py", "@so/phu-trach-ky-thuat"),
        ("mkdocs.yml", "@so/phu-trach-ky-thuat"),
        ("requirements.txt", "@so/phu-trach-ky-thuat"),
        (".github/workflows/check.yml", "@so/phu-trach-ky-thuat"),
        (".gitlab-ci.yml", "@so/phu-trach-ky-thuat"),
        ("CODEOWNERS", "@so/phu-trach-ky-thuat"),
        ("content/plans/ke-hoach-2020.md", "@so/thu-ky-hoi-dong @so/phu-trach-ky-thuat"),
    ],
)
def test_who_must_agree(path: str, owner: str, tmp_path: Path) -> None:
    """The last line that matches decides; whether one line matches is asked of git, whose ignore files are written alike."""
    rows = (
        line.split(maxsplit=1) for line in (REPOSITORY / "CODEOWNERS").read_text(encoding="utf-8").splitlines() if line and line[0] != "#"
    )
    git(tmp_path, "init", "-q")
    found = ""
    for pattern, owners in rows:
        (tmp_path / "pattern").write_text(pattern, encoding="utf-8")
        command = ["git", "-C", tmp_path, "-c", f"core.excludesFile={tmp_path}/pattern", "check-ignore", "--no-index", "-q", "--", path]
        if subprocess.run(command, check=False).returncode == 0:
            found = owners
    assert found == owner


def test_both_forges_have_the_same_template_of_a_request() -> None:
    ours = (REPOSITORY / ".github/pull_request_template.md").read_bytes()
    assert (REPOSITORY / ".gitlab/merge_request_templates/Default.md").read_bytes() == ours


def test_the_issue_form_is_one_that_github_takes() -> None:
    form = yaml.safe_load((REPOSITORY / ".github/ISSUE_TEMPLATE/gioi-thieu-guong.yml").read_text(encoding="utf-8"))
    assert set(form) <= {"name", "description", "title", "labels", "body"}
    ids = [part.get("id") for part in form["body"] if part["type"] != "markdown"]
    assert len(set(ids)) == len(ids)
    assert {part["type"] for part in form["body"]} <= {"markdown", "input", "textarea", "dropdown", "checkboxes"}
    assert all(part["attributes"]["label"] for part in form["body"] if part["type"] != "markdown")


# ---- their commands, run


def git(root: Path, *command: str) -> str:
    who = ("-c", "user.name=Bài mẫu", "-c", "user.email=mau@example.invalid", "-c", "protocol.file.allow=always")
    return subprocess.run(["git", "-C", root, *who, *command], check=True, capture_output=True, text=True).stdout.strip()


def commit(root: Path, says: str) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", says)


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


@pytest.fixture(scope="session")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository as the forge holds it: the base branch."""
    root = copy_repository(tmp_path_factory.mktemp("forge") / "kho")
    for name in ("Makefile", "requirements.txt", "requirements-feedgen.txt", ".gitignore"):
        shutil.copy(REPOSITORY / name, root)
    git(root, "init", "-q", "-b", "main")
    commit(root, "Nhánh chính")
    return root


@pytest.fixture
def request_of(forge: Path, tmp_path: Path) -> Path:
    """A contributor's fork, on a branch of its own."""
    git(tmp_path, "clone", "-q", str(forge), "nhanh-rieng")
    git(tmp_path / "nhanh-rieng", "switch", "-q", "-c", "bai-moi")
    return tmp_path / "nhanh-rieng"


def attack(fork: Path) -> None:
    """Code of the request that would hide every problem, and leave a trace wherever it ran."""
    trace = f"import pathlib; pathlib.Path({str(fork.parent / 'da-chay')!r}).touch()\n"
    for path in ("scripts/check.py", "scripts/build.py", "hooks/mkdocs_hooks.py", "hooks/exemplars/__init__.py"):
        (fork / path).write_text(trace + "raise SystemExit(0)\n", encoding="utf-8")
    (fork / "Makefile").write_text(f".venv/bin/.site:\n\ttouch {fork.parent}/da-chay\n", encoding="utf-8")
    (fork / "requirements.txt").write_text("xau==1.0\n", encoding="utf-8")
    (fork / "sitecustomize.py").write_text(trace, encoding="utf-8")
    edit(fork, "mkdocs.yml", "site_name: Gương sáng", "site_name: Đã bị đổi")
    edit(fork, "hooks/theme/main.html", "<", "<script>1</script><")
    (fork / "content/hooks").mkdir()
    (fork / "content/hooks/xau.py").write_text(trace, encoding="utf-8")


def wrong_story(fork: Path) -> None:
    edit(fork, STORY, "field: cong-tac", "field: khong-co")
    (fork / DRAFT).parent.mkdir()
    draft = (fork / STORY).read_text(encoding="utf-8").replace("id: 2020-sap-lai-so-truc-dem", "id: 2020-bai-moi\ndraft: true")
    (fork / DRAFT).write_text(draft.replace("photos:\n", "").replace("field: khong-co", "field: cong-tac"), encoding="utf-8")
    edit(fork, DRAFT, next(line + "\n" for line in draft.splitlines() if "anh-chinh.jpg" in line), "")


def tools(folder: Path) -> str:
    """A PATH whose `make` gives the libraries that are already here, instead of downloading them."""
    folder.mkdir()
    make = (
        '#!/bin/sh\n[ "$1" = -C ] && { cd "$2"; shift 2; }\n'
        f'[ "$*" = .venv/bin/.site ] && grep -q "require-hashes" Makefile && ln -s {sys.prefix} .venv\n'
    )
    (folder / "make").write_text(make, encoding="utf-8")
    (folder / "make").chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def shell(script: str, cwd: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """As both forges' runners call it."""
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=False, encoding="utf-8", timeout=300)
    assert "Traceback" not in done.stderr, done.stderr
    return done


class Run:
    """One run of check.yml: what each command said, what was kept, how it ended."""

    def __init__(self, fork: Path, forge: Path, place: Path, *, merged: bool = True) -> None:
        place.mkdir()
        flow = GITHUB["check.yml"]
        head = git(fork, "rev-parse", "HEAD")
        environment = {**os.environ, **flow["env"], "PATH": tools(place.parent / "bin"), "NO_MKDOCS_2_WARNING": "1"}
        self.kept: dict[str, Path] = {}
        self.said: dict[str, str] = {}
        self.failed: list[str] = []
        for step in flow["jobs"]["check"]["steps"]:
            if self.failed and "cancelled" not in step.get("if", ""):
                continue
            if step.get("uses", "").startswith("actions/checkout@"):
                self._check_out(fork, forge, place / step["with"]["path"], int(step["with"]["fetch-depth"]), merged=merged)
            elif step.get("uses", "").startswith("actions/upload-artifact@"):
                self.kept[step["with"]["name"]] = place / step["with"]["path"]
            else:
                given = {
                    name: value.replace("${{ github.event.pull_request.head.sha }}", head) for name, value in step.get("env", {}).items()
                }
                assert not any("${{" in value for value in given.values())
                done = shell(step["run"], place, environment | given)
                self.said[step["name"]] = done.stdout + done.stderr
                self.failed += [step["name"]] * (done.returncode != 0)

    @staticmethod
    def _check_out(fork: Path, forge: Path, place: Path, depth: int, *, merged: bool) -> None:
        """The merge that the forge makes of base and request, fetched as actions/checkout does."""
        server = place.parent.parent / "server"
        git(place.parent, "clone", "-q", str(forge), str(server))
        git(server, "fetch", "-q", str(fork), "HEAD")
        if merged:
            git(server, "merge", "-q", "--no-ff", "-m", "Ghép", "FETCH_HEAD")
        else:
            git(server, "reset", "-q", "--hard", "FETCH_HEAD")
        git(place.parent, "clone", "-q", "--depth", str(depth), f"file://{server}", str(place))

    @property
    def report(self) -> str:
        """As a reader sees it."""
        return html.unescape((self.kept["bao-cao"] / "bao-cao.md").read_text(encoding="utf-8"))


def test_a_request_is_judged_by_the_base_branchs_code_on_its_own_content(request_of: Path, forge: Path, tmp_path: Path) -> None:
    wrong_story(request_of)
    attack(request_of)
    commit(request_of, "Bài mới, và mã xấu")
    run = Run(request_of, forge, tmp_path / "may")
    assert run.failed == ["Kết quả"], run.said
    assert "TL001" in run.report
    assert STORY in run.report
    assert f"::error file={STORY}," in run.said["Kết quả"]
    assert not (tmp_path / "da-chay").exists(), "mã của đề nghị đã chạy"
    code = tmp_path / "may/nen"
    assert [name for name in ("hooks", "scripts") if tree(code / name).items() - tree(forge / name).items() - _compiled(code / name)] == []
    assert (code / "requirements.txt").read_bytes() == (forge / "requirements.txt").read_bytes()
    page = (run.kept["xem-truoc"] / "guong/2020/bai-moi/index.html").read_text(encoding="utf-8")
    assert "bản nháp" in page.lower()
    assert "<script>1</script>" not in page
    assert "Đã bị đổi" not in page
    assert json.loads((run.kept["xem-truoc"] / "build.json").read_text(encoding="utf-8"))["preview"] is True


def _compiled(folder: Path) -> set[tuple[str, bytes]]:
    return {(name, data) for name, data in tree(folder).items() if "__pycache__" in name}


def test_a_clean_request_passes(request_of: Path, forge: Path, tmp_path: Path) -> None:
    wrong_story(request_of)
    edit(request_of, STORY, "field: khong-co", "field: cong-tac")
    commit(request_of, "Bài mới")
    run = Run(request_of, forge, tmp_path / "may")
    assert run.failed == [], run.said
    assert "Không có lỗi" in run.report


def test_what_a_request_breaks_elsewhere_is_told(request_of: Path, forge: Path, tmp_path: Path) -> None:
    (request_of / "campaigns/vi-nguoi-ngheo.md").unlink()
    commit(request_of, "Bỏ một phong trào")
    run = Run(request_of, forge, tmp_path / "may")
    assert "Kết quả" in run.failed
    assert "stories/2020/hai-muoi-nam-xe-cuu-tro/index.md" in run.report


def test_a_request_that_the_forge_did_not_merge_is_not_taken_for_merged(request_of: Path, forge: Path, tmp_path: Path) -> None:
    """Its first parent would then be the contributor's own commit, and so would be the code."""
    attack(request_of)
    commit(request_of, "Mã xấu")
    git(request_of, "switch", "-q", "-c", "khac", "main")
    (request_of / "x.md").write_text("x", encoding="utf-8")
    commit(request_of, "Khác")
    git(request_of, "switch", "-q", "bai-moi")
    git(request_of, "merge", "-q", "--no-ff", "-m", "Ghép", "khac")
    run = Run(request_of, forge, tmp_path / "may", merged=False)
    assert run.failed[0] == "Mã của nhánh chính, nội dung của đề nghị"
    assert "Máy chủ chưa ghép" in run.said[run.failed[0]]
    assert not (tmp_path / "da-chay").exists()


def on_gitlab(fork: Path, forge: Path, place: Path) -> subprocess.CompletedProcess[str]:
    git(place.parent, "clone", "-q", str(forge), str(place))
    git(place, "fetch", "-q", str(fork), "HEAD")
    git(place, "checkout", "-q", "--detach", "FETCH_HEAD")
    environment = {
        **os.environ, **GITLAB["variables"], "PATH": tools(place.parent / "bin"), "NO_MKDOCS_2_WARNING": "1",
        "CI_PROJECT_DIR": str(place), "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
    }  # fmt: skip
    return shell("\n".join(GITLAB["check"]["script"]), place, environment)


def test_gitlab_judges_by_the_base_branchs_code_too(request_of: Path, forge: Path, tmp_path: Path) -> None:
    wrong_story(request_of)
    attack(request_of)
    commit(request_of, "Bài mới, và mã xấu")
    done = on_gitlab(request_of, forge, tmp_path / "may")
    assert done.returncode == 1, done.stderr
    assert f"{STORY}:" in done.stdout
    assert "TL001" in (tmp_path / "may/bao-cao/bao-cao.md").read_text(encoding="utf-8")
    assert (tmp_path / "may/xem-truoc/guong/2020/bai-moi/index.html").is_file()
    assert not (tmp_path / "da-chay").exists(), "mã của đề nghị đã chạy"
    assert {path.rstrip("/") for path in GITLAB["check"]["artifacts"]["paths"]} == {"bao-cao", "xem-truoc"}


def test_gitlab_says_when_a_request_conflicts(request_of: Path, tmp_path: Path, forge: Path) -> None:
    edit(request_of, STORY, "title: ", "title: Bên này ")
    commit(request_of, "Một bên")
    git(tmp_path, "clone", "-q", str(forge), "khac")
    edit(tmp_path / "khac", STORY, "title: ", "title: Bên kia ")
    commit(tmp_path / "khac", "Bên kia")
    done = on_gitlab(request_of, tmp_path / "khac", tmp_path / "may")
    assert done.returncode == 1
    assert "xung đột" in done.stdout


def test_the_hook_before_a_commit(forge: Path, tmp_path: Path) -> None:
    config = yaml.safe_load((REPOSITORY / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    hook = config["repos"][0]["hooks"][0]
    git(tmp_path, "clone", "-q", str(forge), "may")
    root = tmp_path / "may"
    (root / ".venv").symlink_to(sys.prefix)
    assert re.search(hook["files"], STORY)
    assert shell(hook["entry"], root, dict(os.environ)).returncode == 0
    edit(root, STORY, "field: cong-tac", "field: khong-co")
    git(root, "add", STORY)
    assert shell(hook["entry"], root, {**os.environ, "GIT_INDEX_FILE": ".git/index"}).returncode == 1


# ---- publishing


FEW = ("sap-lai-so-truc-dem", "ho-so-tra-trong-ngay", "mot-cua-chieu-thu-sau")
PLACES = "- {name: thu, kind: folder, where: ../may-chu}\n"


@pytest.fixture
def deploying(forge: Path, tmp_path: Path) -> Path:
    """A forge whose main branch names a place to publish to; with three stories, for each test builds them several times."""
    git(tmp_path, "clone", "-q", str(forge), "kho")
    root = tmp_path / "kho"
    for folder in [one for one in root.glob("stories/*/*") if one.name not in FEW]:
        shutil.rmtree(folder)
    shutil.rmtree(root / "content/events")
    (root / "publish.yml").write_text(PLACES, encoding="utf-8")
    (root / "content/data/published.txt").write_text("", encoding="utf-8")
    commit(root, "Một chỗ đăng")
    return root


def fill(value: str, known: dict[str, str]) -> str:
    for name, given in known.items():
        value = value.replace(f"${{{{ {name} }}}}", given)
    assert "${{" not in value, value
    return value


def deploy_on_github(forge: Path, place: Path) -> tuple[list[tuple[str, int, str]], Path]:
    """Both jobs of publish.yml, step after step: (step, exit code, output); and where they ran."""
    place.mkdir()
    known = {
        "secrets.SSH_CONFIG": "Host cong", "secrets.SSH_KEY": "khoa-rieng", "secrets.SSH_KNOWN_HOSTS": "", "secrets.RCLONE_CONFIG": "",
        "vars.TARGET": "thu", "github.token": "chia-khoa", "github.run_id": "42",
    }  # fmt: skip
    environment = deploying_environment(place, forge) | {
        "GITHUB_STEP_SUMMARY": str(place / "tom-tat.md"), "GITHUB_REPOSITORY": "so/guong-sang", "GITHUB_SERVER_URL": "https://forge.example",
        "GITHUB_REF_NAME": "main",
    }  # fmt: skip
    ran: list[tuple[str, int, str]] = []
    for name, job in GITHUB["publish.yml"]["jobs"].items():
        failed = any(code for _, code, _ in ran)
        if failed and name == "ledger":
            break
        root = place / name
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                git(place, "clone", "-q", *([] if step["with"].get("fetch-depth") == "0" else ["--depth", "1"]), f"file://{forge}", name)
            elif step.get("uses", "").startswith("actions/upload-artifact@"):
                shutil.copytree(root / step["with"]["path"], place / "da-giu")
            elif not failed or "always" in step.get("if", ""):
                given = {key: fill(value, known) for key, value in step.get("env", {}).items()}
                done = shell(step["run"], root, environment | given)
                ran.append((step["name"], done.returncode, done.stdout + done.stderr))
                failed = failed or done.returncode != 0
    return ran, place


def deploying_environment(place: Path, forge: Path) -> dict[str, str]:
    """The machine of a job: `make` and `gh` stood in for, the forge's address leading to a local repository."""
    path = tools(place / "bin")
    gh = (
        '#!/bin/sh\nprintf "%s\\n" "$*" >> ' + f'"{place}/gh"\n'
        'case "$1 $2" in "run download") cp -r "$OLDPWD_GH/da-giu" bien-nhan;; "pr list") cat "$OLDPWD_GH/mo" 2>/dev/null || echo 0;; '
        '"pr create") echo 1 > "$OLDPWD_GH/mo";; esac\n'
    )
    (place / "bin/gh").write_text(gh, encoding="utf-8")
    (place / "bin/gh").chmod(0o755)
    (place / "bin/apt-get").write_text("#!/bin/sh\n", encoding="utf-8")
    (place / "bin/apt-get").chmod(0o755)
    known = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "GITLAB_", "CI_"))}
    return {
        **known, "PATH": path, "OLDPWD_GH": str(place), "NO_MKDOCS_2_WARNING": "1", "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": f"url.file://{forge}.insteadOf", "GIT_CONFIG_VALUE_0": "https://x-access-token:chia-khoa@forge.example/so/guong-sang",
        "GIT_CONFIG_KEY_1": f"url.file://{forge}.insteadOf", "GIT_CONFIG_VALUE_1": "https://gitlab-ci-token:chia-khoa@forge.example/so/guong-sang.git",
    }  # fmt: skip


def test_a_push_to_main_is_published_and_its_addresses_go_into_a_request(deploying: Path, tmp_path: Path) -> None:
    ran, place = deploy_on_github(deploying, tmp_path / "may")
    assert [(name, code) for name, code, _ in ran] == [
        ("Cài thư viện theo tệp khóa", 0), ("Đặt khóa của máy chủ", 0), ("Đăng", 0), ("Bỏ khóa", 0), ("Mở đề nghị ghi sổ", 0),
    ], ran  # fmt: skip
    live = place / "may-chu/current"
    assert (live / "guong/2020/sap-lai-so-truc-dem/index.html").is_file()
    receipt = json.loads((place / "da-giu/bien-nhan.json").read_text(encoding="utf-8"))
    assert receipt["serial"] == 1
    assert "Đã đăng" in (place / "tom-tat.md").read_text(encoding="utf-8")
    assert not (place / "publish/.cache/dang").exists()
    assert not any("khoa-rieng" in said for _, _, said in ran)
    added = git(deploying, "diff", "--name-only", "main", "so-dia-chi")
    assert added == "content/data/published.txt"
    assert "guong/2020/sap-lai-so-truc-dem/ 2020-sap-lai-so-truc-dem" in git(deploying, "show", "so-dia-chi:content/data/published.txt")
    assert git(deploying, "rev-parse", "main") == git(place / "publish", "rev-parse", "HEAD"), "nhánh chính không bị đụng tới"
    assert [line.split(" --")[0] for line in (place / "gh").read_text(encoding="utf-8").splitlines()] == [
        "run download 42",
        "pr list",
        "pr create",
    ]


def test_a_faulty_story_is_a_warning_and_the_rest_is_out(deploying: Path, tmp_path: Path) -> None:
    edit(deploying, STORY, "field: cong-tac", "field: khong-co")
    commit(deploying, "Bài hỏng")
    ran, place = deploy_on_github(deploying, tmp_path / "may")
    name, code, said = ran[2]
    assert (name, code) == ("Đăng", 0)
    assert "::warning title=Đã đăng, trừ vài bài có lỗi" in said
    assert STORY.removesuffix("/index.md").removeprefix("stories/") in said
    assert (place / "may-chu/current/guong/2020/ho-so-tra-trong-ngay/index.html").is_file()
    assert not (place / "may-chu/current/guong/2020/sap-lai-so-truc-dem/index.html").exists()


def test_what_is_refused_fails_the_job_and_writes_no_ledger(deploying: Path, tmp_path: Path) -> None:
    edit(deploying, "content/data/units.yml", "name:", "nam:")
    commit(deploying, "Danh mục hỏng")
    ran, place = deploy_on_github(deploying, tmp_path / "may")
    assert [(name, code) for name, code, _ in ran[2:]] == [("Đăng", 1), ("Bỏ khóa", 0)]
    assert not (place / "may-chu/current").exists()
    assert not (place / "gh").exists()


@pytest.mark.parametrize(("faulty", "code"), [(False, 0), (True, 3)])
def test_gitlab_publishes_by_the_same_commands(faulty: bool, code: int, deploying: Path, tmp_path: Path) -> None:  # noqa: FBT001
    if faulty:
        edit(deploying, STORY, "field: cong-tac", "field: khong-co")
        commit(deploying, "Bài hỏng")
    place = tmp_path / "may"
    place.mkdir()
    git(deploying, "config", "receive.advertisePushOptions", "true")
    git(place, "clone", "-q", f"file://{deploying}", "kho")
    environment = deploying_environment(place, deploying) | {
        "TARGET": "thu", "CI_PROJECT_PATH": "so/guong-sang", "CI_SERVER_HOST": "forge.example", "CI_JOB_TOKEN": "chia-khoa",
        "CI_DEFAULT_BRANCH": "main", "SSH_KEY": "khoa-rieng",
    }  # fmt: skip
    done = shell("\n".join(GITLAB["publish"]["script"]), place / "kho", environment)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Đã đăng" in done.stdout
    assert (place / "kho/.cache/dang/key").stat().st_mode & 0o777 == 0o600
    assert (place / "kho/.cache/dang/key").read_text(encoding="utf-8") == "khoa-rieng\n"
    assert shell("\n".join(GITLAB["publish"]["after_script"]), place / "kho", environment).returncode == 0
    assert not (place / "kho/.cache/dang").exists()
    git(place / "kho", "checkout", "-q", "--", "content/data/published.txt")  # another job: a fresh checkout, and the artefact
    done = shell("\n".join(GITLAB["ledger"]["script"]), place / "kho", environment)
    assert done.returncode == 0, done.stderr
    assert git(deploying, "diff", "--name-only", "main", "so-dia-chi") == "content/data/published.txt"


# ---- the comment


class Server(http.server.ThreadingHTTPServer):
    """A forge that knows requests and comments, as GitHub's and Forgejo's REST interface has them."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.pulls = [{"number": 7, "head": {"sha": "a" * 40, "label": "nguoi-viet:bai-moi"}}]
        self.comments: list[dict[str, Any]] = []
        self.refuses = False


class Answer(http.server.BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_: Any) -> None:
        """Quiet."""

    def _answer(self, code: int, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _body(self) -> Any:
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert self.headers["Authorization"] == "Bearer chia-khoa"
        first = (int(asked["page"]) - 1) * int(asked["per_page"])
        if self.server.refuses:
            self._answer(403, {"message": "no"})
        elif parts.path == "/api/repos/so/guong-sang/pulls":
            found = [one for one in self.server.pulls if one["head"]["label"] == asked["head"]]
            self._answer(200, found[first : first + int(asked["per_page"])])
        elif parts.path == "/api/repos/so/guong-sang/issues/7/comments":
            self._answer(200, self.server.comments[first : first + int(asked["per_page"])])
        else:
            self._answer(404, {})

    def do_POST(self) -> None:
        assert self.path == "/api/repos/so/guong-sang/issues/7/comments"
        made = {"id": len(self.server.comments) + 1, "user": {"login": "github-actions[bot]"}, "body": self._body()["body"]}
        self.server.comments.append(made)
        self._answer(201, made)

    def do_PATCH(self) -> None:
        number = int(self.path.removeprefix("/api/repos/so/guong-sang/issues/comments/"))
        self.server.comments[number - 1]["body"] = self._body()["body"]
        self._answer(200, self.server.comments[number - 1])


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def commented(server: Server, place: Path, report: str, **changed: str) -> subprocess.CompletedProcess[str]:
    """The commands of comment.yml in order, after a run that kept `report`."""
    place.mkdir(exist_ok=True)
    shutil.rmtree(place / "bao-cao", ignore_errors=True)
    (place / "scripts").mkdir(exist_ok=True)
    for name in ("comment.py", "command.py"):  # of the main branch, and no library: what runs here has a key
        shutil.copy(REPOSITORY / "scripts" / name, place / "scripts")
    bin_ = place / "bin"
    bin_.mkdir(exist_ok=True)
    (place / "da-giu.md").write_text(report, encoding="utf-8")
    wanted = "run download 42 --repo so/guong-sang --name bao-cao --dir bao-cao"
    (bin_ / "gh").write_text(f'#!/bin/sh\n[ "$*" = "{wanted}" ] && mkdir bao-cao && cp da-giu.md bao-cao/bao-cao.md\n', encoding="utf-8")
    (bin_ / "gh").chmod(0o755)
    known = {
        "${{ github.token }}": "chia-khoa", "${{ github.event.workflow_run.id }}": "42",
        "${{ github.event.workflow_run.head_repository.owner.login }}": "nguoi-viet",
        "${{ github.event.workflow_run.head_branch }}": "bai-moi", "${{ github.event.workflow_run.head_sha }}": "a" * 40,
        "${{ github.event.workflow_run.html_url }}": "https://forge.example/so/guong-sang/actions/runs/42",
    }  # fmt: skip
    environment = {
        **os.environ, "PATH": f"{bin_}:{os.environ['PATH']}", "GITHUB_REPOSITORY": "so/guong-sang",
        "GITHUB_API_URL": f"http://127.0.0.1:{server.server_address[1]}/api",
    }  # fmt: skip
    done = None
    for step in GITHUB["comment.yml"]["jobs"]["comment"]["steps"]:
        if "run" in step:
            given = {name: known[value] for name, value in step["env"].items()} | changed
            done = shell(step["run"], place, environment | given)
            if done.returncode:
                break
    assert done is not None
    return done


def test_one_comment_is_written_and_then_kept_up_to_date(server: Server, tmp_path: Path) -> None:
    assert commented(server, tmp_path / "may", "còn 2 việc").returncode == 0
    assert commented(server, tmp_path / "may", "còn 1 việc").returncode == 0
    assert len(server.comments) == 1
    assert "còn 1 việc" in server.comments[0]["body"]
    assert "còn 2 việc" not in server.comments[0]["body"]
    assert server.comments[0]["body"].startswith("<!-- ")
    assert "https://forge.example/so/guong-sang/actions/runs/42" in server.comments[0]["body"]


def test_the_robots_comment_is_found_behind_hundreds_of_others(server: Server, tmp_path: Path) -> None:
    others = [{"id": number, "user": {"login": "ai-do"}, "body": "x"} for number in range(1, 249)]
    others += [{"id": 249, "user": None, "body": "x"}, {"id": 250, "user": {"login": "github-actions[bot]"}, "body": None}]
    server.comments = others
    assert commented(server, tmp_path / "may", "một").returncode == 0
    assert commented(server, tmp_path / "may", "hai").returncode == 0
    assert len(server.comments) == 251


def test_a_marker_in_another_persons_comment_is_no_sign(server: Server, tmp_path: Path) -> None:
    commented(server, tmp_path / "may", "một")
    server.comments[0]["user"]["login"] = "ke-gia-danh"
    stolen = server.comments[0]["body"]
    assert commented(server, tmp_path / "may", "hai").returncode == 0
    assert [server.comments[0]["body"] == stolen, len(server.comments)] == [True, 2]


@pytest.mark.parametrize("changed", [{"HEAD_SHA": "b" * 40}, {"HEAD_BRANCH": "nhanh-khac"}])
def test_nothing_is_written_where_the_forge_knows_no_such_request(changed: dict[str, str], server: Server, tmp_path: Path) -> None:
    """The report cannot choose where it goes."""
    done = commented(server, tmp_path / "may", "đề nghị số 7", **changed)
    assert (done.returncode, server.comments) == (0, [])
    assert "không ghi gì" in done.stdout


def test_a_report_is_text_only_and_not_too_long(server: Server, tmp_path: Path) -> None:
    assert commented(server, tmp_path / "may", "@so/thu-ky \x1b[31m\u202e\n" + "dòng dài @ai\n" * 20_000).returncode == 0
    body = server.comments[0]["body"]
    assert len(body) < 65_536
    assert not re.search(r"@\w|\x1b|\u202e", body)
    assert "xem trọn trong tệp" in body


def test_a_forge_that_refuses_is_named(server: Server, tmp_path: Path) -> None:
    server.refuses = True
    done = commented(server, tmp_path / "may", "một")
    assert done.returncode == 1
    assert "403" in done.stderr
    assert "chia-khoa" not in done.stderr + done.stdout


@pytest.mark.parametrize("kind", ["liên kết", "trống", "không có"])
def test_a_report_that_is_no_file_is_not_read(kind: str, server: Server, tmp_path: Path) -> None:
    secret = tmp_path / "bi-mat"
    secret.write_text("bí mật", encoding="utf-8")
    report = tmp_path / "bao-cao.md"
    if kind == "liên kết":
        report.symlink_to(secret)
    elif kind == "trống":
        report.touch()
    environment = {
        **os.environ, "GITHUB_API_URL": f"http://127.0.0.1:{server.server_address[1]}/api", "GITHUB_REPOSITORY": "so/guong-sang",
        "GITHUB_TOKEN": "chia-khoa", "HEAD_OWNER": "nguoi-viet", "HEAD_BRANCH": "bai-moi", "HEAD_SHA": "a" * 40,
    }  # fmt: skip
    done = shell(f"{sys.executable} {REPOSITORY}/scripts/comment.py {report}", tmp_path, environment)
    assert (done.returncode, server.comments) == (1, [])
    assert done.stderr.strip()
