"""What the plumbing stores: which run of which job was done."""

from piccolo.columns import Text, Timestamptz, Varchar
from piccolo.table import Table


class JobRun(Table, tablename="job_run"):
    """One run of a job. (job, slot) is unique, so a slot is done once whoever is first."""

    job = Varchar(primary_key=True)
    slot = Timestamptz()
    started_at = Timestamptz()
    finished_at = Timestamptz(null=True)
    outcome = Text(null=True)


class JobFault(Table, tablename="job_fault"):
    """The last time that a job failed, and why; its work was undone."""

    job = Varchar(primary_key=True)
    at = Timestamptz()
    slot = Timestamptz()
    reason = Text()
