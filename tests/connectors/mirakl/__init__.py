"""Tests of the Mirakl connector."""
