"""The talk as a fold over events: `decide` and `evolve`, pure: no clock and no disk in here."""
