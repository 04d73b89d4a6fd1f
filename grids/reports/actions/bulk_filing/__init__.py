"""Filing many reports of other systems at once: the same result as filing them one by one, with a few statements for all.

`filing` is the action: what is there already (`held`) is corrected (`correcting`), what is new gets its `codes`, is built in memory
(`building`) and copied into the tables (`writing`). A test holds what comes of a report to what `actions.filing.file_report` makes of it.
"""

from .filing import Filed, file_reports, plan_reports

__all__ = ["Filed", "file_reports", "plan_reports"]
