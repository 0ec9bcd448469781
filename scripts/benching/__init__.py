"""What `bench.py` measures with: costs of processes, our own rounds, floors, peers, the table, the chart.

costs     what a whole process took, and how it is stopped · ours  our own commands in order · floors  what nobody can go below
peers     how each peer is installed and run, from its folder in `kits/` · layouts  the same corpus as each peer wants it
targets   what is wanted, and whether it was reached · chart  the same in bars · sections  who writes what in BENCHMARKS.md
"""
