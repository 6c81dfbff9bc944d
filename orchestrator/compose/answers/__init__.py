"""One module per family of questions: each turns the evidence into the sentences that answer."""
