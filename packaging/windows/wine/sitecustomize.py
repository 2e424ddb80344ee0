"""Start-up of the toolchain's Python: hide what Wine 8 does not implement."""

import _winapi

# kernel32.dll lacks CopyFile2, and a call ends the process. shutil copies by itself where _winapi has no such function.
del _winapi.CopyFile2
