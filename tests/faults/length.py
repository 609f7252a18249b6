"""How long the long tests take: in full under ``make faults``, else a part of it."""

import os

FULL = os.environ.get("SANDKASSE_FAULTS") == "full"

#: How often a writer is killed.
KILLS = 200 if FULL else 40
#: How many seconds 32 threads read and write.
SECONDS = 120.0 if FULL else 15.0
#: How often a migration, a backup and a restore are killed.
INTERRUPTIONS = 30 if FULL else 6
#: How often a bit is flipped in the file and in its log, and the file is cut off.
FLIPS, LOG_FLIPS, CUTS = (100, 60, 30) if FULL else (20, 12, 8)
