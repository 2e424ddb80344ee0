"""Log files, crash reports and the fault handler."""
