"""Style sheet of the charts: light on paper, light or dark on a screen; never by colour alone."""

_LIGHT = {
    "ground": "#ffffff",
    "line": "#1c2329",
    "other": "#5b6670",
    "band": "#d5dbe1",
    "text": "#39424b",
    "alarm": "#c4161c",
}
_DARK = {
    "ground": "#1b1f24",
    "line": "#f1f4f6",
    "other": "#a3adb7",
    "band": "#39434d",
    "text": "#c3cad1",
    "alarm": "#ff6b61",
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
"""


def style_sheet() -> str:
    """The sheet for every chart; class names start with ``gcc`` so that a page's own rules stay apart."""
    dark = "@media screen and (prefers-color-scheme:dark){" + _RULES.format(**_DARK) + "}"
    font = ".gcc text{font-family:'Liberation Sans',Arial,Helvetica,sans-serif}"
    return (font + _RULES.format(**_LIGHT) + dark).replace("\n", "")
