"""Terminal emulation behind one protocol; recorded bytes end here and only cells come out."""
