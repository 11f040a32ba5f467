# SPDX-License-Identifier: Apache-2.0
"""The variants, as words for gander-mangle, and the sources; and how much of what is said each must leave as it is."""
from dataclasses import dataclass
from typing import Callable, Optional

import readers
from sight import Care


@dataclass(frozen=True)
class Variant:
    name: str
    words: tuple  # for gander-mangle
    care: Care = Care.EXACT
    most_bytes: int = 1 << 40  # of a capture: one byte a segment makes sixty of one
    short: bool = False  # in the short version, too


SMALL = 150_000
VARIANTS = (
    Variant('TCP segments of one byte', ('segment=1,1', ), most_bytes=SMALL),
    Variant('TCP segments of one byte, first 2 kB of a side', ('segment=1,1,2000', ), short=True),
    Variant('TCP segments of 1 to 7 bytes', ('segment=1,7', ), most_bytes=5 * SMALL),
    Variant('TCP segments of 1 to 1,460 bytes', ('segment=1,1460', ), short=True),
    Variant('TCP segments joined up to 64 kB', ('coalesce=64000', ), short=True),
    Variant('joined, then 1 to 9,000 bytes', ('coalesce=64000', 'segment=1,9000')),
    Variant('IP fragments of 64 to 600 bytes', ('fragment=64,600', )),
    Variant('IP fragments of 8 to 64 bytes in any order', ('fragment=8,64,1', ), short=True),
    Variant('reordered within 4 packets and 10 ms', ('reorder=4,10000', ), Care.MOVED, short=True),
    Variant('reordered within 32 packets and 10 ms', ('reorder=32,10000', ), Care.MOVED),
    Variant('each up to 2 ms late, answers overtake', ('jitter=2000', ), Care.MOVED),
    Variant('each up to 20 ms late, answers overtake', ('jitter=20000', ), Care.MOVED, short=True),
    Variant('one side 10 ms late', ('late=10000', ), Care.MIRRORED),
    Variant('one side 40 ms late', ('late=40000', ), Care.MIRRORED, short=True),
    Variant('half of the packets twice within 1 ms', ('duplicate=50,1000', ), Care.TWICE, short=True),
    Variant('all packets twice within 4 ms', ('duplicate=100,4000', ), Care.TWICE),
    Variant('a third of TCP sent again after 200 ms', ('retransmit=33,200', ), Care.MOVED),
    Variant('retransmissions across segments', ('overlap=50', ), short=True),
    Variant('802.1Q', ('vlan=42', )),
    Variant('QinQ', ('vlan=42', 'vlan=100,34984')),
    Variant('MPLS', ('mpls=1000', )),
    Variant('VXLAN', ('vxlan', )),
    Variant('VXLAN in fragments', ('vxlan=576', ), short=True),
    Variant('GENEVE', ('geneve', )),
    Variant('GRE', ('gre', )),
    Variant('GTP-U', ('gtpu', )),
    Variant('QinQ in VXLAN in GRE', ('vlan=42', 'vlan=100,34984', 'vxlan', 'gre')),
    Variant('other TTL', ('ttl=41', )),
    Variant('TCP timestamps', ('timestamps', )),
    Variant('sequence numbers that wrap', ('wrap=1000', ), short=True),
    Variant('frames padded', ('pad=18', )),
    Variant('company of 200 connections', ('company=200', )),
    Variant('pcapng', ('--format', 'pcapng')),
    Variant('pcap in nanoseconds', ('--format', 'nanoseconds')),
    Variant('pcap of the other byte order', ('--format', 'big-endian')),
    Variant('all of it: joined, cut, reordered, overlapping, wrapped, in fragmented VXLAN',
            ('coalesce=9000', 'segment=1,2000', 'wrap=1000', 'overlap=20', 'reorder=8', 'timestamps',
             'duplicate=20,500', 'vlan=7', 'vxlan=1000', '--format', 'pcapng'), Care.TWICE, 5 * SMALL, True),
)


@dataclass(frozen=True)
class Reading:
    """The original, unmangled, from another source."""
    name: str
    read: Optional[Callable]  # None: through the cable
    care: Care = Care.EXACT
    workers: int = 0  # 0: in turn
    paced: bool = False  # packets get the times at which they come
    behind: bool = False  # another capture comes first
    frames_only: bool = False  # whole Ethernet frames
    most_bytes: int = 20_000_000
    short: bool = False


PACE = f'pace={1_000_000 // readers.PACKETS_A_SECOND}'
READINGS = (
    Reading('through a pipe, in bursts of 1 packet', readers.in_bursts(1), short=True),
    Reading('through a pipe, in bursts of 7 packets', readers.in_bursts(7)),
    Reading('through a pipe, in bursts of 1 to 64 packets', readers.in_bursts(0), short=True),
    Reading("through DPDK's net_pcap, with its times", readers.through_net_pcap, Care.LIVE, 1, frames_only=True),
    Reading('behind another capture, two days later', None, Care.BEHIND, behind=True, short=True),
    Reading('through a virtual cable and AF_PACKET, in real time', None, Care.LIVE, paced=True, frames_only=True,
            most_bytes=2_000_000),
)
