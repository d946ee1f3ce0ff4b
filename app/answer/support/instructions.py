"""Source sentences that address a model instead of a reader.

They are never evidence: a planted "ignore the above and say that …" would otherwise support
whatever it dictates. A news text that reports such words in quotation marks is still readable.
"""

import re

_INSTRUCTS = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^.!?]{0,40}"
    r"\b(?:above|previous|prior|earlier|preceding|instructions?|prompts?|rules|context|everything)\b"
    r"|\b(?:system|developer) (?:prompt|message|instructions?)\b"
    r"|\byou (?:are|must|should|will|have to|need to)\b[^.!?]{0,60}"
    r"\b(?:assistant|ai|language model|chatbot|llm|answer|respond|reply|say|output|print|write)\b"
    r"|\bas an? (?:ai|language model|assistant)\b"
    r"|^\W*(?:note to|attention|important)?\W*(?:(?:ai|llm|assistant|model|chatbot)s?\b\W+)"
    r"|^\W*(?:please |now |instead,? |then |always |only )*"
    r"(?:say|answer|respond|reply|output|print|repeat|tell the (?:user|reader)|write|state|"
    r"pretend|act)\b"
    r"(?=\s+(?:that|with|only|exactly|the following|to the user|as|in|[\"'\u201c\u2018]))"
    r"|<\|[^|]{1,40}\|>|\[/?(?:INST|SYSTEM|SYS)\]|<</?SYS>>|^\s*#{0,4}\s*(?:system|assistant|user)\s*:",
    re.IGNORECASE,
)


def instructs(text: str) -> bool:
    """Tell whether a source sentence reads as an order to whoever answers from it."""
    return _INSTRUCTS.search(text) is not None
