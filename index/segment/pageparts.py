"""The forms that parts of a page have wherever they stand in a text: cookies, sharing, comments.

Only patterns; ``furniture`` says how they are used. Each is anchored at the start of a paragraph
and bounded, and names what ordinary sentences do not begin with.
"""

import re

_NETWORK = (
    r"(?:facebook|twitter|x|linkedin|whatsapp|telegram|reddit|e-?mail|social media|instagram|"
    r"pinterest|bluesky|threads|messenger|flipboard|tumblr|youtube|tiktok)"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DAY = (
    r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|"
    rf"\d{{1,2}}\.? {_MONTH}|{_MONTH}\.? \d{{1,2}})"
)
_SHARING = (
    r"share(?: this)?(?: (?:article|story|post|page|video))?\W*$",
    rf"share (?:this )?(?:on|via|to) {_NETWORK}\b.{{0,60}}$",
    rf"(?:{_NETWORK}[\s,|/\u00b7-]*){{2,}}$",
    r"(?:copy|print|save|email) (?:link|this(?: (?:article|story|page))?|article)\W*$",
)
_ELSEWHERE = (
    r"(?:read|see) (?:more|also)\s?:",
    r"(?:also|related) (?:read|articles?|stories|news)\s?:",
    r"(?:watch|listen|see also|more on this)(?: (?:live|now|here|more))?\s?:",
    r"(?:continue|keep) reading\b.{0,40}$",
    r"\d{1,2}[- ]min(?:ute)?s? read\b.{0,20}$",
    r"(?:story|article) continues (?:below|after)\b",
    r"(?:most (?:read|popular|viewed)|related (?:articles|stories|topics|content))\W*$",
    r"recommended(?: for you)?\W*$",
    r"(?:click|tap) here (?:to|for) "
    r"(?:subscribe|sign|read|view|watch|download|join|more|the|our)\b",
    r"download (?:the|our) .{0,30}\bapp\b",
    r"skip to (?:main )?content",
)
_OFFERS = (
    r"(?:please )?(?:subscribe|sign up) (?:to|for) (?:our|the|a free|free|one of our)\b.{0,40}?"
    r"(?:newsletters?|channel|updates|alerts|briefing|podcast)",
    r"(?:get|receive) (?:our|the) (?:latest|daily|weekly|free|best)\b.{0,60}(?:inbox|newsletter)",
    r"advertisements?\s*(?:$|[-:.|\u2013\u2014])",
    r"sponsored (?:content|by)\b.{0,40}$",
    r"(?:sign|log) in\W*$",
)
_CONSENT = (
    r"(?:we|this (?:web)?site|our (?:web)?sites?|we and our (?:\d+ )?partners)(?: may)? "
    r"use[sd]? cookies",
    r"(?:accept|reject|manage|allow)(?: all)?(?: my| your)? (?:cookies?|privacy|preferences)\b",
    r"we value your privacy\b",
    r"(?:terms of (?:use|service)|(?:privacy|cookie) policy)\W*$",
    r"(?:\u00a9|\(c\)|copyright).{0,80}all rights reserved",
    r"all rights reserved\b.{0,120}$",
)
_COMMENTS = (
    r"comments? must (?:be|not|follow|comply|stay|respect|adhere)",
    r"comments? (?:are|will be) (?:moderated|reviewed|closed|deleted|removed|published after)",
    r"comments? that (?:are|contain|violate|include)\b.{0,80}\b"
    r"(?:removed|deleted|not be published)",
    r"(?:leave|post|write|add) a comment\b.{0,40}$",
    r"(?:no|\d{1,4}) comments?\W*$",
    r"(?:your e-?mail address will not be published|required fields are marked)",
)
_MAKING = (
    r"reporting by .{3,200}?;? ?(?:writing|editing) by ",
    r"our standards: the ",
    rf"(?:(?:first |last )?(?:published|updated|posted|modified)|last update)(?: on| at)?\s?:?\s+"
    rf"(?:[a-z]{{3,9}},? )?{_DAY}(?:[^.!?]|\.(?=[a-z])){{0,40}}$",
)
PAGE_PART = re.compile(
    "|".join((*_SHARING, *_ELSEWHERE, *_OFFERS, *_CONSENT, *_COMMENTS, *_MAKING)), re.IGNORECASE
)
