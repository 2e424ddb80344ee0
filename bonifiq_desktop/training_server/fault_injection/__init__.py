"""Fault injection: what fails next, in which form the service answers, and the faulty replies."""
