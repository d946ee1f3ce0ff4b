"""A judge for tests: it answers ragas's prompts by rules, over the loopback server.

It recognises what is asked by the schema in the prompt and reads the input at the prompt's end. A
statement is a sentence; it is backed when the context has all of its words, unless a script says
otherwise. ``spoil`` turns a right reply into whatever a bad judge would say.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from tests.loopback_model import Reply, Text

Spoil: TypeAlias = Callable[[str, dict[str, Any], dict[str, Any]], "str | Reply"]
"""Gets the schema's title, the input and the right reply; returns the text, or a whole reply."""

_SENTENCE = re.compile(r"\S(?:[^.!?]|[.!?](?=\S))*[.!?]?")
_TITLE = re.compile(r'"title": "(\w+(?:Output))"')


class ScriptedJudge:
    """Makes the reply to one request; give it to ``LoopbackModel`` as its only reply.

    Args:
        statements: what a text is broken into, by the text; by default its sentences.
        verdicts: whether a statement is backed, by the statement.
        spoil: changes each reply.
    """

    def __init__(
        self,
        *,
        statements: Mapping[str, Sequence[str]] | None = None,
        verdicts: Mapping[str, int] | None = None,
        spoil: Spoil | None = None,
    ) -> None:
        self.asked: list[str] = []
        self._statements = statements or {}
        self._verdicts = verdicts or {}
        self._spoil = spoil

    def __call__(self, body: dict[str, Any]) -> Reply:
        """Return the reply to a request's body."""
        prompt = body["messages"][0]["content"]
        title = _TITLE.findall(prompt)[-1]
        self.asked.append(title)
        inputs, _ = json.JSONDecoder().raw_decode(prompt.rpartition("\ninput: ")[2])
        right = self._right(title, inputs)
        if self._spoil is None:
            return Text(json.dumps(right))
        reply = self._spoil(title, inputs, right)
        return Text(reply) if isinstance(reply, str) else reply

    def _right(self, title: str, inputs: dict[str, Any]) -> dict[str, Any]:
        if title == "StatementGeneratorOutput":
            return {"statements": self._broken(inputs["answer"])}
        if title == "ClaimDecompositionOutput":
            return {"claims": self._broken(inputs["response"])}
        if title == "NLIStatementOutput":
            judged = [self._judged(each, inputs["context"]) for each in inputs["statements"]]
            return {"statements": judged}
        if title == "ContextRecallOutput":
            judged = [self._judged(e, inputs["context"]) for e in self._broken(inputs["answer"])]
            return {"classifications": [{**e, "attributed": e.pop("verdict")} for e in judged]}
        if title == "ContextPrecisionOutput":
            judged = [self._judged(e, inputs["context"]) for e in self._broken(inputs["answer"])]
            return {"reason": "by rule", "verdict": max(each["verdict"] for each in judged)}
        assert title == "AnswerRelevanceOutput", title
        return {"question": f"What about {inputs['response']}", "noncommittal": 0}

    def _broken(self, text: str) -> list[str]:
        return list(self._statements.get(text) or _SENTENCE.findall(text))

    def _judged(self, statement: str, context: str) -> dict[str, Any]:
        backed = set(_words(statement)) <= set(_words(context))
        verdict = self._verdicts.get(statement, int(backed))
        return {"statement": statement, "reason": "by rule", "verdict": verdict}


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
