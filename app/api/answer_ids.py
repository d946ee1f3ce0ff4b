"""Ids of answers that show that this service gave them, so that only those can be rated.

Answers are not kept. An id carries a signature instead, made with a secret of the catalog.
"""

import hashlib
import hmac
import re

from app.answer.model import Answer

SIGNER = "answers"
"""Of the secret that signs, in the catalog."""
_DIGITS = 16
_ID = re.compile(rf"(ans_[0-9a-f]{{1,24}})([0-9a-f]{{{_DIGITS}}})")


class AnswerIds:
    """Signs the ids of answers, and knows them again. ``key`` signs."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def signed(self, answer: Answer) -> Answer:
        """Return an answer with its id signed."""
        return answer.model_copy(update={"id": answer.id + self._signature(answer.id)})

    def knows(self, answer_id: str) -> bool:
        """Tell whether an id is one that was signed here."""
        found = _ID.fullmatch(answer_id)
        return found is not None and hmac.compare_digest(self._signature(found[1]), found[2])

    def _signature(self, answer_id: str) -> str:
        digest = hmac.digest(self._key, answer_id.encode(), hashlib.sha256)
        return digest.hex()[:_DIGITS]
