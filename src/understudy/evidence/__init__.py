"""Evidence: proofs of each operation's behaviour, and the part of a contract that calls have reached."""
