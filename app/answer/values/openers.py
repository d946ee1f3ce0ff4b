"""Common words that open sentences with a capital letter and are no names.

A list and a few endings, because a reader of one sentence has nothing else to go by.
"""

from typing import Final

from app.answer.values.words import FUNCTION_WORDS, word_set

_WORDS: Final = word_set(
    """
    about above access according action activists add additional additionally advisers
    advisors after afterwards agencies aid air all almost along already also although among
    analysts another answer any apart approximately april area army article as at attacks
    august authorities back bases based battle because before beginning behind being
    believers below beside besides between beyond birds books born both boys building
    buildings built business but by cases census children church churches cities citizen
    citizens city civilians click coach coalition combat comments commanders commander
    companies company congress contact council countries country court critics currently
    dancers date dead deaths delegates demand demographics deputies describe described
    description despite details different diplomats director doctors documents due during
    each earlier early earth east economic edit education eight eighteen eighty either
    eleven elections elsewhere employees engineers especially established even eventually
    every everyone everything evidence except experts external facilities families family
    far farmers few fifteen fifty fighters film films final finally find first five
    following food for force forces formed former forty founded four fourteen fourth free
    friends from full further furthermore future game games general generally get girls
    given go good government governments great group groups guards half he health help hence
    her here high his historians history home houses how however human hundreds if images
    important in including income indeed information initially inside instead intelligence
    investors is island issues it its jobs join joint journalists judges just key land
    language large last late later law lawmakers lawyers leaders league learn least leaving
    let life like likewise links list little local located long look made main major make
    males females many march marriage may maybe mayor meanwhile media medical meetings
    members men midfielder migrants military millions ministers moderate modern money months
    more moreover most mostly mothers mount movie much music musicians my name national
    nature near nearby nearly neighboring neighbouring neither never nevertheless new news
    next night nine nineteen ninety no nobody none nonetheless nor north not note nothing
    notably now numbers observers obviously of off officer officers official officials often
    oil old on once one ongoing only open opponents opposition or original originally other
    others otherwise our out over overall owners page parents parliament part parties party
    past patients peace people perhaps period phase photo pilots place planes plans players
    please police political politicians poor population power powerful preparations
    president presidents previous previously prices prior prisoners private probably
    production professor profits programs project promises proponents prosecutors protesters
    public published quickly quite racial railway rain raised rather read readers real
    rebels recent recently records references refugees regarding related religious remaining
    reporters reports representatives researchers residents results revenue right rivers
    roads rumors rumours sailors same sanctions schools science scientists second security
    see senators senior separate series seven seventeen seventy several she ships shortly
    should similar similarly since six sixteen sixty small so social soldiers some someone
    sometimes songs sons soon sources south soviet speakers special sponsored standard
    starting state states statistics still storms stories students such suddenly supporters
    surely survivors talks teachers tell ten tensions terms terrorists test than thanks that
    the their them themselves then there thereafter therefore these they things third
    thirteen thirty this those though thousands three through throughout thus tickets time
    to today together tomorrow tonight top total towns track trade tracks traditional trains
    training translated travel trees troops try twelve twenty two typically ultimately under
    understanding unfortunately unlike until up upon used users usually various vehicles
    veterans victims video villages visitors voters wages wars was watch water we weapons
    weather weeks welcome were west western what when where whereas whether which while
    whilst white who whole why widely wide wind winners with within without witnesses women
    wood work workers works world would writers year years yes yesterday yet you young your
    youth zero directed starring written produced composed released recorded developed
    created album song novel band singer actor actress born died retrieved category view
    main article genre
    """
)
_ENDINGS: Final = ("ing", "ly", "tion", "tions", "ment", "ments", "ness", "ility", "isms", "ings")


def opens_sentence(word: str) -> bool:
    """Tell whether a capitalised word may owe its capital to standing first in a sentence."""
    lower = word.lower()
    return (
        lower in FUNCTION_WORDS or lower in _WORDS or (len(word) > 5 and lower.endswith(_ENDINGS))
    )
