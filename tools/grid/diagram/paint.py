"""Style sheet of the pictures: neutral when normal, saturated only when abnormal, never by colour alone.

Colours stand in the sheet itself, not in variables, since the PDF renderer reads neither variables nor media
queries inside an SVG: it shows the light colours, which are also those of paper.
"""

_LIGHT = {
    "ground": "#ffffff",
    "wire": "#7b858f",
    "node": "#56606a",
    "text": "#39424b",
    "faint": "#858e97",
    "strong": "#1c2329",
    "alarm": "#c4161c",
    "shade": "#dfe3e8",
    "step0": "#a50f15",
    "step1": "#c8501e",
    "step2": "#8a6100",
    "step3": "#5b4a9c",
}
_DARK = {
    "ground": "#1b1f24",
    "wire": "#7f8993",
    "node": "#a3adb7",
    "text": "#c3cad1",
    "faint": "#727c86",
    "strong": "#f1f4f6",
    "alarm": "#ff6b61",
    "shade": "#343c45",
    "step0": "#ff8f87",
    "step1": "#f0a860",
    "step2": "#e0d070",
    "step3": "#b9a8f0",
}

_RULES = """
.gcd-ground{{fill:{ground}}}
.gcd-wire{{stroke:{wire};stroke-width:1.5;fill:none}}
.gcd-ehv{{stroke-width:2.6}}
.gcd-winding{{stroke:{wire};stroke-width:1.5;fill:{ground}}}
.gcd-node{{fill:{node};stroke:{ground};stroke-width:1}}
.gcd-focus{{fill:none;stroke:{strong};stroke-width:1.5}}
.gcd-id{{fill:{text};font-size:12px;font-weight:600}}
.gcd-branch-id{{fill:{text};font-size:10px}}
.gcd-value{{fill:{text};font-size:10px}}
.gcd-key{{fill:{text};font-size:11px}}
.gcd-dead{{stroke:{faint};stroke-dasharray:3 3;fill:{ground}}}
.gcd-wire-dead{{stroke:{faint};stroke-dasharray:3 4;stroke-width:1.5;fill:none}}
.gcd-wire-open{{stroke:{faint};stroke-dasharray:8 5;stroke-width:1.5;fill:none}}
.gcd-wire-out{{stroke:{strong};stroke-dasharray:8 5;stroke-width:1.5;fill:none}}
.gcd-shade{{fill:{shade}}}
.gcd-shade-way{{stroke:{shade};stroke-width:48;stroke-linecap:round;stroke-linejoin:round;fill:none}}
.gcd-trip{{stroke-width:3;stroke-dasharray:10 4;fill:none}}
.gcd-badge{{fill:{ground};stroke-width:2.5}}
.gcd-step-begin{{stroke:{strong}}}
.gcd-number{{fill:{strong};font-size:11px;font-weight:700}}
.gcd-step0{{stroke:{step0}}}
.gcd-step1{{stroke:{step1}}}
.gcd-step2{{stroke:{step2}}}
.gcd-step3{{stroke:{step3}}}
.gcd-scale{{stroke:{text};stroke-width:1.5;fill:none}}
.gcd-north{{fill:{text}}}
.gcd-cross{{stroke:{strong};stroke-width:2;fill:none}}
.gcd-wire-over{{stroke:{alarm};stroke-width:4;fill:none}}
.gcd-winding-over{{stroke:{alarm};stroke-width:2.5;fill:{ground}}}
.gcd-alarm{{fill:{alarm};stroke:{ground};stroke-width:1}}
.gcd .sld-busbar-section line{{stroke:{strong};stroke-width:4}}
.gcd .sld-wire polyline{{stroke:{wire};stroke-width:1.5;fill:none}}
.gcd .sld-bus-connection circle{{fill:{node}}}
.gcd .sld-hidden-node{{visibility:hidden}}
.gcd .sld-load,.gcd .sld-generator,.gcd .sld-capacitor,.gcd .sld-inductor{{stroke:{wire};stroke-width:1.5;fill:none}}
.gcd .sld-winding,.gcd .sld-two-wt,.gcd .sld-three-wt{{stroke:{wire};stroke-width:1.5;fill:none}}
.gcd .gcd-arrow polygon{{fill:{node}}}
.gcd-alarm-text{{fill:{alarm};font-weight:700;font-size:11px}}
"""


def style_sheet() -> str:
    """The sheet for every picture; class names start with ``gcd`` so that a page's own rules stay apart."""
    light = _RULES.format(**_LIGHT)
    halo = ".gcd text{{paint-order:stroke;stroke:{ground};stroke-width:3px;stroke-linejoin:round}}"
    return (
        ".gcd text{font-family:'Liberation Sans',Arial,Helvetica,sans-serif}"
        + light
        + "@media screen{"
        + halo.format(**_LIGHT)
        + "}@media screen and (prefers-color-scheme:dark){"
        + _RULES.format(**_DARK)
        + halo.format(**_DARK)
        + "}"
    ).replace("\n", "")
