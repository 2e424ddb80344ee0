"""The BonifiQ Private API: requests with exact bytes, answers read with suspicion."""
