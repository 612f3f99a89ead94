"""What really runs: processes in terminals, shells, probes. It knows no hub and no screen."""
