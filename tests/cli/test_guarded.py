"""HTTP spoken badly on purpose: one meaning or none, the right answer or none, and nobody is waited for."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from random import Random

import pytest

from bedside.cli import guarded
from bedside.cli.front import Receive, Scope, Send
from journeys.house import doors

HEAD = b"Host: clinic.example\r\n"
SEEN: list[str] = []


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers each request with its own path and the length of its body; some take a little longer."""
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body, more = body + message.get("body", b""), message.get("more_body", False)
    SEEN.append(scope["path"])
    if scope["path"].endswith("7"):
        await asyncio.sleep(0.001)
    said = f"{scope['path']} {len(body)}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(said))]})
    await send({"type": "http.response.body", "body": said})


@pytest.fixture
async def port() -> AsyncIterator[int]:
    SEEN.clear()
    async with doors(echo) as url:
        yield int(url.rpartition(":")[2])


async def said_to(port: int, *pieces: bytes, pause: float = 0.0) -> bytes:
    """Everything that is answered until the connection is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        with suppress(OSError):
            for piece in pieces:
                writer.write(piece)
                await asyncio.sleep(pause)
        return await rest_of(reader)
    finally:
        writer.close()


async def rest_of(reader: asyncio.StreamReader) -> bytes:
    """What comes until the end, also when the end is abrupt."""
    answer = b""
    with suppress(OSError):
        async with asyncio.timeout(8):
            while some := await reader.read(4096):
                answer += some
    return answer


def post(*headers: bytes, body: bytes = b"") -> bytes:
    return b"POST /first HTTP/1.1\r\n" + HEAD + b"".join(header + b"\r\n" for header in headers) + b"\r\n" + body


AFTER = b"GET /smuggled HTTP/1.1\r\n" + HEAD + b"\r\n"
CHUNKED = b"Transfer-Encoding: chunked"
UNCLEAR = {
    "both lengths": post(b"Content-Length: 4", CHUNKED, body=b"0\r\n\r\n" + AFTER),
    "both, the other way": post(CHUNKED, b"Content-Length: 4", body=b"0\r\n\r\n" + AFTER),
    "two lengths": post(b"Content-Length: 0", b"Content-Length: %d" % len(AFTER), body=AFTER),
    "two lengths in one": post(b"Content-Length: 0, %d" % len(AFTER), body=AFTER),
    "a signed length": post(b"Content-Length: +0", body=AFTER),
    "a negative length": post(b"Content-Length: -1", body=AFTER),
    "a length in hex": post(b"Content-Length: 0x0", body=AFTER),
    "a huge length": post(b"Content-Length: 99999999999999999999", body=AFTER),
    "an unknown coding": post(b"Transfer-Encoding: xchunked", body=b"0\r\n\r\n" + AFTER),
    "chunked, but not last": post(b"Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n" + AFTER),
    "a space before the colon": post(b"Transfer-Encoding : chunked", body=b"0\r\n\r\n" + AFTER),
    "a tab in the name": post(b"Transfer\tEncoding: chunked", body=b"0\r\n\r\n" + AFTER),
    "a bare CR": post(b"X: a\rContent-Length: 5", body=AFTER),
    "a NUL": post(b"X: a\0b", body=AFTER),
    "no colon": post(b"nonsense", body=AFTER),
    "a chunk of odd size": post(CHUNKED, body=b"g\r\nx\r\n0\r\n\r\n" + AFTER),
    "a negative chunk": post(CHUNKED, body=b"-1\r\nx\r\n0\r\n\r\n" + AFTER),
    "a chunk that is longer than it says": post(CHUNKED, body=b"1\r\nxxxxx\r\n0\r\n\r\n" + AFTER),
    "an overflowing chunk": post(CHUNKED, body=b"fffffffffffffffff\r\nx\r\n0\r\n\r\n" + AFTER),
    "a trailer": post(CHUNKED, body=b"0\r\nAuthorization: Bearer x\r\n\r\n" + AFTER),
    "no host": b"GET /first HTTP/1.1\r\n\r\n" + AFTER,
    "two hosts": b"GET /first HTTP/1.1\r\n" + HEAD + HEAD + b"\r\n" + AFTER,
    "another version": b"GET /first HTTP/7.3\r\n" + HEAD + b"\r\n" + AFTER,
    "no version": b"GET /first\r\n" + HEAD + b"\r\n" + AFTER,
    "an unknown method": b"GRAB /first HTTP/1.1\r\n" + HEAD + b"\r\n" + AFTER,
    "a tunnel": b"CONNECT clinic.example:443 HTTP/1.1\r\n" + HEAD + b"\r\n" + AFTER,
    "TLS on a plain door": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64),
    "noise": bytes(range(256)),
}


@pytest.mark.parametrize("what", UNCLEAR)
async def test_what_can_be_read_in_two_ways_is_not_read(port: int, what: str) -> None:
    """One refusal that is a problem, the end of the connection, and nothing behind it ever reaches the house."""
    answer = await said_to(port, UNCLEAR[what])
    assert "/smuggled" not in SEEN
    heads = re.findall(rb"HTTP/1\.1 (\d+)", answer)
    assert heads in ([b"400"], [b"200", b"400"], []), answer[:300]
    assert heads.count(b"200") == SEEN.count("/first")
    if heads[-1:] == [b"400"]:
        assert b"application/problem+json" in answer
        problem = json.loads(answer.rpartition(b"\r\n\r\n")[2])
        assert (problem["type"], problem["status"]) == ("invalid", 400)


async def test_answers_come_in_the_order_of_the_questions(port: int) -> None:
    """Pipelined, with and without bodies, cut anywhere on the way: each gets its own answer."""
    await pipelined(port, questions=2_000, chance=Random(9))


async def pipelined(port: int, *, questions: int, chance: Random) -> None:
    """So many on one connection; raises when an answer is another one's."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    asked = [(f"/{at}", chance.choice((0, 0, 1, 300))) for at in range(questions)]
    bytes_ = b"".join(
        b"POST %s HTTP/1.1\r\n%sContent-Length: %d\r\n\r\n%s" % (path.encode(), HEAD, size, b"x" * size)
        for path, size in asked
    )

    async def ask() -> None:
        at = 0
        while at < len(bytes_):
            step = chance.randint(1, 4000)
            writer.write(bytes_[at : at + step])
            await writer.drain()
            at += step

    asking = asyncio.create_task(ask())
    async with asyncio.timeout(600):
        for path, size in asked:
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head)
            assert length, head
            assert (await reader.readexactly(int(length[1]))).decode() == f"{path} {size}"
        await asking
    writer.close()


async def test_noise_behind_a_question_is_no_answer_to_it(port: int) -> None:
    """Whole questions that wait for their answers, then nonsense: no refusal stands where an answer belongs."""
    good = b"".join(b"GET /%d7 HTTP/1.1\r\n%s\r\n" % (at, HEAD) for at in range(3))
    answer = await said_to(port, good + b"nonsense\r\n\r\n")
    assert b" 400 " not in answer
    bodies = re.findall(rb"/(\d)7 0", answer)
    assert bodies == sorted(bodies)


BIG = {
    "one long header": [post(b"X: " + b"x" * 40_000)],
    "a header that never ends": [b"GET / HTTP/1.1\r\nX: ", *[b"x" * 8_000] * 8],
    "very many headers": [post(*[b"X-%d: y" % at for at in range(5_000)])],
    "a long address": [b"GET /" + b"x" * 40_000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n"],
    "an address that never ends": [b"GET /", *[b"x" * 8_000] * 8],
}


@pytest.mark.parametrize("what", BIG)
async def test_a_head_has_a_size(port: int, what: str) -> None:
    answer = await said_to(port, *BIG[what], pause=0.002)
    assert re.findall(rb"HTTP/1\.1 (\d+)", answer) in ([b"431"], [])
    assert not SEEN


SLOW = {
    "says nothing": [],
    "a head in drops": [b"G", b"E", b"T", b" ", b"/"] + [b"x"] * 40,
    "headers in drops": [b"GET / HTTP/1.1\r\n", *[b"X: y\r\n"] * 40],
    "a body in drops": [post(b"Content-Length: 1000"), *[b"x"] * 40],
    "chunks in drops": [post(CHUNKED), *[b"1\r\nx\r\n"] * 40],
    "no end of the chunks": [post(CHUNKED, body=b"1\r\nx\r\n")],
    "a second head in drops": [b"GET /a HTTP/1.1\r\n" + HEAD + b"\r\n", *[b"G", b"E", b"T", b" ", b"/"] * 8],
}


@pytest.mark.parametrize("what", SLOW)
async def test_who_dawdles_is_not_waited_for(port: int, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut when the time is over, however steadily the drops fall."""
    assert guarded.SECONDS <= 10
    monkeypatch.setattr(guarded, "SECONDS", 0.3)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.monotonic()
    heard = asyncio.create_task(rest_of(reader))
    with suppress(OSError):
        for drop in SLOW[what]:
            writer.write(drop)
            if (await asyncio.wait([heard], timeout=0.05))[0]:
                break
    answer = await heard
    writer.close()
    assert time.monotonic() - began < 3.5
    assert b" 200 " not in answer or what.startswith("a second")
