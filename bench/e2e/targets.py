# SPDX-License-Identifier: Apache-2.0
"""Every target that Gander has for speed and memory, in one table."""

# key of a measured number -> (what it is, operator, target)
TARGETS = {
    'identify/clean/raw_best': ('identification alone, clean: to raw best', '>=', 1.0),
    'identify/sparse/raw_best': ('identification alone, sparse: to raw best', '>=', 1.0),
    'identify/dense/raw_best': ('identification alone, dense: to raw best', '>=', 1.0),
    'scan/clean/raw_best': ('end to end, clean: to raw best', '>=', 0.65),
    'scan/sparse/raw_best': ('end to end, sparse: to raw best', '>=', 0.65),
    'scan/dense/raw_best': ('end to end, dense: to raw best', '>=', 0.6),
    'scan/clean/ndpi': ('end to end, clean: to ndpiReader', '>=', 1.2),
    'parse/clean/identify': ('parsing, clean: cost to that of scanning the same bytes', '<=', 0.35),
    'parse/sparse/identify': ('parsing, sparse: cost to that of scanning the same bytes', '<=', 0.35),
    'parse/dense/identify': ('parsing, dense: cost to that of scanning the same bytes', '<=', 0.35),
    'scan/tls/mmap_reader': ('opaque TLS: to the bare mapped reader', '>=', 0.45),
    'scan/tls/ndpi': ('opaque TLS: to ndpiReader', '>=', 7.0),
    'scan/dns/ndpi': ('DNS: to ndpiReader', '>=', 10.0),
    'scan/dns/messages': ('DNS: million messages a second and core', '>=', 1.5),
    'scan/udp64/dpdk_copy': ('60-byte flood of new flows: to bare DPDK receive with copy', '>=', 0.12),
    'growth/patterns/all_to_10': ('cost of all identifiers to that of 10', '<=', 1.3),
    'hostile/least': ('slowest of the texts made to be slow: to tables of people', '>=', 0.5),
    'hostile/near_misses': ('near-misses of a rule, the median rule: to tables of people', '>=', 0.5),
    'growth/flows/1000000_to_1000': ('cost with 1,000,000 open flows to that with 1,000', '<=', 1.3),
    'growth/density/1_to_0': ('rate with 1 % personal data to the clean rate', '>=', 0.5),
    'memory/idle_1000000': ('1,000,000 idle flows, whole process, GiB', '<=', 1.5),
    'memory/bare_flow': ('state of a flow that was not scanned, bytes', '<=', 512.0),
    'workers/2_to_1': ('2 workers to 1, wall time', '>=', 1.8),
    'steady/allocations': ('allocations in the packet path and at seals after warm-up', '<=', 0.0),
    'steady/allocations_with_events': ('the same with all events made', '<=', 0.0),
    'flood/ledger_error': ('bytes without a fate under flood', '<=', 0.0),
}


def verdict(key, value):
    _, operator, target = TARGETS[key]
    good = value >= target if operator == '>=' else value <= target
    return 'ok' if good else 'short'
