"""The worker thread: typed commands in, typed outcomes out. Only frozen data crosses."""
