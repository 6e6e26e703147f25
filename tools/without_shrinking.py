"""Plugin of pytest for ``tools/mutants.py``: Hypothesis does not look for a smaller failure, which takes minutes."""

from hypothesis import Phase, settings

settings.register_profile("without-shrinking", phases=[Phase.explicit, Phase.generate])
settings.load_profile("without-shrinking")
