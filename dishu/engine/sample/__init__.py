"""Is the reported number true? A random audit anyone can repeat: how many to draw, which ones, and when it may stop.

audit = Audit.of(842, "0.05", "0.05")            # fixed before the seed is drawn
fixed.table(audit)                                # how many to draw for 0, 1, 2 errors found
draw.draw(ids, seed="20261122", number=60)        # the same on any machine
stopping.assess(scores, audit)                    # after each record: pass, fail or continue
"""

from dishu.engine.sample.audit import Audit

__all__ = ["Audit"]
