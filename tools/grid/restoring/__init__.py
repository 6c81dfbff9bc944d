"""Parts of ``plan_restoration``: what is dark, what can be done next, whether it holds, and the sequence."""
