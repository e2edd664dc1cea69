"""How right the reader is: papers of our own to read, tables with intervals, calibration, and the gate."""
