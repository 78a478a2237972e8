"""The bounds on what one caller may send, and how often."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from page.limits import Limits

UPLOAD = "/gradio_api/upload"


async def _length(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


def _client(**limits: int) -> TestClient:
    routes = [Route(path, _length, methods=["GET", "POST"]) for path in ("/call", UPLOAD)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(Limits, **limits)]))


@pytest.fixture(autouse=True)
def _one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets no minute begin during a test that does not ask for one."""
    monkeypatch.setattr("page.limits.time.monotonic", lambda: 1_000_000.0)


@pytest.fixture
def client() -> TestClient:
    return _client(json_bytes=1000, upload_bytes=5000)


def _pieces(count: int, size: int = 100) -> Iterator[bytes]:
    for _ in range(count):
        yield b"x" * size


def test_a_body_within_the_limit_arrives_whole(client: TestClient) -> None:
    assert client.post("/call", content=b"x" * 1000).text == "1000"


def test_a_body_that_says_it_is_too_long_is_refused(client: TestClient) -> None:
    answer = client.post("/call", content=b"x" * 1001)
    assert answer.status_code == 413
    assert "too large" in answer.json()["detail"]


def test_a_chunked_body_within_the_limit_arrives_whole(client: TestClient) -> None:
    assert client.post("/call", content=_pieces(10)).text == "1000"


def test_a_chunked_body_is_refused_once_it_is_too_long(client: TestClient) -> None:
    assert client.post("/call", content=_pieces(11)).status_code == 413


def test_an_upload_may_be_longer_but_not_endless(client: TestClient) -> None:
    assert client.post(UPLOAD, content=_pieces(50)).text == "5000"
    assert client.post(UPLOAD, content=_pieces(51)).status_code == 413


def test_a_small_body_of_very_many_values_is_refused_unless_it_is_an_upload() -> None:
    client = _client()
    values = b"{}," * 60_000
    assert client.post("/call", content=values).status_code == 413
    assert client.post("/call", content=b"1.5," * 40_400).status_code == 200
    assert client.post("/call", content=b"x" * 1_400_000).status_code == 200  # a picture
    assert client.post(UPLOAD, content=values).status_code == 200


@pytest.mark.parametrize("length", ["-5", "many", "1e3", "²"])
def test_a_length_that_is_no_number_is_refused(client: TestClient, length: str) -> None:
    headers = {"content-length": length.encode()}
    assert client.post("/call", content=b"x", headers=headers).status_code == 413


def test_who_calls_too_often_waits_and_nobody_else(client: TestClient) -> None:
    client = _client(calls_a_minute=3)
    mine, other = {"x-forwarded-for": "10.0.0.1"}, {"x-forwarded-for": "10.0.0.2, 10.0.0.1"}
    codes = [client.post("/call", headers=mine).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    assert client.post("/call", headers=other).status_code == 200
    assert client.get("/call", headers=mine).status_code == 200


def test_a_forwarded_address_counts_only_where_a_proxy_can_have_set_it() -> None:
    limits = Limits(PlainTextResponse("fine"), calls_a_minute=3)
    far = TestClient(limits, client=("8.8.8.8", 50_000))
    codes = [far.post("/", headers={"x-forwarded-for": f"9.9.9.{n}"}).status_code for n in range(4)]
    assert codes == [200, 200, 200, 429]  # another name is no way round
    near = TestClient(limits, client=("10.0.0.5", 50_000))
    codes = [
        near.post("/", headers={"x-forwarded-for": f"9.9.9.{n}"}).status_code for n in range(4)
    ]
    assert codes == [200] * 4


def test_one_household_counts_as_one_caller_and_what_is_no_address_as_its_proxy() -> None:
    client = _client(calls_a_minute=3)
    codes = [
        client.post("/call", headers={"x-forwarded-for": name}).status_code
        for name in ("2001:db8::1", "2001:db8::2", "2001:db8::ffff:3", "2001:db8::4", "2001:db9::1")
    ]
    assert codes == [200, 200, 200, 429, 200]
    names = ("x" * 9000, "anybody", "10.0.0.1:443", "")
    codes = [client.post("/call", headers={"x-forwarded-for": n}).status_code for n in names]
    assert codes == [200, 200, 200, 429]


def test_an_address_that_a_proxy_writes_as_one_of_ipv6_is_one_callers_own() -> None:
    client = _client(calls_a_minute=1)
    names = ("::ffff:8.8.8.8", "::ffff:1.2.3.4", "8.8.8.8")
    codes = [client.post("/call", headers={"x-forwarded-for": n}).status_code for n in names]
    assert codes == [200, 200, 429]


def test_a_caller_whose_address_is_none_is_nobody() -> None:
    limits = Limits(PlainTextResponse("fine"))
    for name in ("x" * 60_000, "y" * 60_000, "unix:"):  # as a server has it from the header
        TestClient(limits, client=(name, 0)).post("/")
    assert dict(limits._calls) == {"": 3}


def test_an_upload_counts_for_as_many_calls_as_it_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("page.limits.UPLOAD_CALLS", 4)
    client = _client(calls_a_minute=9)
    assert [client.post(UPLOAD).status_code for _ in range(3)] == [200, 200, 429]


def test_a_long_drawing_counts_for_as_many_calls_as_it_costs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("page.limits.time.monotonic", lambda: 1_000_000.0)
    client = _client(calls_a_minute=100)
    letter, longest = b"[" + b"500," * 80 + b"]", b"[" + b"500," * 40_000 + b"]"
    assert [client.post("/call", content=longest).status_code for _ in range(2)] == [200, 429]
    assert client.post(UPLOAD, content=longest).status_code == 429  # the minute is used up
    other = {"x-forwarded-for": "10.0.0.2"}
    codes = [client.post("/call", content=letter, headers=other).status_code for _ in range(100)]
    assert codes == [200] * 100
    assert client.post("/call", content=letter, headers=other).status_code == 429


def test_the_next_minute_starts_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000_000.0
    monkeypatch.setattr("page.limits.time.monotonic", lambda: now)
    client = _client(calls_a_minute=1)
    assert [client.post("/call").status_code for _ in range(2)] == [200, 429]
    now += 60
    assert client.post("/call").status_code == 200


def test_forged_addresses_take_no_endless_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("page.limits.ADDRESSES", 10)
    limits = Limits(PlainTextResponse("fine"))
    client = TestClient(limits)
    for number in range(30):
        client.post("/", headers={"x-forwarded-for": f"10.0.0.{number}"})
        assert len(limits._calls) <= 11
