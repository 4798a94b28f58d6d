"""Random pages, what somebody has begun on them, and what becomes of the pages meanwhile."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from random import Random

SHEET = "sheet"
CHOICES = ("worse", "better", "triage", "mistake")


@dataclass(slots=True)
class Node:
    """An element of a page, or words."""

    tag: str = ""
    key: str = ""
    look: str = ""
    words: str = ""
    more: str = ""
    inside: list["Node"] = field(default_factory=list)

    def html(self) -> str:
        if not self.tag:
            return escape(self.words)
        named = {"input": f' id="{self.key}"', "textarea": f' id="{self.key}"', "dialog": f' id="{self.key}" data-keep'}
        name = named.get(self.tag, f' data-key="{self.key}"') if self.key else ""
        look = f' class="{self.look}"' if self.look else ""
        opened = f"<{self.tag}{name}{look}{self.more}>"
        return opened if self.tag == "input" else f"{opened}{''.join(one.html() for one in self.inside)}</{self.tag}>"

    def all(self) -> Iterator["Node"]:
        """This and everything inside."""
        yield self
        for one in self.inside:
            yield from one.all()


class Pages:
    """One page after another, from a seed."""

    def __init__(self, seed: int) -> None:
        self.chance, self.made = Random(seed), 0
        self.body = Node("body", inside=[self.thing(3) for _ in range(5)])
        self.body.inside.insert(self.chance.randrange(6), Node("dialog", SHEET))
        self.between()

    def key(self, letter: str) -> str:
        self.made += 1
        return f"{letter}{self.made}"

    def words(self) -> str:
        return self.chance.choice(("Amara", "Mei & I", "10:46", "<b>", "nobody waits"))

    def thing(self, depth: int) -> Node:
        """A part of a page, in which there may be others."""
        kind = self.chance.choice(("div", "section", "row", "p", "details", "field", "draft", "form"))
        inside = [self.thing(depth - 1) for _ in range(self.chance.randrange(4))] if depth else []
        look = self.chance.choice(("", "card", "card lit", "banner"))
        if kind == "row":
            return Node("section", self.key("r"), look, inside=inside, more=' tabindex="-1"')
        if kind == "details":
            summary = Node("summary", inside=[Node(words=self.words())])
            return Node("details", self.key("d"), "act", inside=[summary, *inside], more=' name="act"')
        if kind == "field":
            return Node("input", self.key("f"))
        if kind == "draft":
            return Node("textarea", self.key("t"), inside=[Node(words=self.words())])
        if kind == "form":
            return self.form()
        return Node("p", inside=[Node(words=self.words())]) if kind == "p" else Node(kind, "", look, inside=inside)

    def form(self) -> Node:
        """Choices, without a key of their own: each is what it stands for."""
        action = self.key("a")
        picks = [Node("input", more=f' type="radio" name="{action}" value="{one}"') for one in CHOICES]
        options = [Node("option", more=f' value="{one}"', inside=[Node(words=one)]) for one in CHOICES]
        inside = [*(Node("label", inside=[pick]) for pick in picks), Node("select", look="why", inside=options)]
        return Node("div", self.key("h"), inside=[Node("form", more=f' action="/{action}"', inside=inside)])

    def between(self) -> None:
        """The blanks that a template leaves: never twice the same."""
        for node in self.body.all():
            if node.tag and node.tag not in ("input", "textarea", "p", "summary", "option", "select"):
                kept = [one for one in node.inside if one.tag or one.words.strip()]
                node.inside = []
                for one in kept:
                    node.inside += [one] if self.chance.random() < 0.5 else [Node(words="\n"), one]

    def next(self) -> None:
        """Something comes, something goes, something moves, some words change."""
        for _ in range(self.chance.randint(1, 6)):
            places = [node for node in self.body.all() if node.tag in ("body", "div", "section") and self.free(node)]
            place = self.chance.choice(places)
            match self.chance.choice(("come", "go", "shuffle", "away", "words", "choices")):
                case "come":
                    place.inside.insert(self.chance.randint(0, len(place.inside)), self.thing(1))
                case "go":
                    place.inside = [one for one in place.inside if one.key == SHEET or self.chance.random() < 0.7]
                case "shuffle":
                    self.chance.shuffle(place.inside)
                case "away":
                    self.moves(place, self.chance.choice(places))
                case "words":
                    for node in place.all():
                        node.words = self.words() if node.words.strip() else node.words
                case _:
                    for node in place.all():
                        if node.tag in ("form", "select"):
                            self.chance.shuffle(node.inside)
        self.between()

    def free(self, node: Node) -> bool:
        return not any(one.tag == "form" for one in node.inside)

    def moves(self, here: Node, there: Node) -> None:
        """What has a key goes to another place."""
        for one in [one for one in here.inside if one.key and one.key != SHEET]:
            if not any(inner is there for inner in one.all()):
                here.inside.remove(one)
                there.inside.append(one)
                return
