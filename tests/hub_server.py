"""A Hub on loopback for the real client: enough of its protocol to publish and to load.

It keeps repositories with commits, branches and pull requests; large files go the way
of LFS (preupload answers "lfs", batch, PUT, verify; downloads are redirected and may
be resumed). It answers 401, 403, 404, 409, 412, 402 as the Hub does, any other status
where a test asks for it, cuts connections in the middle and alters bytes.

What it cannot show: Xet (the tests switch it off; on the real Hub large files go that
way), multipart uploads of files above some gigabytes, real quotas and rate limits and
their headers, the building and running of a Space, the Hub's own checks of a card's
fields, replication delays, and anything of the web pages.
"""

import base64
import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.hub_state import Account, Fault, File, Files, Repository

KINDS = {"models": "model", "datasets": "dataset", "spaces": "space"}
_REPO = r"[\w.-]+/[\w.-]+"
_API = re.compile(rf"/api/(models|datasets|spaces)/({_REPO})(?:/(\w+)(?:/(.+))?)?")
_RESOLVE = re.compile(rf"/(?:(datasets|spaces)/)?({_REPO})/resolve/([^/]+)/(.+)")
_BATCH = re.compile(rf"/(?:(?:datasets|spaces)/)?{_REPO}\.git/info/lfs/objects/batch")


class Hub:
    """The state of the stand-in, its address, and what it was asked.

    Attributes:
        accounts: Who a token belongs to.
        repositories: By kind and name.
        large: Large files by their SHA-256.
        faults: What goes wrong.
        requests: "METHOD /path" of everything that was asked.
        secrets: Every Authorization header that arrived.
    """

    def __init__(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.server.daemon_threads = True
        self.server.hub = self  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        # Large files lie with another host, which must not get to see a token.
        self.store = self.url.replace("127.0.0.1", "localhost")
        self.reset()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def reset(self) -> None:
        """Forget everything, so that each test begins with an empty Hub."""
        self.accounts = {
            "hf_writer": Account("owner"),
            "hf_reader": Account("owner", may_write=False),
            "hf_free": Account("owner", has_plan=False),
            "hf_stranger": Account("stranger"),
        }
        self.repositories: dict[tuple[str, str], Repository] = {}
        self.large: dict[str, bytes] = {}
        self.faults: list[Fault] = []
        self.requests: list[str] = []
        self.secrets: set[str] = set()

    def add(self, kind: str, name: str, files: dict[str, bytes], **settings: bool) -> Repository:
        """Put a repository there, as if somebody had pushed these files."""
        repository = self.repositories.setdefault((kind, name), Repository(kind, name, **settings))
        self.push(repository, files)
        return repository

    def push(self, repository: Repository, files: dict[str, bytes], ref: str = "main") -> str:
        """Commit files on top of a branch; return the commit's hash."""
        new = {path: File(data, _is_large(path, data)) for path, data in files.items()}
        before = repository.at(ref) or repository.head
        return repository.commit(ref, {**before.files, **new}, "pushed", before.sha).sha

    def written(self) -> list[str]:
        """What was asked of it that changes something."""
        reading = ("/preupload/", "/validate-yaml", "/objects/batch")
        return [
            request
            for request in self.requests
            if not request.startswith(("GET", "HEAD")) and not any(r in request for r in reading)
        ]


def _is_large(path: str, sample: bytes) -> bool:
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        # A sample may end in the middle of a character.
        return path.endswith(".keras") or error.start < len(sample) - 4
    return path.endswith(".keras")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    @property
    def hub(self) -> Hub:
        return self.server.hub  # type: ignore[attr-defined]

    @property
    def account(self) -> Account | None:
        header = self.headers.get("authorization", "").removeprefix("Bearer ")
        return self.hub.accounts.get(header)

    def answer(self) -> None:
        url = urlsplit(self.path)
        self.query, path = parse_qs(url.query), unquote(url.path)
        self.hub.requests.append(f"{self.command} {path}")
        self.hub.secrets.add(self.headers.get("authorization", ""))
        fault = next((f for f in self.hub.faults if f.strikes(self.command, path)), None)
        if fault and not fault.status and self.command in ("POST", "PUT"):
            self.rfile.read(int(self.headers.get("content-length") or 0) // 2)
            return self.hang_up()
        self.is_cut = bool(fault and not fault.status)
        body = self.read_body()
        if fault and fault.status:
            return self.refuse(fault.status, "Fault", "As the test wishes")
        if "authorization" in self.headers and not self.account:
            return self.refuse(401, "", "Invalid credentials in Authorization header")
        self.route(path, body)

    do_GET = do_HEAD = do_POST = do_PUT = answer  # noqa: N815

    def route(self, path: str, body: bytes) -> None:
        if path == "/api/whoami-v2":
            return self.whoami()
        if path == "/api/validate-yaml":
            return self.send(200, {"errors": [], "warnings": []})
        if path == "/api/repos/create":
            return self.create(json.loads(body))
        if found := _API.fullmatch(path):
            return self.repository(KINDS[found[1]], found[2], found[3], found[4], body)
        if found := _RESOLVE.fullmatch(path):
            return self.resolve(KINDS.get(found[1], "model"), *found.groups()[1:])
        if _BATCH.fullmatch(path):
            return self.batch(json.loads(body))
        if path.startswith("/lfs/"):
            return self.large_file(path.removeprefix("/lfs/"), body)
        self.refuse(404, "NotFound", "Not found")

    # Accounts and repositories.

    def whoami(self) -> None:
        if not self.account:
            return self.refuse(401, "", "Invalid username or password.")
        self.send(200, {"type": "user", "name": self.account.name, "orgs": []})

    def create(self, wish: dict[str, Any]) -> None:
        kind = wish.get("type") or "model"
        owner = wish.get("organization") or (self.account.name if self.account else "")
        if not self.may_write(owner):
            return self.refuse(403 if self.account else 401, "", "You don't have the rights")
        if kind == "space" and self.account and not self.account.has_plan:
            return self.refuse(402, "", "Payment required")
        name = f"{owner}/{wish['name']}"
        if (kind, name) in self.hub.repositories:
            there = {"error": "You already created this repo", "url": f"{self.hub.url}/{name}"}
            return self.send(409, there)
        private = wish.get("visibility") == "private"
        self.hub.repositories[kind, name] = Repository(kind, name, private)
        self.send(200, {"url": f"{self.hub.url}/{name}", "name": name, "id": "x"})

    def may_write(self, owner: str) -> bool:
        return bool(self.account and self.account.may_write and self.account.name == owner)

    def visible(self, kind: str, name: str) -> Repository | None:
        repository = self.hub.repositories.get((kind, name))
        owner = name.split("/")[0]
        if repository and (
            not repository.is_private or (self.account and self.account.name == owner)
        ):
            return repository
        self.refuse(404 if self.account else 401, "RepoNotFound", "Repository not found")
        return None

    def repository(
        self, kind: str, name: str, action: str | None, rest: str | None, body: bytes
    ) -> None:
        repository = self.visible(kind, name)
        if not repository:
            return
        if action == "branch":
            return self.branch(repository, rest or "", json.loads(body))
        commit = repository.at(rest or "main")
        if action == "tree":
            commit = repository.at((rest or "main").split("/")[0])
        if not commit:
            return self.refuse(404, "RevisionNotFound", "Invalid rev id")
        if action in (None, "revision"):
            files = [_sibling(path, file) for path, file in commit.files.items()]
            info = {"id": name, "sha": commit.sha, "private": repository.is_private}
            return self.send(200, {**info, "siblings": files, "tags": []})
        if action == "tree":
            return self.send(200, [_entry(path, file) for path, file in commit.files.items()])
        if action == "preupload":
            return self.preupload(commit.files, json.loads(body)["files"])
        if action == "commit":
            return self.commit(repository, rest or "main", body)
        self.refuse(404, "NotFound", "Not found")

    def branch(self, repository: Repository, name: str, wish: dict[str, Any]) -> None:
        if not self.may_write(repository.name.split("/")[0]):
            return self.refuse(403, "", "You don't have the rights")
        if name in repository.refs:
            return self.refuse(409, "", "Reference already exists")
        start = repository.at(wish.get("startingPoint") or "main") or repository.head
        repository.refs[name] = start.sha
        self.send(200, {})

    # Uploads.

    def preupload(self, there: Files, files: list[dict[str, Any]]) -> None:
        answers = []
        for file in files:
            is_large = _is_large(file["path"], base64.b64decode(file["sample"]))
            old = there.get(file["path"])
            answers.append(
                {
                    "path": file["path"],
                    "uploadMode": "lfs" if is_large else "regular",
                    "shouldIgnore": False,
                    "oid": old.oid if old else None,
                }
            )
        self.send(200, {"files": answers})

    def batch(self, wish: dict[str, Any]) -> None:
        objects: list[dict[str, Any]] = []
        for item in wish["objects"]:
            link = {"href": f"{self.hub.url}/lfs/{item['oid']}"}
            is_new = item["oid"] not in self.hub.large
            actions = {"actions": {"upload": link, "verify": link}} if is_new else {}
            objects.append({"oid": item["oid"], "size": item["size"], **actions})
        self.send(200, {"transfer": "basic", "objects": objects})

    def large_file(self, oid: str, body: bytes) -> None:
        if self.command == "PUT":
            if hashlib.sha256(body).hexdigest() != oid:
                return self.refuse(400, "", "The bytes are others than announced")
            self.hub.large[oid] = body
            return self.send(200, {})
        data = self.hub.large.get(oid)
        if data is None:
            return self.refuse(404, "EntryNotFound", "No such object")
        if self.command == "POST":
            return self.send(200, {})
        if "authorization" in self.headers:
            return self.refuse(400, "", "A token is none of the store's business")
        self.send_part(data, {"ETag": f'"{oid}"'})

    def commit(self, repository: Repository, ref: str, body: bytes) -> None:
        is_pull = "create_pr" in self.query
        if not self.account or not (is_pull or self.may_write(repository.name.split("/")[0])):
            return self.refuse(403, "", "You don't have the rights")
        lines = [json.loads(line) for line in body.splitlines()]
        header = next(line["value"] for line in lines if line["key"] == "header")
        before = repository.at(ref) or repository.head
        if header.get("parentCommit", before.sha) != before.sha:
            return self.refuse(412, "", "A commit has happened since")
        files = dict(before.files)
        for line in lines:
            if not self.change(files, line["key"], line["value"]):
                return self.refuse(400, "", "The large file never arrived")
        pulls = sum(name.startswith("refs/pr/") for name in repository.refs)
        target = f"refs/pr/{pulls + 1}" if is_pull else ref
        new = repository.commit(target, files, header["summary"], before.sha)
        url = f"{self.hub.url}/{repository.name}"
        answer = {"success": True, "commitOid": new.sha, "commitUrl": f"{url}/commit/{new.sha}"}
        answer |= {"pullRequestUrl": f"{url}/discussions/{pulls + 1}"} if is_pull else {}
        self.send(200, answer)

    def change(self, files: Files, key: str, value: dict[str, Any]) -> bool:
        if key == "file":
            files[value["path"]] = File(base64.b64decode(value["content"]), is_large=False)
        elif key == "lfsFile":
            if value["oid"] not in self.hub.large:
                return False
            files[value["path"]] = File(self.hub.large[value["oid"]], is_large=True)
        elif key == "deletedFile":
            del files[value["path"]]
        return True

    # Downloads.

    def resolve(self, kind: str, name: str, revision: str, path: str) -> None:
        repository = self.visible(kind, name)
        if not repository:
            return
        if repository.is_gated:
            return self.refuse(403, "GatedRepo", "Ask for access")
        commit = repository.at(unquote(revision))
        if not commit:
            return self.refuse(404, "RevisionNotFound", "Invalid rev id")
        file = commit.files.get(path)
        if not file:
            return self.refuse(404, "EntryNotFound", "Entry not found")
        headers = {"X-Repo-Commit": commit.sha, "ETag": f'"{file.oid}"'}
        if not file.is_large:
            return self.send_part(file.data, headers)
        self.hub.large.setdefault(file.oid, file.data)
        headers |= {"X-Linked-Etag": f'"{file.oid}"', "X-Linked-Size": str(len(file.data))}
        self.send(302, b"", {**headers, "Location": f"{self.hub.store}/lfs/{file.oid}"})

    def send_part(self, data: bytes, headers: dict[str, str]) -> None:
        """Send a file, or the rest of it that is asked for."""
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("range", ""))
        headers = {**headers, "Accept-Ranges": "bytes"}
        if not asked:
            return self.send(200, data, headers)
        first = int(asked[1])
        span = f"bytes {first}-{len(data) - 1}/{len(data)}"
        self.send(206, data[first:], {**headers, "Content-Range": span})

    # The line itself.

    def read_body(self) -> bytes:
        if self.headers.get("transfer-encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("content-length") or 0))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def send(self, status: int, content: Any, headers: dict[str, str] | None = None) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if self.is_cut:
            self.wfile.write(body[: len(body) // 2])
            return self.hang_up()
        self.wfile.write(body)

    def refuse(self, status: int, code: str, message: str) -> None:
        headers = {"X-Error-Message": message} | ({"X-Error-Code": code} if code else {})
        self.send(status, {"error": message}, headers)

    def hang_up(self) -> None:
        self.wfile.flush()
        self.close_connection = True


def _sibling(path: str, file: File) -> dict[str, Any]:
    large = {"lfs": {"sha256": file.oid, "size": len(file.data), "pointerSize": 130}}
    own = large if file.is_large else {"blobId": file.oid}
    return {"rfilename": path, "size": len(file.data), **own}


def _entry(path: str, file: File) -> dict[str, Any]:
    entry = {"type": "file", "path": path, "size": len(file.data), "oid": file.oid}
    large = {"lfs": {"oid": file.oid, "size": len(file.data), "pointerSize": 130}}
    return {**entry, **(large if file.is_large else {})}
