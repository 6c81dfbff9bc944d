"""Words that claim nothing: the only ones that may stand beside what is bound to evidence."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEUTRAL = _words(
    """
    the a an of at on in for to is are was were be been being with and or that this these it its
    they which there here from
    as then also while whereas but though although would will has have had having 's i e namely among across
    between     against versus compared case cases state states status verdict
    stands stand standing sits sitting lies lying reaches reach reached reaching shows show showing shown runs run
    running amounts amount comes come found find finds see seen reads read equals equal sees experiences experience
    counts count gives give leaves leave leaving comprises includes include contains covers cover covered counting
    reported report reports reporting note remember consider look simulation simulated simulations study studies
    computed     calculation calculated result results according says say stated describes
    described refer refers indicates indicate
    value values reading named called requires require defines define asks sets
    grid network system whole total overall altogether together entire model power energy electric electrical
    outage outages contingency contingencies screening action actions proposed
    about around roughly approximately what now currently moment time meanwhile moreover furthermore additionally
    besides likewise again please hello summary answer question asked you your our we valid local utc mentioned
    document documents digest library passage text clause title under quoted quote source
    become becomes becoming remain remains stay stays go goes change changes slightly occurs occurring occur
    which branch branches line lines bus buses node nodes transformer transformers generator generators
    unit units feeder
    external number relevant applicable applies apply where when serves serve supplies
    post-contingency this study analysis screened tested n i e states that appears appear arises total totals leads
    lead leading corresponding corresponds still served their other check
    followed
    """
)

# Imperatives that command a switching; allowed in a recommendation only.
COMMANDS = _words(
    """
    open close switch trip shed redispatch disconnect reconnect connect transfer tap reduce raise lower increase
    decrease curtail energise energize de-energise de-energize isolate earth restore start stop ramp move
    reconfigure operate reclose block unblock
    """
)

# Verbs of change, which the earlier value must bear out.
RISING = _words(
    "rises rise rising rose climbs climb climbing climbed increases increase increasing increased grows raises raise "
    "raising lifts lifting improves improve"
)
FALLING = _words(
    """
    falls fall falling fell drops drop dropping dropped sinks sink dips dip declines sags sag sagging lowers lowering
    reduces reduce reducing decreases decrease decreasing decreased cuts cut cutting lower
    """
)
