"""The note under a picture: what its marks mean, and what could not be shown. It has no number."""

from tools.grid.diagram.marks import Overlay


def note_of(overlay: Overlay, *, values: str, left_out: bool) -> str:
    """The note, one sentence for each thing a reader must know.

    Args:
        overlay: What is drawn.
        values: Which values are printed, a sentence.
        left_out: Whether the grid has buses that are not shown.
    """
    sentences = ["Labels are indices in the model; squares are buses with infeed."]
    if overlay.solved:
        sentences.append("Colour marks broken limits only, always together with a shape or a word.")
        sentences.append(values)
    else:
        sentences.append("The power flow of this state has no solution: the picture shows topology only.")
    if overlay.solved and not overlay.loading_meaningful:
        sentences.append("Loadings are not shown: no branch here has a rating that can be read.")
    if left_out:
        sentences.append("The rest of the grid is left out.")
    return " ".join(sentences)
