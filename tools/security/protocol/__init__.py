"""Message streams of telecontrol and substation protocols against the standard and against a learnt profile."""
