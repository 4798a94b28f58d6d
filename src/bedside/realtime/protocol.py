"""One client's conversation, without I/O: what was heard goes in, what to do about it comes out.

    opened ──hello──► joining ──judged, joined──► replaying ──replayed──► live
       └────────────────────────────── any of them ──► closed

Resume is (era, n). The socket first becomes a member of its topics at the hub's head h, and only then asks
for what was announced since ≤ n ≤ h: what happens meanwhile waits, so nothing falls between. It comes in pieces, in
order; a line that breaks between two goes on there. If it cannot be had: `resumed: false` and a resync.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import Any
from uuid import UUID

from bedside.kernel.refusal import NotFound, Refused, Unavailable
from bedside.realtime import limits, wire
from bedside.realtime.acting import Acting, what_follows
from bedside.realtime.effects import (
    Effect,
    Join,
    Judge,
    Part,
    Present,
    Purge,
    Replay,
    Seat,
    Send,
    Shut,
    Standing,
)
from bedside.realtime.interfaces import Cursor, Ended, Explain, Heard, Json, Principal
from bedside.realtime.packet import Packet
from bedside.realtime.past import Piece
from bedside.realtime.refusals import NotServed, SlowDown, TooManyTopics
from bedside.realtime.resume import replay
from bedside.realtime.wire import BadFrame, Close, frame

MOST_WAITING = 5000

_CLOSE_FOR = {
    Ended.SESSION: Close.SESSION_ENDED,
    Ended.IDLE: Close.IDLE,
    Ended.REPLACED: Close.SESSION_REPLACED,
    Ended.ACCOUNT: Close.ACCOUNT_DISABLED,
    Ended.ORGANIZATION: Close.ORGANIZATION_CLOSED,
}


class State(Enum):
    OPENED = auto()
    JOINING = auto()
    REPLAYING = auto()
    LIVE = auto()
    CLOSED = auto()


class Conversation:
    """What one socket knows: who speaks, what they may hear, and how far they have heard."""

    def __init__(self, conn: UUID, who: Principal, *, ticks: float, explain: Explain) -> None:
        self.conn = conn
        self.who = who
        self.device = ""
        self.state = State.OPENED
        self.topics: dict[str, Heard] = {}
        self._explain = explain
        self._since: wire.Since | None = None
        self._answers: dict[str, str] = {}  # what the hello is told of each topic it asked for
        self._waiting: list[Packet] = []
        self._welcomed = False
        self._acting = Acting()
        self._opened = self._heard_at = self._beat_at = ticks
        self._present_at = float("-inf")
        self._signals, self._frames = limits.signals(), limits.frames()

    # What the client says ────────────────────────────────────────────────────

    def heard(self, text: str, ticks: float) -> list[Effect]:
        """One text frame came."""
        if self.state is State.CLOSED:
            return []
        if not self._frames.take(ticks):
            return self.shut(Close.RATE)
        self._heard_at = ticks
        try:
            parsed = wire.parse(text)
            return [] if parsed is None else self._answer(parsed, ticks)
        except BadFrame as wrong:
            return self.shut(wrong.code)

    def _answer(self, parsed: wire.Parsed, ticks: float) -> list[Effect]:
        said = parsed.said
        if isinstance(said, wire.Hello):
            return self._hello(said, ticks)
        if isinstance(said, wire.Beat):
            return self._present(ticks)
        if self.state is State.OPENED:
            raise BadFrame(Close.BAD_FRAME, "hello comes first")
        if isinstance(said, wire.Sub):
            return [Judge((said.topic,), said.r)]
        if isinstance(said, wire.Unsub):
            known = self.topics.pop(said.topic, None) is not None
            re = Send(frame("re", r=said.r, topic=said.topic))
            return [Part(said.topic), Purge(said.topic), re] if known else [re]
        if isinstance(said, wire.Do):
            return [*self._present(ticks), *self._do(said, parsed.body, ticks)]
        no = NotServed() if self._signals.take(ticks) else SlowDown()
        return [Send(frame("re", r=said.r, problem=self._problem(no)))]

    def _hello(self, said: wire.Hello, ticks: float) -> list[Effect]:
        if self.state is not State.OPENED:
            raise BadFrame(Close.BAD_FRAME, "hello comes once")
        self.device, self._since = said.device, said.since
        self.state = State.JOINING
        return [*self._present(ticks), Judge(tuple(dict.fromkeys(said.topics)))]

    def _do(self, said: wire.Do, body: dict[str, Any], ticks: float) -> list[Effect]:
        try:
            by = {"conn": str(self.conn), "device": self.device}
            return self._acting.begin(said, body, by, ticks)
        except Refused as no:
            return self._refused(said.id, no)

    def _present(self, ticks: float) -> list[Effect]:
        """Presence lapses after 120 s; telling it every 20 is plenty."""
        if self.state is State.OPENED or ticks - self._present_at >= 20:
            self._present_at = ticks
            return [Present()]
        return []

    # What the authority and the hub answer ───────────────────────────────────

    def judged(self, verdicts: Mapping[str, Heard], r: int | None) -> list[Effect]:
        """The authority spoke about the topics of a `Judge`."""
        if self.state is State.CLOSED:
            return []
        granted = {heard.canonical: heard for heard in verdicts.values() if heard.ok}
        if r is None:
            self._answers = {
                asked: ("ok" if heard.canonical == asked else heard.canonical) if heard.ok else "not-found"
                for asked, heard in verdicts.items()
            }
        elif not granted:
            return [Send(frame("re", r=r, problem=self._problem(NotFound())))]
        elif len(self.topics | granted) > wire.TOPICS_PER_SOCKET:
            return [Send(frame("re", r=r, problem=self._problem(TooManyTopics())))]
        self.topics |= granted
        return [Join(tuple(granted), r)]

    def joined(self, at: Cursor, r: int | None, topics: Sequence[str]) -> list[Effect]:
        """Now a member; everything after `at` will come by itself."""
        if self.state is State.CLOSED:
            return []
        if r is not None:
            if topics[0] in self._answers:  # a welcome that is still to come must not take this back
                self._answers[topics[0]] = "ok"
            return [Send(frame("re", r=r, topic=topics[0], n=at.n))]
        if self._since is None or self._since.era != at.era:
            return self._anew(at)
        self.state = State.REPLAYING
        self._at = at
        return [Replay(self._since.n, at.n)]

    def replayed(self, piece: Piece | None) -> list[Effect]:
        """What was announced, a piece of it, the last one up to the head; None if it cannot be had whole."""
        if self.state is not State.REPLAYING or self._since is None:
            return []
        if piece is None:
            return self._anew(self._at)
        since, last = self._since.n, piece.upto >= self._at.n
        lines = [topic for topic in self.topics if last and topic.startswith("line.")]
        told = replay(piece.packets, since=since, upto=piece.upto, lines=lines, may_have=self._may_have)
        self._since = wire.Since(self._since.era, max(since, piece.upto))
        return [*self._welcome(self._at, resumed=True), *told, *(self._go_live() if last else ())]

    def _anew(self, at: Cursor) -> list[Effect]:
        """From here on; what was before, the client fetches as it stands."""
        effects = self._welcome(at, resumed=False)
        if self._since is not None:
            effects.append(Send(frame("resync", era=at.era, n=at.n, topics=list(self.topics))))
        return [*effects, *self._go_live()]

    def _welcome(self, at: Cursor, *, resumed: bool) -> list[Effect]:
        """Said once, before the first piece of the past."""
        if self._welcomed:
            return []
        self._welcomed = True
        now: Json = {"conn": self.conn, "era": at.era, "n": at.n, "resumed": resumed}
        return [Send(frame("welcome", **now, topics=self._answers, beat=wire.BEAT_SECONDS))]

    def _go_live(self) -> list[Effect]:
        waiting, self._waiting = self._waiting, []
        self.state = State.LIVE
        return [effect for packet in waiting for effect in self.news(packet)]

    def news(self, packet: Packet) -> list[Effect]:
        """The hub published on one of our topics."""
        if self.state in (State.JOINING, State.REPLAYING):
            self._waiting.append(packet)
            return self.shut(Close.SLOW) if len(self._waiting) > MOST_WAITING else []
        return [Send(packet.text, packet.topic)] if self.state is State.LIVE and self._may_have(packet) else []

    def _may_have(self, packet: Packet) -> bool:
        heard = self.topics.get(packet.topic)
        if heard is None or (packet.content and not heard.content):
            return False
        return packet.to is None or self.who.account in packet.to

    def resync(self, at: Cursor) -> list[Effect]:
        """The stream broke (a gap, a new era): the client fetches everything anew."""
        if self.state is State.REPLAYING:
            self._waiting = []
            return self._anew(at)
        if self.state is not State.LIVE:
            return []
        return [Send(frame("resync", era=at.era, n=at.n, topics=list(self.topics)))]

    def aside(self, topic: str, text: str) -> list[Effect]:
        """Something without a number (who is here, who is typing): for whoever is live, lost to the rest."""
        heard = self.topics.get(topic)
        return [Send(text, topic)] if self.state is State.LIVE and heard and heard.content else []

    def done(self, id: UUID, answer: Json) -> list[Effect]:
        """It is committed."""
        op, body = self._acting.end(id)
        return [Send(frame("done", **{**answer, "id": id})), *what_follows(op, body, self.who, self.topics)]

    def refused(self, id: UUID, why: Exception) -> list[Effect]:
        """It will not be done. An outage is no refusal: the client keeps the act and comes back with it."""
        self._acting.end(id)
        return self._refused(id, why)

    def _refused(self, id: UUID, why: Exception) -> list[Effect]:
        # A bug or an outage is `unavailable`: the client keeps the act and asks again with the same id.
        problem = self._explain(why) or self._problem(Unavailable())
        return [Send(frame("refused", id=id, problem=problem))]

    # What time and revocation bring ──────────────────────────────────────────

    def tick(self, ticks: float, now: Any, head: int) -> list[Effect]:
        """A second passed. `head` is the number up to which the hub has published."""
        if self.state is State.CLOSED:
            return []
        if ticks - self._heard_at > wire.SILENCE_SECONDS:
            return self.shut(Close.QUIET)
        if self.state is State.OPENED and ticks - self._opened > wire.HELLO_SECONDS:
            return self.shut(Close.QUIET)
        effects: list[Effect] = []
        if self.state is State.LIVE and ticks - self._beat_at >= wire.BEAT_SECONDS:
            self._beat_at = ticks
            effects.append(Send(frame("beat", n=head)))
        if now >= min(self.who.idle_until, self.who.ends_at):
            effects.append(Standing())
        return effects

    def stands(self, standing: Principal | Ended, now: Any) -> list[Effect]:
        """What the session is now. A limit that did not move ends it."""
        if isinstance(standing, Ended):
            return self.shut(_CLOSE_FOR[standing])
        self.who = standing
        if now >= standing.ends_at:
            return self.shut(Close.SESSION_ENDED)
        return self.shut(Close.IDLE) if now >= standing.idle_until else []

    def rejudged(self, topic: str, heard: Heard) -> list[Effect]:
        """An epoch moved and the topic was judged anew. If the right is gone, this is the barrier."""
        if topic not in self.topics:
            return []
        had = self.topics[topic]
        if heard.ok:
            self.topics[topic] = heard
            return [] if heard.content == had.content else [Seat(topic, heard.content)]
        del self.topics[topic]
        self._waiting = [packet for packet in self._waiting if packet.topic != topic]
        asked = [name for name, verdict in self._answers.items() if topic in (name, verdict)]
        if asked and not self._welcomed:  # the welcome is still to come, and says it
            self._answers |= dict.fromkeys(asked, "not-found")
            return [Part(topic), Purge(topic)]
        gone = Send(frame("gone", topic=topic, problem=self._problem(NotFound())))
        effects: list[Effect] = [Part(topic), Purge(topic), gone]
        return effects if self.topics else [*effects, *self.shut(Close.ACCESS_WITHDRAWN)]

    def bye(self, after_ms: int) -> list[Effect]:
        """The house is about to restart; come back in so many milliseconds."""
        if self.state is State.CLOSED:
            return []
        return [Send(frame("bye", code=int(Close.RESTART), after=after_ms)), *self.shut(Close.RESTART)]

    def shut(self, code: Close) -> list[Effect]:
        """End here. Said once."""
        if self.state is State.CLOSED:
            return []
        self.state = State.CLOSED
        return [Shut(code)]

    def _problem(self, why: Refused) -> Json:
        return self._explain(why) or {"type": why.slug}
