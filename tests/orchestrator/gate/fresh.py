"""True sentences as an ordinary language model puts them, from the list of facts that it is shown, by grid."""
# ruff: noqa: E501 - one sentence stands on one line

from tests.orchestrator.gate.blind import BLIND

CASE30 = """
Line 9 is overloaded at 111.8 % of its rating in the base case.
The grid is not N-1 secure: 38 of 41 outages break a limit.
Total losses are 2.44 MW, 1.3 % of generation.
In the base case, the only limit violation is the overload of line 9, which is loaded to 111.8%.
No load is unserved in the base case, and there are 0 dead buses.
The base case shows 1 overload, 0 undervoltages and 0 overvoltages.
Line 9 carries 153 A against a rating of 136.9 A.
The lowest voltage in the base case is 0.961 pu (129.7 kV) at bus 7.
The lowest bus voltage is 0.961 pu at bus:7, which is above its lower limit of 0.95 pu.
Bus 7 has the lowest voltage with [[e1/lowest_voltage/vm_pu]].
The highest loading is [[e1/highest_loading/loading_percent]] on [[e1/highest_loading/element]], which exceeds its limit of [[e1/highest_loading/limit_percent]].
[[e2/violations/0/element]] is [[e2/violations/0/kind]] at [[e2/violations/0/loading_percent]].
With line 5 out, line 9 is loaded to 112.1 % and line 28 to 101.1 %.
With line 5 out of service, line 28 becomes overloaded at 101.1 %.
If line 5 trips, the losses rise from 2.44 MW to 2.86 MW.
After the loss of line 5, the lowest voltage drops to 0.951 pu at bus 7.
Without line 5, the voltage at bus 7 falls from 0.961 pu to 0.951 pu.
The outage of line 9 is the most severe: it overloads line 39 to 153.4 % and drops the voltage at bus 7 to 0.864 pu.
If line 9 trips, line 39 is loaded to 153.4 % of its rating.
The loss of line 33 leaves 3.5 MW of load unserved and 1 bus dead.
Losing line 33 interrupts 3.5 MW of load.
10 outages add overloads and 11 outages add voltage violations.
Of 41 simulated outages, 38 are insecure, 3 are islanding and 0 diverged.
All 41 outages were simulated and 0 of them diverged.
41 outages were screened: 0 secure, 38 insecure and 3 islanding.
The N-1 screening checked 41 outages, of which 38 are insecure and 3 split the grid.
The system is [[e3/secure]], with [[e3/insecure_outages]] of [[e3/outages]] outages violating limits.
The grid is [[e3/secure]] under N-1: [[e3/outages_adding_overloads]] outages add overloads.
Reactive power limits were not enforced.
Generator reactive limits are not enforced in this study.
Opening line 5 is rejected because it creates 1 new violation.
Opening line 5 creates 1 new violation and clears 0 violations.
The proposed switching of line 5 is rejected.
The verdict on opening line 5 is rejected: an overload of line 28 appears at 101.1 %.
After opening line 5, line 28 is overloaded at 101.1 %, which is a new violation.
Opening line 5 raises the losses from 2.44 MW to 2.86 MW.
Before the action there is 1 violation; after the action there are 2 violations.
After the action, 37 of 40 outages are insecure, and 40 outages become worse.
Losses increase from 2.44 MW before the action to 2.86 MW after it.
The slack supplies 26.0 MW, well within its limit of 80 MW.
The external grid supplies 25.97 MW and absorbs 1.00 Mvar.
Total generation is 191.6 MW against a load of 189.2 MW.
The load of 189.2 MW is fully supplied: 0 MW is unserved.
Line 28 is at 95.4 % and line 29 at 65.4 % of their ratings.
The most heavily loaded branches are line 9 (111.8 %), line 28 (95.4 %) and line 29 (65.4 %).
Line 28 is loaded to 95.4 % in the base case but becomes overloaded at 101.1 % when line 5 is out.
The worst outage is line 9: line 39 reaches 153.4 %.
Under the outage of line 39, line 9 is loaded to 138.7 %.
The worst N-1 voltage is 0.864 pu at bus 7 with line 9 out.
The highest N-1 loading is 153.4 % on line 39 after the loss of line 9.
The largest loss of load is 3.5 MW, caused by the outage of line 33.
The model is solvable, and loadings and voltages are meaningful.
All 30 buses and 41 branches were checked.
The grid has 30 buses, 41 lines, 20 loads and 5 generators.
Commission Regulation (EU) 2017/1485, Article 35, "Contingency handling and the N-1 criterion", is relevant here.
According to Article 35 of Commission Regulation (EU) 2017/1485, "After simulating each contingency the operator assesses whether the system stays within limits in the N-1 situation."
NERC TPL-001, Requirement R5, states: "The standard itself prescribes no per-unit band".
See [[e8/hits/0/document]], [[e8/hits/0/clause]]: [[e8/hits/0/title]].
Line 9 exceeds its rating in the base case (111.8 %).
The overload on line 9 (111.8 %) is critical.
With line 5 out there are 2 overloads and 0 undervoltages.
The losses with line 5 out are 2.864 MW, i.e. 1.5 % of generation.
""".strip().splitlines()

CASE39 = """
The base case violates limits: bus 35 is at 1.064 pu, above its limit of 1.06 pu.
Bus 35 has an overvoltage of 1.064 pu (366.9 kV).
The slack delivers 677.9 MW, exceeding its limit of 646 MW.
The external grid ext_grid:0 is above its active power limit at 677.87 MW versus a limit of 646 MW.
Generator 6 violates its reactive power limit: it produces -1.37 Mvar against a limit of 0 Mvar.
gen:6 runs at -1.37 Mvar, below its limit of 0 Mvar.
No branch is overloaded in the base case; the highest loading is 77.0 % on transformer 2.
There are 0 overloads, 1 overvoltage and 2 unit violations in the base case.
Transformer 2 is the most loaded branch at 77.0 %.
trafo:2 is loaded to 77.0 % (1160 A of 1506 A).
The grid serves 6254 MW of load with losses of 43.6 MW (0.7 %).
Total load is 6,254 MW.
Generation totals 6297.87 MW, load totals 6254.23 MW and losses total 43.64 MW.
35 of the 46 outages are insecure and 11 cause islanding.
Not a single outage is secure: 35 are insecure and 11 split the grid.
3 outages lose load, 12 outages add overloads and 5 outages add voltage violations.
The outage of line 21 is the worst for supply: it leaves 680 MW of load unserved and disconnects 1140 MW of generation.
The loss of line 21 causes islanding, with 680 MW of load unserved and 1140 MW of generation lost.
If line 21 trips, 4 buses go dead and 680 MW of load is lost.
Losing trafo:5 would leave 680.0 MW unserved and overload line 21 to 100.9 %.
Tripping of trafo:10 loses 830 MW of generation but no load.
If line 26 is lost, line 28 is overloaded at 157.5 %.
The highest post-contingency loading is 157.5 % on line 28, following the loss of line 26.
The lowest post-contingency voltage is 0.937 pu at bus 14 with line 19 out.
The highest voltage under any outage is 1.080 pu at bus 23, when line 23 is out.
With line 14 out, losses are 43.88 MW.
With line 14 out, the maximum loading is 77.3 % on trafo 2.
The loading of transformer 2 rises slightly from 77.0 % to 77.3 % when line 14 is out.
Opening line 14 was rejected, since it adds 1 new violation.
Opening line 14 increases losses from 43.64 MW to 43.88 MW and the number of violations from 3 to 4.
After opening line 14, 31 of 45 outages are insecure and 14 are islanding.
Before the action 35 outages are insecure; after it, 31 are.
20 outages would be worse after the action.
Line 14 connects bus 8 and bus 38 and is in service.
Line 14 has a resistance of 1.19 ohm and a reactance of 29.76 ohm.
Line 14 has a rating of 1506 A (900 MVA).
The slack beyond its limit is a defect of the model.
The tap range is missing on 11 transformers.
The lowest voltage is [[e1/lowest_voltage/vm_pu]] at [[e1/lowest_voltage/element]] and the highest is [[e1/highest_voltage/vm_pu]] at [[e1/highest_voltage/element]].
In the base case, [[e2/violations/0/element]] shows an [[e2/violations/0/kind]] ([[e2/violations/0/vm_pu]], limit [[e2/violations/0/limit_pu]]).
The verdict is [[e5/verdict]].
The proposed action is [[e5/verdict]] because [[e5/reasons/0]].
Losses go from [[e5/before/loss_p_mw]] before the action to [[e5/after/loss_p_mw]] after it.
The worst outage is [[e3/largest_loss/element]], which leaves [[e3/largest_loss/unserved_p_mw]] unserved and loses [[e3/largest_loss/lost_generation_p_mw]] of generation.
[[e3/insecure_outages]] outages are insecure and [[e3/islanding_outages]] are islanding.
The base case has [[e2/overloads]] overloads and [[e2/overvoltages]] overvoltages.
""".strip().splitlines()

CASE118 = """
Losing trafo:12 leaves 184 MW of load unserved.
With line 14 out, bus 12 drops to 0.902 pu.
The voltage at bus 12 falls to 0.902 pu (124.5 kV) if line 14 trips.
Loadings were not checked because the ratings are placeholders.
Branch loadings were not checked since the ratings are placeholders.
The loading results are not meaningful, as the ratings are placeholders.
Loadings are not meaningful in this model.
With line 14 out, the voltage at bus:12 is 0.902 pu, below its limit of 0.94 pu.
Bus 12 is undervolted at 0.902 pu when line 14 is out.
Losing line 14 causes an undervoltage at bus 12 (0.902 pu, limit 0.94 pu).
The lowest voltage with line 14 out is 0.902 pu at bus:12.
The lowest N-1 voltage is 0.902 pu at bus 12, which occurs with line 14 out.
Out of 186 outages, 135 are secure, 42 are insecure and 9 are islanding.
The grid is not secure: 42 of 186 outages violate limits and 9 split off part of the grid.
5 outages lead to a loss of load, the largest being 184 MW for trafo:12.
The largest loss of load is 184 MW, after the outage of transformer 12.
The loss of line 164 would interrupt 68 MW of load.
Line 121 out leaves 21 MW unserved, line 170 out 20 MW.
If trafo:12 trips, 1 bus is without supply and 184 MW of load is lost.
The base case has 6 unit violations but no voltage violations.
In the base case 6 generators exceed their reactive power limits.
Generator 44 produces 75.4 Mvar, above its limit of 40 Mvar.
gen:44 is at 75.42 Mvar against a limit of 40 Mvar.
Losses are 133.2 MW in the base case and 134.8 MW with line 14 out.
Losses rise to 134.8 MW with line 14 out, compared with 133.2 MW in the base case.
Total losses are 133.17 MW (3.0 % of the generation).
The load is 4242 MW, generation is 4375.2 MW and losses are 133.2 MW.
With line 14 out there is 1 undervoltage and there are 7 unit violations.
There are 0 undervoltages and 0 overvoltages in the base case.
No supply is lost: 0 MW unserved and 0 dead buses.
Opening line 14 is rejected: the lowest voltage falls from 0.943 pu to 0.902 pu.
Opening line 14 drops the voltage at bus 12 to 0.902 pu and adds 2 new violations.
After opening line 14 the number of violations rises from 6 to 8.
The slack provides 514.2 MW and absorbs 64.9 Mvar.
The slack's output is 514.17 MW, within its limit of 805.2 MW.
186 branches were left out because the rating is missing or a placeholder.
All 118 buses were checked, but 0 branches were checked.
According to EN 50160, Clause 4.2.2 "Supply voltage variations, low voltage", voltages up to the medium level are covered.
EN 50160 Clause 5.2.2 (Supply voltage variations, medium voltage) says "From 1 kV to 36 kV the supply voltage stays within plus or minus 10 percent of the declared voltage".
EN 50160, Clause 6, says: "A band for such voltages must come from the operator or the contract."
The lowest voltage is [[e1/lowest_voltage/vm_pu]] at [[e1/lowest_voltage/element]].
With line 14 out, the voltage at [[e4/lowest_voltage/element]] drops to [[e4/lowest_voltage/vm_pu]] ([[e4/lowest_voltage/vm_kv]]).
[[e3/bridges/0/element]] is a bridge: its loss leaves [[e3/bridges/0/unserved_p_mw]] of load unserved.
The status of the base case is [[e2/status]], with [[e2/unit_violations]] unit violations.
Loadings are [[e3/loading_meaningful]].
The screening covers [[e3/outages]] outages: [[e3/secure_outages]] are secure, [[e3/insecure_outages]] insecure and [[e3/islanding_outages]] islanding.
Line 14 runs from bus 10 to bus 12.
The rating of line 14 is a placeholder.
""".strip().splitlines()

CASE33BW = """
The lowest voltage is 0.913 pu at bus 17.
The feeder loses 0.203 MW, or 5.2 % of generation.
Losses amount to 202.7 kW.
The feeder supplies 3.715 MW of load with 0.203 MW of losses.
Every one of the 32 outages causes islanding and loses load.
All 32 outages are islanding.
32 outages lose load.
The outage of line 0 leaves 3.715 MW unserved and 32 buses dead.
The loss of line 1 interrupts 3.255 MW.
Line loadings could not be checked because all ratings are placeholders.
Voltages were checked at 33 buses; branch loadings were not checked.
The grid was only partly checked.
With line 14 out, 3 buses lose supply and 0.21 MW of load is unserved.
If line 14 trips, bus 15, bus 16 and bus 17 are without supply.
With line 14 out, the lowest voltage is 0.921 pu (11.7 kV) at bus 32.
With line 14 out, the load served is 3.505 MW and losses are 0.170 MW.
Closing line 32 reduces losses from 0.203 MW to 0.158 MW.
Closing line 32 raises the lowest voltage from 0.913 pu to 0.931 pu.
Closing line 32 cuts losses to 158.2 kW, but the action is rejected.
The action is rejected because an outage becomes worse than without the action.
After closing line 32, the lowest voltage is 0.931 pu at bus 32.
After closing line 32, 4 outages become worse.
Closing line 32 clears 0 violations and adds 0 new violations.
Closing line 32 is [[e5/verdict]]: [[e5/reasons/0]].
Losses fall from [[e5/before/loss_p_mw]] to [[e5/after/loss_p_mw]] after closing line 32.
The lowest voltage improves from [[e5/before/lowest_voltage/vm_pu]] to [[e5/after/lowest_voltage/vm_pu]].
""".strip().splitlines()

FRESH: dict[str, list[str]] = {"case30": CASE30, "case39": CASE39, "case118": CASE118, "case33bw": CASE33BW}

# True as well, but beyond the grammar: what a passage covers, what counts as a defect, two claims on one count.
BEYOND = frozenset(
    """
The slack beyond its limit is a defect of the model.
According to EN 50160, Clause 4.2.2 "Supply voltage variations, low voltage", voltages up to the medium level are covered.
Every one of the 32 outages causes islanding and loses load.
""".strip().splitlines()
)
TUNED: dict[str, list[str]] = {
    grid: [sentence for sentence in [*FRESH[grid], *BLIND.get(grid, [])] if sentence not in BEYOND] for grid in FRESH
}
