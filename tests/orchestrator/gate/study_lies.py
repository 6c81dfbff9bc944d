"""Sentences that are false of a study: each attacks a form that a true sentence about it may have."""

LIES_OF: dict[str, list[str]] = {
    "case30": """
Line 28 is the only violation in the base case.
Line 9 is loaded to 112.1 % after the loss of line 5 and to 153 A in the base case.
The loading of line 9 is 112.1 % with line 5 out, against 153 A in the base case.
Before the action, the load amounts to 189.2 MW.
Loadings are [[e3/secure]].
Loadings are [[e7/solvable]].
The system is [[e3/reactive_limits_enforced]].
The highest loading is [[e1/highest_loading/loading_percent]] on [[e1/solver]].
See [[e8/hits/0/document]], [[e8/hits/1/clause]]: [[e8/hits/0/title]].
There are [[e7/tables/0/count]] of [[e7/tables/1/count]] branches.
Bus 7 is at [[e1/lowest_voltage/vm_pu]], over its lower limit of [[e1/lowest_voltage/limit_max_pu]].
The only overload is on line 28.
The only violation in the base case is an undervoltage.
With line 5 out, the only violation is the overload of line 9.
The only limit violation is the overload of line 28, which is loaded to 95.4 %.
The worst outage is line 39: line 9 reaches 138.7 %.
The outage of line 39 is the most severe.
The worst outage for supply is line 15.
The worst outage is line 9, followed by line 33.
The largest loss of load is 3.5 MW, caused by the outage of line 15.
The most heavily loaded branches are line 9 (111.8 %), line 29 (65.4 %) and line 28 (95.4 %) and line 5.
The most heavily loaded branches are line 9 (111.8 %) and line 29 (65.4 %).
The two most loaded branches are line 9 (111.8 %), line 28 (95.4 %) and line 29 (65.4 %).
Line 9 and line 28 are loaded to 95.4 % and 111.8 %, respectively.
Line 28 and line 9 are at 111.8 % and 95.4 %.
Losses are 2.44 MW and 2.86 MW with line 5 out and in the base case, respectively.
Losses are 2.86 MW and 2.44 MW before and after the action.
Lines 28 and 9 are loaded to 111.8 % and 95.4 %.
Lines 9 and 28 are both overloaded.
Line 28 is at 95.4 % and line 9 at 111.8 %; both are overloaded.
Line 28 is at 95.4 % and line 9 at 111.8 %, and they are overloaded.
Line 9 is a bridge.
Line 33 is a bridge: its loss leaves 3.6 MW unserved.
Line 33 is a bridge: its loss leaves 37 MW of generation lost.
Nobody is without supply with line 33 out.
No customer loses supply if line 33 trips.
Nobody loses supply when line 33 trips: 3.5 MW is unserved.
All load is served with line 33 out.
The load is fully supplied with line 33 out.
If line 15 trips, 37 MW of load is lost.
If line 15 trips, 37 MW of load is served and 1 bus is dead.
If line 33 trips, 3.5 MW of generation is lost.
The loss of line 33 cuts off 3.5 MW of generation.
The slack absorbs 26.0 MW.
The external grid supplies 1.00 Mvar.
The slack absorbs 1.00 Mvar with line 5 out.
The slack absorbs -1.00 Mvar.
The slack absorbs reactive power: it is at 26.0 MW.
38 outages are insecure, including line 33.
3 outages are islanding, among them line 9.
Ten outages add overloads, for example line 33.
Opening line 5 makes 40 outages worse, including bus 7.
One branch is overloaded, line 28.
There is 1 overload in the base case, on line 28.
Every outage is insecure.
Each outage splits the grid.
All of the 38 outages are insecure.
None of the 41 outages is insecure.
Not a single outage is insecure.
None of the 40 outages is secure.
Opening line 5 does not create any violation.
Opening line 5 creates a new overload on line 9.
After opening line 5, line 9 is overloaded at 112.1 %, which is a new violation.
Line 9 is newly overloaded with line 5 out.
Opening line 5 brings no new violations.
The losses hardly change with line 5 out: 2.86 MW compared with 2.44 MW.
After opening line 5 the slack delivers 26.4 MW instead of 26.4 MW.
Line 9 carries 153 A of 153 A.
Line 9 is at 111.8 % against 95 %.
Line 9 and line 28 are above their limit of 100 %.
With line 5 out, line 9 is at 112.1 % and line 29 at 65.4 %, all above 100 %.
Bus 7 is above the 1.06 pu limit.
Bus 7 is below the 0.95 pu limit at 0.961 pu.
The lowest voltage is 0.961 pu at bus 7, well below its lower limit of 0.95 pu.
Voltages range from 1.000 pu to 0.961 pu.
Voltages range from 0.961 pu at bus 1 to 1.000 pu at bus 7.
Line 9 is overloaded so line 28 is at 95.4 %.
Line 28 is at 95.4 % and thus overloaded.
Line 9 is at 111.8 % because line 28 is at 95.4 %.
38 of 41 lines are insecure.
The screening covered all 40 branches.
The screening covered 30 branches.
Voltages were checked at 41 buses.
41 buses were checked.
30 branches were left out.
The grid loses 3.5 MW.
The feeder loses 189.2 MW.
Line 5 connects bus 1 and bus 2.
Closing line 5 raises the losses from 2.44 MW before to 2.86 MW after the action.
Opening line 5 lowers the losses from 2.44 MW before to 2.86 MW after the action.
Opening line 5 raises the losses from 2.86 MW before to 2.44 MW after the action.
Losses are 2.44 MW both in the base case and with line 5 out.
The losses are 2.86 MW now and 2.44 MW with line 5 out.
With line 5 out the losses go down to 2.86 MW.
Losses are up from 2.86 MW.
The power flow needed 4 iterations.
Line 28 reaches its limit.
The grid meets its limits.
The grid is in good condition.
Line 28 is the only line at 95.4 %.
Only line 28 is overloaded.
Only line 9 is loaded to 111.8 %.
Loadings were not checked for 41 branches.
Article 34 of Commission Regulation (EU) 2017/1485 deals with contingency handling and the N-1 criterion.
Article 35 of Commission Regulation (EU) 2017/1485 deals with the voltage criterion.
""".strip().splitlines(),
    "case39": """
Line 14 connects bus 8 and bus 7.
Line 14 runs from bus 38 to bus 30.
Line 13 connects bus 8 and bus 38.
The slack needs 646 MW but may only deliver 677.9 MW.
Generator 6 delivers -1.37 Mvar, above its limit of 0 Mvar.
Two units violate their limits, gen:6 and gen:3.
The outage of line 21 disconnects 680 MW of generation and 1140 MW of load.
The outage of line 21 disconnects 11 buses, 680 MW of load and 1140 MW of generation.
If line 21 trips, bus 8 is without supply.
11 outages lose load.
The status of the base case is [[e6/defects/2/kind]].
The largest loss of supply is 680 MW with line 21 out, followed by [[e3/bridges/1/case]].
The check reports [[e2/status]] on [[e6/defects/2/count]] of [[e6/defects/2/checked]]: [[e6/defects/2/explanation]]
The verdict is [[e6/defects/2/explanation]].
[[e6/defects/2/count]] of [[e6/defects/2/count]] transformers have no tap range.
[[e6/defects/2/checked]] transformers are listed as [[e6/defects/2/kind]].
[[e6/defects/1/count]] of [[e6/defects/1/checked]] units are listed as [[e6/defects/2/kind]].
Generator 6 delivers -1.37 Mvar against [[e1/load_q_mvar]].
Two units violate their reactive limits in the base case.
The verdict is [[e6/tables/1/kind]].
The losses hardly change with line 14 out: 43.88 MW compared with 43.88 MW.
12 of the 12 transformers have no tap range.
11 of the 46 transformers have no tap range.
The tap range is missing on 12 transformers.
Opening line 14 leads to a new violation on gen:6.
Opening line 14 would bring gen:3 to 167.5 Mvar, within its limit of 167 Mvar.
After the action 35 of 45 outages are insecure.
""".strip().splitlines(),
    "case33bw": """
With line 14 out, bus 14 and bus 15 are without supply.
With line 14 out, bus 16 and bus 18 lose supply.
31 outages split the feeder.
Every outage is secure.
32 branches are out of service.
The grid has 32 branches.
Closing line 32 raises the lowest voltage from 0.913 pu at bus 17 to 0.931 pu at bus 17.
After closing line 32 the lowest voltage is 0.931 pu at bus 32 instead of 0.913 pu at bus 32.
Opening line 32 lowers the losses to 0.158 MW.
Closing line 32 clears 1 violation.
The ratings are fine, so loadings mean nothing.
All 32 ratings are placeholders.
No violation was found in the base case.
""".strip().splitlines(),
    "case118": """
The largest loss of supply is caused by trafo:12, with 184 MW, followed by line 121 with 21 MW.
The largest loss of supply is caused by line 164, with 68 MW.
Six units are outside their reactive limits in the base case, for example gen:1.
In the base case 6 generators exceed their active power limits.
Six units are outside their active limits in the base case.
Generator 44 is at 75.4 Mvar against a limit of -15 Mvar.
5 outages lead to a loss of load, the largest being 68 MW for line 164.
Five outages lose load; the worst is line 164 with 68 MW.
187 branches were left out because the rating is missing or a placeholder.
""".strip().splitlines(),
}
