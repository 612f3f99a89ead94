"""What the program stands, tried with real faults: hostile input, dead disks, odd terminals.

    python -m tests.faults [--full] [--only NAME…]

Every part is a module with `rows(full)`, which gives the rows of the table that is printed.
"""
