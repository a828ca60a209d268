"""What Redress knows about complaints: intake, procedures, clocks, casework, letters, reminders."""
