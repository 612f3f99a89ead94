"""The talk as a fold over events: `decide` and `evolve`, pure; nothing here reads a clock or a disk."""
