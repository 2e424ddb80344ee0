"""What a cashier does: look an order up, register a sale, refund, cancel; and the outbox that settles it all."""
