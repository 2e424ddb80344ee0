"""What the counter works with: money, documents, orders, operations. Plain Python: no Qt, no HTTP, no SQL."""
