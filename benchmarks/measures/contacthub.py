"""Contacthub, the largest vendor: full-size customers, many customers, their memory, and the start beside Prism."""

from benchmarks.contacthub.memory import measure_memory
from benchmarks.contacthub.ready import measure_ready
from benchmarks.contacthub.scale import measure_scale
from benchmarks.contacthub.throughput import measure_throughput
from benchmarks.report import Options, Section

PARTS = (measure_throughput, measure_scale, measure_memory, measure_ready)


def measure(options: Options) -> Section:
    """Measure one part after the other."""
    found = [measure_part(options) for measure_part in PARTS]
    return Section(
        [table for section in found for table in section.tables],
        [target for section in found for target in section.targets],
        [note for section in found for note in section.notes],
    )
