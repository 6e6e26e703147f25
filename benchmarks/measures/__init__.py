"""What is measured: a module each, with ``measure(options) -> Section``. A new module is found by its being here."""
