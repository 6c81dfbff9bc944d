"""Words that claim nothing: the only ones that may stand beside what is bound to evidence.

Each class says why its words are harmless. A word that denies, counts, compares, praises, blames or excludes is in none
of them: "not", "most", "only", "fine", "because" stand only in phrases that evidence must out.
"""
# ruff: noqa: E501 - a phrase, or a class of words, broken in two cannot be read


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# They join the others and name nothing.
_FUNCTION = _words(
    """
    the a an of at on in for to with from by via per into onto upon and or that which who whose where when while whereas as
    but though although if once this these it its they their here there itself themselves such
    among across between through throughout against versus along i e 's 
    would will can could may might must checked-at lacking-tap-range both yet
    is are was were be been being has have had having do does did
    we our us you your ones
    """
)
# They place a statement in a text or in time, where the run has one time.
_DISCOURSE = _words(
    """
    now currently moment time today meanwhile moreover furthermore additionally besides likewise again please hello 
    finally secondly next summary answer question asked note overview regarding concerning about around
    roughly approximately what how follows following briefly short overall altogether together total totals whole entire
     hereby own particular turn part basis context view point order terms
    respect regards addition detail details example instance fact information reference
    """
)
# They say that somebody or something says, finds or shows what follows.
_REPORTING = _words(
    """
    shows show showing shown found find finds finding see seen sees reads read reported report reports reporting remember
    consider considered look looks says say said saying stated states state described describes describe refer refers
    indicates indicate indicating according results result calculation calculated computed computes compute simulation
    simulated simulations simulates simulate study studies studied analysis analyses screening screened tested test tests
    named called call calls define defines defined require requires required asks ask sets covers cover covered covering
    mentions mention mentioned lists list listed listing gives give given giving warns warn notes noted names
    observed observes observe yields yield determined determines reveals reveal revealed flags flagged flag
    tells tell explains explain explanation puts put     
    applies apply applicable relevant concerns deals deal treats treat addresses address valid
    """
)
# An element has the value that follows; the value itself is bound.
_HAVING = _words(
    """
    stands stand standing sits sitting lies lying lie reaches reach reached reaching runs run running ran amounts amount amounting
    comes come coming goes go going gone gets get equals equal equalling counts count counting includes include contains contain
    comprises comprise remains remain remaining stays stay staying becomes become becoming occurs occur occurring
    appears appear appearing arises arise arising leaves leave leaving leads lead leading takes take taking brings bring
    bringing moves move moving drives drive driving shifts shift swings swing changes change changing turns turning experiences experience
    operates operating operated makes make exhibits exhibit displays display attains attain
    corresponds corresponding correspond belongs belong served serves serve supplies situated located ends end
    starts start started hits hit settles sends send sees    
    """
)
# What the sentences are about.
_DOMAIN = _words(
    """
    grid network system model case cases scenario situation state states status verdict outcome condition conditions value values
    reading readings quantity figure figures number level levels power energy electric electrical flow flows
    outage outages contingency contingencies action actions measure measures proposal proposed step switching redispatch
    branch branches line lines bus buses busbar busbars node nodes transformer transformers trafo trafos generator generators
    unit units feeder feeders element elements equipment component components machine machines terminal terminals circuit
    side sides substation station area operator control room external infeed connection connections
    post-contingency n position step steps ranking ranked rank table tables row rows check checks 
        medium-voltage low-voltage high-voltage local utc
        setpoint set-point nameplate magnitude
    document documents digest library passage text clause clauses title under quoted quote quotes source sources article articles
    section requirement edition standard standards regulation rule rules provision provisions guidance criterion criteria
    categories category choice countermeasures handling topic subject matter practice
    """
)
NEUTRAL = _FUNCTION | _DISCOURSE | _REPORTING | _HAVING | _DOMAIN

# Imperatives that command a switching; allowed in a recommendation only.
COMMANDS = _words(
    """
    open close switch trip shed redispatch disconnect reconnect connect transfer tap reduce raise lower increase
    decrease curtail energise energize de-energise de-energize isolate earth restore stop ramp
    reconfigure operate reclose block unblock
    """
)

# Verbs of change, which the earlier value must bear out.
RISING = _words(
    "rises rise rising rose risen climbs climb climbing climbed increases increase increasing increased grows grow growing grew "
    "raises raise raising raised lifts lift lifting lifted improves improve improving improved pushes push pushing up jumps "
    "jump jumping upward upwards"
)
FALLING = _words(
    """
    falls fall falling fell fallen drops drop dropping dropped sinks sink sinking sank dips dip dipping declines decline sags sag
    sagging lowers lowering lowered reduces reduce reducing reduced decreases decrease decreasing decreased cuts cut cutting lower
    shrinks shrink pulls pull pulling drags drag down downward downwards
    """
)
