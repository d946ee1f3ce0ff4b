"""What belongs to a page is no evidence; ordinary sentences are, whatever they begin with."""

import pytest

from index.loaders import normalise
from index.segment import segment

BODY = "The ferry did not sail on Monday. It stayed in the harbour until the storm was over."
AFTER = "Passengers get their money back within ten days, the company said."


def _sentences(text: str) -> list[str]:
    text = normalise(text)
    passages = segment(text, count_tokens=lambda part: len(part.split()))
    return [text[s.start : s.end] for passage in passages for s in passage.sentences]


@pytest.mark.parametrize(
    "line",
    [
        "Read more: Harbour closes for the winter",
        "Related articles: The bridge reopens",
        "Subscribe to our newsletter for the latest news.",
        "Sign up for our free daily briefing and get the news first.",
        "Get the latest headlines delivered to your inbox.",
        "We use cookies to improve your experience. Read how in our policy.",
        "This website uses cookies.",
        "We and our 712 partners use cookies and other means to measure our audience.",
        "Accept all cookies",
        "We value your privacy",
        "Share on Facebook",
        "Share this article",
        "Share via WhatsApp or e-mail",
        "Facebook | Twitter | LinkedIn | WhatsApp",
        "- Facebook X Telegram",
        "All rights reserved. No part of this may be copied.",
        "© 2024 Fjord News. All rights reserved.",
        "Comments must be polite and on topic, and stay below 500 words.",
        "Comments are moderated before they appear.",
        "Leave a comment",
        "12 comments",
        "Your email address will not be published.",
        "Advertisement",
        "ADVERTISEMENT - story continues below",
        "Story continues below",
        "Continue reading",
        "5 min read",
        "Image: Ann Berg / Getty Images",
        "Photo by Ann Berg",
        "Photograph: Ann Berg/AP",
        "FILE - Boats wait in the harbour of Oslo, Sept. 3, 2024.",
        "FILE PHOTO: Boats wait in the harbour of Oslo",
        "Image source, Getty Images",
        "Boats wait in the harbour. (AP Photo/Ann Berg)",
        "Boats wait in the harbour of Oslo [File: Ann Berg/AFP]",
        "Boats in the harbour of Oslo on Monday. Ann Berg/Getty Images",
        "Boats in the harbour of Oslo on Monday | Ann Berg/AFP via Getty Images",
        "Reporting by Ann Berg in Oslo; Editing by Jo Lund and Kim Moe",
        "Our Standards: The Desk's Trust Principles.",
        "Last updated: 27 September 2024, 10:15",
        "Published on 2024-09-27",
        "Click here to subscribe to the channel",
        "Privacy policy",
        "By Ann Berg and Jo Lund",
    ],
)
def test_parts_of_the_page_are_no_evidence_wherever_they_stand(line: str) -> None:
    found = _sentences(f"# Storm over Oslo\n\n{BODY}\n\n{line}\n\n{AFTER}")
    assert found == [*_sentences(BODY), AFTER]


@pytest.mark.parametrize(
    "sentence",
    [
        "Comments by the minister caused a row on Tuesday.",
        "Comments that he made in 2023 were quoted again.",
        "Comments will be heard at a session in Oslo on Friday.",
        "By Monday it was over.",
        "By September the forces will have left the base.",
        "By using drones, the army found the boats within an hour.",
        "By continuing the talks, both sides hope to reach a deal.",
        "Share prices fell by 3 percent on Tuesday.",
        "Shares on the Oslo exchange rose.",
        "Subscribers to the plan pay 20 crowns a month.",
        "Advertisement revenue fell by a tenth in 2024.",
        "Advertisements for tobacco are banned in the country.",
        "Cookies are sold at the harbour every Sunday.",
        "Cookies baked in the town won a prize, and we use cookies as gifts.",
        "Images of the strike were published on Sunday by both sides.",
        "Photos of the boat show two holes below the water line.",
        "The mission ends in September 2026. (Reuters)",
        "The mission ends in September 2026, officials told AFP.",
        "He signed the deal in Oslo (a photo of it was published later).",
        "Published reports say that the mission ends in 2026.",
        "Updated figures show 2,500 troops in Iraq.",
        "Updated on 3 May, the plan now names two dates for the handover.",
        "Copyright law changes in 2026, the ministry said.",
        "Related companies must report by 3 October 2024.",
        "Watch officers saw the boat at 04:10 on Monday.",
        "Most read in the village is the local paper.",
        "Rights: all rights reserved for members were dropped in 2024.",
        "Listen to the people, the mayor said on Friday.",
        "Author rights were debated in the chamber on Monday.",
        "X and Facebook removed 30 accounts on Monday.",
        "No comments were made after the meeting in Oslo.",
        "Sign language is taught in 12 schools of the town.",
        "Read the report before you judge, he told the chamber.",
    ],
)
def test_ordinary_sentences_stay_evidence(sentence: str) -> None:
    found = _sentences(f"# Storm over Oslo\n\n{BODY}\n\n{sentence}\n\n{AFTER}\n\n{BODY}")
    assert sentence in " ".join(found)
    edge = _sentences(f"# Storm over Oslo\n\n{BODY}\n\n{AFTER}\n\n{sentence}")
    assert sentence in " ".join(edge)
