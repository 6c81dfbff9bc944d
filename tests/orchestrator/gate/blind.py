"""True sentences written after the grammar was widened, measured once before any change: the blind figure."""
# ruff: noqa: E501 - one sentence stands on one line

BLIND: dict[str, list[str]] = {
    "case30": """
Line 9 is at 111.8 % of its thermal rating.
Line 9 is overloaded: its loading is 111.8 %.
The overload on line 9 amounts to 111.8 % of its rating.
In the intact grid, line 9 is loaded to 111.8 % and bus 7 has the lowest voltage at 0.961 pu.
With line 5 out of service, line 9 is loaded to 112.1 % and the lowest voltage is 0.951 pu at bus 7.
Following the loss of line 5, losses are 2.86 MW.
The outage of line 33 causes 3.5 MW of unserved load.
38 outages violate limits, 3 cause islanding.
The grid is insecure, since 38 of 41 outages violate limits.
The action is rejected; losses would rise from 2.44 MW to 2.86 MW.
Opening line 5 increases the loading of line 28 from 95.4 % to 101.1 %.
After the switching, line 28 is at 101.1 %, above its limit of 100 %.
The slack bus delivers 25.97 MW.
System load is 189.2 MW and system losses are 2.44 MW.
The base case has [[e3/base_violations]] violation.
Currently, [[e1/highest_loading/element]] is loaded to [[e1/highest_loading/loading_percent]], above its limit of [[e1/highest_loading/limit_percent]].
With line 5 out, the losses increase to [[e4/loss_p_mw]].
The N-1 check covers [[e3/coverage/checked]] outages.
Article 35 of Commission Regulation (EU) 2017/1485 covers "Contingency handling and the N-1 criterion".
There are 11 outages that add voltage violations.
""".strip().splitlines(),
    "case39": """
Bus 35 is overvolted at 1.064 pu.
The overvoltage at bus 35 is 1.064 pu.
There are no overloads in the base case.
Transformer 2 carries 1160 A, which is 77.0 % of its rating.
The loss of line 26 overloads line 28 to 157.5 %.
The outage of line 21 is islanding and leaves 680 MW unserved.
35 outages are insecure and 11 are islanding; none diverged.
The slack exceeds its active power limit: it delivers 677.9 MW against a limit of 646 MW.
Losses are 43.64 MW before the action and 43.88 MW after it.
The action was rejected.
""".strip().splitlines(),
    "case118": """
Voltage at bus 12 is 0.902 pu with line 14 out, which violates its lower limit of 0.94 pu.
If line 14 is lost, bus 12 drops to 0.902 pu.
The outage of line 14 pulls bus 12 down to 0.902 pu.
The loss of trafo:12 leaves 184 MW unserved and 1 bus dead.
135 of 186 outages are secure.
Branch loadings were not assessed because the ratings are placeholders.
9 outages split the grid and 5 lose load.
EN 50160, Clause 5.2.2: "From 1 kV to 36 kV the supply voltage stays within plus or minus 10 percent of the declared voltage".
The lowest voltage in the base case is 0.943 pu at bus 75, and with line 14 out it is 0.902 pu at bus 12.
The slack produces 514.2 MW in the base case and 515.8 MW with line 14 out.
""".strip().splitlines(),
}
