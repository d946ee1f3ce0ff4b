"""The words that sentence splitting must know: abbreviations, and what opens a sentence.

English first, with what Latin scripts share. Only words; the rules are in ``sentences``.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ALWAYS = _words(
    """
    Mr Mrs Ms Mx Messrs Mme Mlle Dr Drs Prof Gen Lt Col Sgt Capt Cmdr Cdr Cpl Pvt Pfc Spc Adm Maj
    Brig Sen Rep Reps Sens Gov Govs Pres Rev Hon Fr Supt Insp Det Amb Atty Ald Mt Ft Ph.D
    e.g i.e E.g I.e cf Cf eg ie
    """
)
"""Abbreviations that never end a sentence."""

DOUBTFUL = _words(
    """
    St Ste Ave Blvd Rd Sq Jr Sr Inc Corp Co Cos Ltd Plc Bros Dept Univ Assn Est approx esp etc lit
    vs viz al Nr Bd Hwy Rte Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu
    Thur Thurs Fri Sat Sun Ariz Calif Colo Conn Fla Ill Ind Kan Mass Md Mich Minn Mo Mont Neb Nev
    Okla Ore Pa Tenn Tex Va Vt Wash Wis Wyo
    """
)
"""Abbreviations that end a sentence only where a word follows that opens sentences."""

BEFORE_NUMBERS = _words(
    """
    No Nos Art Arts Fig Figs Vol Vols Ch Chap Sec Sect Para Paras Eq Op Ex Ps Pt Tab no nos art fig
    figs vol vols ch chap sec sect para paras eq lines ll vv v p pp c ca b d r fl n nn
    """
)
"""Words that are abbreviations only where a number follows."""

STARTERS = _words(
    """
    The A An In On At He She It They We I You This That These Those But And Or However Its His Her
    Their Our My When While After Before As For From To With If There Here So Yet Some Many Most
    All Both Another Such Since During Until By Although Though Despite Meanwhile Also Then Now Not
    One According Earlier Later Last What Who Where Why How Which Under Over Because Only Once Nor
    Each Every Several Other Others Officials
    """
)
"""Words that, with a capital, show that a new sentence begins."""
