"""Examples that the API description shows."""

from typing import Any

DOCUMENT: dict[str, Any] = {
    "id": "harbour-bridge",
    "title": "The harbour bridge reopens",
    "source": "Harbour Gazette",
    "published_at": "2025-03-14",
    "url": "https://gazette.example/harbour-bridge",
    "text": "The harbour bridge reopened on 12 March 2025. The repairs took eleven months.",
}

ASK_EXAMPLES: dict[str, Any] = {
    "question": {
        "summary": "A question",
        "value": {"question": "When does the Syria phase end?"},
    },
    "follow-up": {
        "summary": "A follow-up",
        "value": {
            "question": "And how many partner states does it have?",
            "history": [
                {"role": "user", "content": "Who leads the coalition against ISIS?"},
                {"role": "assistant", "content": "The United States leads it."},
            ],
        },
    },
    "filtered": {
        "summary": "Only some sources",
        "value": {
            "question": "How long did the repairs take?",
            "filters": {"sources": ["Harbour Gazette"], "published_from": "2025-01-01"},
            "top_k": 8,
        },
    },
}

ANSWER_EVENTS = (
    "event: sources\n"
    'data: {"sources":[{"document_id":"harbour-bridge","title":"The harbour bridge reopens",…}]}\n'
    "\n"
    "event: sentence\n"
    'data: {"sentence":{"text":"The repairs took eleven months.","citations":[1],…},'
    '"citations":[{"marker":1,…}]}\n'
    "\n"
    "event: done\n"
    'data: {"id":"ans_…","status":"answered","short":{"text":"eleven months",…},…}\n'
)

CHAT_EXAMPLES: dict[str, Any] = {
    "question": {
        "summary": "A question",
        "value": {
            "model": "footnote",
            "messages": [{"role": "user", "content": "When does the Syria phase end?"}],
        },
    },
}

CHAT_CHUNKS = (
    'data: {"id":"chatcmpl-…","object":"chat.completion.chunk",…,"choices":[{"index":0,'
    '"delta":{"content":"The repairs took eleven months [1].","annotations":[…]},…}]}\n'
    "\n"
    'data: {…,"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"footnote":{…}}\n'
    "\n"
    "data: [DONE]\n"
)
