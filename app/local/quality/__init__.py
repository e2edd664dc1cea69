"""`make demo-quality`: one layout that is read wrongly, and how the loop mends it, on a real Kafka."""
