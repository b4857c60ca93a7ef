"""How a notice leaves the county's server: webhooks, group robots, text messages, mail."""
