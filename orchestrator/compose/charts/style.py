"""Style sheet of the charts: light on paper, light or dark on a screen; never by colour alone."""

_LIGHT = {
    "ground": "#ffffff",
    "line": "#1c2329",
    "other": "#5b6670",
    "band": "#d5dbe1",
    "text": "#39424b",
    "alarm": "#c4161c",
    "level0": "#f1f3f5",
    "level1": "#dde2e7",
    "level2": "#bfc8d0",
    "level3": "#f7cfcc",
    "level4": "#ee9a95",
}
_DARK = {
    "ground": "#1b1f24",
    "line": "#f1f4f6",
    "other": "#a3adb7",
    "band": "#39434d",
    "text": "#c3cad1",
    "alarm": "#ff6b61",
    "level0": "#20262c",
    "level1": "#2d363f",
    "level2": "#414d58",
    "level3": "#63292b",
    "level4": "#933536",
}
_RULES = """
.gcc-ground{{fill:{ground}}}
.gcc-floor{{stroke:{other};stroke-width:1}}
.gcc-line{{stroke:{line};stroke-width:1.8;fill:none}}
.gcc-dashed{{stroke:{other};stroke-width:1.5;stroke-dasharray:6 4;fill:none}}
.gcc-faint{{stroke:{other};stroke-width:1;fill:none}}
.gcc-band{{fill:{band}}}
.gcc-bar{{fill:{other}}}
.gcc-alarm{{stroke:{alarm};stroke-width:2.4;fill:none}}
.gcc-dot{{fill:{line}}}
.gcc-value{{fill:{text};font-size:12px;font-weight:600}}
.gcc-time{{fill:{text};font-size:11px}}
.gcc-key{{fill:{text};font-size:11px}}
.gcc-level0{{fill:{level0}}}
.gcc-level1{{fill:{level1}}}
.gcc-level2{{fill:{level2}}}
.gcc-level3{{fill:{level3};stroke:{alarm};stroke-width:1}}
.gcc-level4{{fill:{level4};stroke:{alarm};stroke-width:2.5}}
.gcc-none{{fill:{ground};stroke:{other};stroke-width:0.8}}
.gcc-hatch{{stroke:{other};stroke-width:1;fill:none}}
.gcc-head{{fill:{line};font-size:11px;font-weight:600}}
.gcc-cell{{fill:{line};font-size:11px}}
.gcc-beyond{{fill:{line};font-size:11px;font-weight:700}}
"""


def style_sheet() -> str:
    """The sheet for every chart; class names start with ``gcc`` so that a page's own rules stay apart."""
    dark = "@media screen and (prefers-color-scheme:dark){" + _RULES.format(**_DARK) + "}"
    font = ".gcc text{font-family:'Liberation Sans',Arial,Helvetica,sans-serif}"
    return (font + _RULES.format(**_LIGHT) + dark).replace("\n", "")
