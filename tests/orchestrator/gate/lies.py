"""Sentences that are false of the evidence, or that claim what it does not say, and some that must stand."""

LIES = """
Line 9 is loaded to 112.8 %.
Line 9 is loaded to 111.8 MW.
Line 9 is loaded to -111.8 %.
Line 28 is loaded to 111.8 %.
Line 9 is not loaded to 111.8 %.
Line 9 is loaded to 111.8 % with line 5 out.
Line 9 is loaded to more than 111.8 %.
Line 9 is loaded to at least 111.8 %.
Line 9 is loaded to nearly 111.8 %.
Line 9 is loaded to 1.118e2 %.
Line 9 is loaded to 1,118 %.
Line 9 is loaded to 111,8 %.
Line 9 is loaded to 1.111,8 %.
Line 9 is loaded to 1 111.8 %.
Line 9 is loaded to 11 1.8 %.
Line 9 is loaded to 11**1.8 %.
Line 9 is loaded to 1<b>1</b>1.8 %.
Line 9 is loaded to 11\u200b1.8 %.
Line 9 is loaded to ١١١.٨ %.
Line 9 is loaded to １１１.８ %.
Line 9 is loaded to 111⁸ %.
Line 9 is loaded to 1½ %.
Line 9 is loaded to Ⅻ %.
Line 9 is loaded to twelve percent.
Line 9 is loaded to a dozen percent.
Line 9 is loaded to one hundred and twelve percent.
Line 9 is loaded to half its rating.
Line 9 is loaded to 110-112 %.
Line 9 is loaded between 110 % and 112 %.
Line 9 is loaded to 111.8 % or so, and rising.
Line 9 is loaded to 559/5 %.
Line 9 is 11.8 % above its limit.
Line 9 exceeds its limit by 11.8 %.
Loading rises by 0.3 % with line 5 out.
Losses increase by 0.42 MW after the action.
Losses are 17 % higher with line 5 out.
The sum of load and losses is 191.64 MW.
Line 9 and line 28 are loaded to 111.8 %.
Lines 9 and 28 are overloaded.
Line 28 is overloaded.
Line 9 is within limits.
Line 9 is fine.
Line 9 is safe at 111.8 %.
Line 9 is healthy.
Line 9 is stable.
Line 9 is normal.
The grid is secure.
The grid is N-1 secure.
The grid is safe.
The grid is in good shape.
The grid is holding up well.
The grid is not insecure.
Everything is rosy.
Everything is fine.
All clear.
Nothing to worry about.
No problem here.
No violation was found.
There are no violations.
There are no overloads.
The base case is without violations.
Voltages are within limits.
All voltages are within limits.
The outage of line 5 is secure.
The outage of line 33 is harmless.
The outage of line 33 is insecure.
Line 5 is not affected.
Line 9 is overloaded because line 5 is out.
The overload is caused by line 5.
The overload is due to line 5.
The action is verified.
The action is safe to carry out.
The verdict is verified.
The verdict is confirmed.
The verdict is not rejected.
Open line 5.
You should open line 5.
Close line 5 and shed load.
Please trip line 9 now.
Ten outages are insecure.
38 lines are insecure.
38 buses are without supply.
None of the outages is insecure.
A third of the outages are insecure.
Most outages are secure.
Every outage is secure.
The first outage is the worst.
38 of 40 outages are insecure.
The lowest voltage is 0.961 pu at bus:1.
The highest voltage is 0.961 pu at bus:7.
The lowest voltage is 0.961 kV at bus:7.
Bus:7 rises to 0.951 pu with line 5 out.
Bus:7 falls to 0.961 pu.
Line 9 drops to 112.1 % with line 5 out.
Before the action line 9 is loaded to 112.1 %.
After opening line 6 line 9 is loaded to 112.1 %.
After closing line 5 line 9 is loaded to 112.1 %.
Line 999 is loaded to 111.8 %.
Line IX is loaded to 111.8 %.
Line 9 is l0aded to 111.8 %.
Lіne 9 is loaded to 111.8 %.
You asked about 60 MW.
Your 51 MW is noted.
You said that line 9 carries 50 MW.
The load was 189.2 MW at 13:37 UTC.
At 2026-07-02 12:00 UTC the load was 189.2 MW.
Clause 4.2.3 of EN 50160 "Supply voltage variations, low voltage".
EN 50160, Clause 4.2.2, says "From 1 kV to 36 kV the supply voltage stays near the declared voltage."
EN 50160, Clause 5.2.2, says "The supply voltage stays within 20 percent of nominal at all times."
EN 50160 says that "the grid is secure".
EN 50161, Clause 4.2.2, Supply voltage variations, low voltage.
Line 28 is loaded to [[e1/highest_loading/loading_percent]].
With line 5 out, line 9 is loaded to [[e1/highest_loading/loading_percent]].
Line 9 is not loaded to [[e1/highest_loading/loading_percent]].
The voltage is [[e1/highest_loading/loading_percent]] at [[e1/highest_loading/element]].
The grid has [[e3/insecure_outages]] secure outages.
The base case is not [[e2/status]].
Line 9 is loaded to [[e1/nothing]].
Line 9 is loaded to [[e99/highest_loading/loading_percent]].
Line 9 is loaded to [[e1/highest_loading]].
Line 9 is loaded to [[e1/highest_loading/loading_percent]]0.
Line 9 equals line 28.
Sleep well.
No branch is overloaded in the base case.
There are no overloads in the base case.
There are no violations with line 5 out.
With line 5 out there is no overload.
No load is unserved after the loss of line 33.
No outages are insecure.
No outage adds overloads.
All 38 outages are insecure.
All 41 outages are insecure.
All 10 outages add overloads.
All 40 buses were checked.
Line 28 is overloaded at 95.4 % in the base case.
Line 28, loaded to 95.4 %, exceeds its limit of 100 %.
Line 9 is at 111.8 %, within its limit of 100 %.
Line 9 is loaded to 111.8 %, below its limit of 100 %.
Bus 7 is at 0.961 pu, below its lower limit of 0.95 pu.
Bus 7 is at 0.961 pu, below its limit of 0.95 pu.
The slack supplies 26.0 MW, exceeding its limit of 80 MW.
Line 9 is within its limits in the base case.
Line 28 is within its limits with line 5 out.
Line 9 is not overloaded.
Bus 7 is undervolted.
Bus 7 is below its voltage limit.
Losing line 5 causes an overload of line 9.
Line 9 is overloaded because the ratings are placeholders.
Opening line 5 is rejected because 0 load is unserved.
Opening line 5 is verified because it creates 1 new violation.
Opening line 5 creates 0 new violations.
Opening line 5 clears 1 violation.
Losses decrease from 2.44 MW to 2.86 MW if line 5 trips.
If line 5 trips, the losses rise from 2.86 MW to 2.44 MW.
Losses drop to 2.86 MW with line 5 out.
The voltage at bus 7 rises to 0.951 pu with line 5 out.
Before the action there are 2 violations; after the action there is 1 violation.
Losses are 2.86 MW before it and 2.44 MW after it.
The lowest N-1 voltage is 0.961 pu at bus 7.
The highest N-1 loading is 111.8 % on line 9.
The highest loading is 95.4 % on line 28.
The most heavily loaded branch is line 28 at 95.4 %.
Line 28 is the most heavily loaded line at 95.4 %.
The highest voltage is 0.961 pu and the lowest is 1.000 pu.
Reactive power limits were enforced.
38 lines are overloaded.
38 branches violate limits.
3 lines split the grid.
The grid has 41 buses and 30 lines.
41 transformers were checked.
The loss of line 33 interrupts 3.5 MW of generation.
Losing line 15 leaves 3.5 MW of load unserved.
The loss of line 33 leaves 3.5 MW of generation lost.
The overload of line 28 is critical in the base case.
The loadings are not meaningful.
Loadings were not checked because the ratings are placeholders.
Line 9 carries 0.2 kA at 95.4 %.
Line 9 is loaded to 111.8 % and line 28 to 111.8 %.
Line 28 is loaded to 111.8 % and line 9 to 95.4 %.
Line 9 is at 112.1 % and, with line 5 out, at 111.8 %.
Line 9 is loaded to 112.1 %, with line 5 out to 111.8 %.
With line 5 out, line 9 is at 111.8 %.
Losses are -2.44 MW.
Unserved load is -0.0 MW.
Losses are 2.44 kW.
The load is 189.2 Mvar.
The load is 1,892 MW.
The load is 189,200 MW.
The action is rejected because the action deepens a violation and line 9 is secure.
The grid is secure because the action deepens a violation.
An outage becomes worse than without the action: line 9.
Line 9 is overloaded while line 28 is overloaded.
Line 28 and line 9 are overloaded.
Line 9, like line 28, is overloaded.
The system remains secure.
Voltages remain within limits.
All voltages remain within their limits.
The system stays within limits after any outage.
Line 9 stays within its limits at 111.8 %.
The external grid stays within limits.
The grid is stable and 0 MW is unserved.
Line 9 becomes overloaded if line 5 trips.
Line 9 is now at 111.8 % and increases.
Increase the generation of the slack.
Reduce losses to 2.44 MW.
Closing line 5 raises losses to 2.86 MW.
Opening line 6 raises losses from 2.44 MW to 2.86 MW.
Opening line 5 lowers losses from 2.44 MW to 2.86 MW.
Lіne 9 is overloaded at 111.8 %.
Line 9 is оverloaded at 111.8 %.
Line 9 is at 111\u200b.8 %.
Line <b>28</b> is at 111.8 %.
Line 28 is ~~not~~ overloaded.
Losses are `2.44` GW.
Line 9 and line 28 are at 95.4 % and 111.8 % respectively.
Ten outages add overloads and eleven are secure.
38 of 41 outages are secure.
38 out of 40 outages are insecure.
Out of 41 outages, 38 are secure.
3 outages are insecure and 38 islanding.
The number of insecure outages is 41.
40 of 40 outages are insecure after the action.
The number of violations falls from 2 to 1 after the action.
""".strip().splitlines()

TRUTHS = """
Line 9 and line 28 are loaded to 111.8 % and 95.4 %, respectively.
Line 9 and line 28 are at 111.8 % and 95.4 % respectively.
Line 9 is loaded to 111.8 %.
In the base case, line 9 runs at 111.8 percent of its rating and carries 153 A.
Line 9 carries 24.8 MW at a loading of 111.8 %.
Losses are 2.44 MW in the base case and 2.86 MW with line 5 out.
The grid's losses amount to 2.444 MW, or 1.3 % of the generation.
The loading of line 9 rises from 111.8 % in the base case to 112.1 % with line 5 out.
Opening line 5 raises the loading of line 9 from 111.8 % to 112.1 %.
After opening line 5 the losses are 2.86 MW, compared with 2.44 MW before.
Of the 41 outages, 38 are insecure and 3 are islanding.
Thirty-eight outages are insecure.
38 of 41 outages are insecure.
The loss of line 33 leaves 3.5 MW of load without supply.
The outage of line 33 is islanding.
The grid is not N-1 secure.
Line 9 is overloaded at 111.8 %.
The slack delivers 26.0 MW and -1.0 Mvar.
Total load: 189.2 MW; total generation: 191.64 MW; losses: 2.44 MW.
As of 2026-07-01 12:00 UTC, the load is 189.2 MW.
You asked about 50 MW.
The highest loading is [[e1/highest_loading/loading_percent]] on [[e1/highest_loading/element]].
With line 5 out, [[e4/highest_loading/element]] is loaded to [[e4/highest_loading/loading_percent]].
The status of the base case is [[e2/status]].
There are [[e3/insecure_outages]] insecure outages.
EN 50160, Clause 5.2.2, says "From 1 kV to 36 kV the supply voltage stays near the declared voltage."
""".strip().splitlines()
