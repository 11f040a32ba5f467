# SPDX-License-Identifier: Apache-2.0
from panels import BAD, GOOD, WARN, bars, gauge, lines, row, stat, steps, table

UID = 'gander-detections'
TITLE = 'Gander: detections'
DESCRIPTION = 'What the detectors raised, what they hold in mind, and the protocols they judge by.'
FROM = 'now-24h'


def severity(name, color):
    return stat(f'{name.capitalize()}, 24 h',
                'Alerts raised. The alert events name sender, recipient, people and reason.',
                f'sum(gander:alerts:increase24h{{@,severity="{name}"}}) or vector(0)', decimals=0,
                thresholds=steps(GOOD, 1, color))


def panels():
    return [
        row('Alerts'),
        severity('critical', BAD), severity('high', BAD), severity('medium', WARN), severity('low', 'yellow'),
        bars('By detector, 24 h', 'D01 to D23 are described in detect/README.md.',
             'sum by (detector) (gander:alerts:increase24h{@})', '{{detector}}', thresholds=steps(GOOD, 1, WARN),
             size=(8, 9)),
        lines('By detector, since the start',
              'A steep line: one cause that raises again and again. Suppress or mend it.',
              [('sum by (detector) (gander_alerts_total{@})', '{{detector}}')], size=(8, 9)),
        table('By sensor, detector and severity', 'Raised since the start of each sensor.',
              [('sum by (instance, detector, severity) (gander_alerts_total{@})', 'Alerts')], size=(8, 9)),
        lines('Suppressed or acknowledged', 'Alerts that were not told of, by detector, since the start. Rising: does '
              'the reason still hold? `gander ctl alerts` names them.',
              [('sum by (detector) (gander_alerts_suppressed_total{@})', '{{detector}}')], size=(24, 6)),

        row('What they are made of'),
        bars('Flows by protocol', 'Since the start. unknown is counted, not read.',
             'topk(20, sum by (proto) (gander_app_flows_total{@}))', '{{proto}}', size=(8, 9)),
        lines('New flows by protocol', 'A protocol that begins: a new service, or a tunnel.',
              [('topk(12, sum by (proto) (rate(gander_app_flows_total{@}[$__rate_interval])))', '{{proto}}')],
              'cps', size=(8, 9)),
        table('Industrial functions', 'Messages of control protocols. write and control change something in the plant: '
              'know who sends them.',
              [('sum by (proto, function, category) (gander_industrial_functions_total{@})', 'Messages')], size=(8, 9)),

        row('What they hold in mind'),
        gauge('Memory of the detectors',
              'Of detect.memory. Near 100 % keys give way to others and slow movements are missed.',
              'max(gander_detect_memory_bytes{@} / gander_detect_memory_ceiling_bytes{@})',
              steps(GOOD, 0.8, WARN, 0.95, BAD)),
        stat('Keys', 'Senders, receivers and pairs that are counted.', 'sum(gander_detect_keys{@})'),
        stat('Keys given up in 1 h', 'With evidence behind them. Above 0: raise detect.memory or detect.max_keys.',
             'sum(increase(gander_detect_keys_lost_total{@}[1h]))', thresholds=steps(GOOD, 1, WARN), decimals=0),
        stat('Keys of a flood', 'Made up by one network for full tables: somebody tries to blind the detectors.',
             'max(gander_detect_flood_keys{@})', thresholds=steps(GOOD, 1000, WARN, 100000, BAD)),
        lines('Memory and its ceiling', 'By sensor.',
              [('gander_detect_memory_bytes{@}', '{{instance}}'),
               ('gander_detect_memory_ceiling_bytes{@}', '{{instance}} ceiling')], 'bytes', size=(8, 7)),
        lines('Sightings not let in', 'New keys that full tables refused, a second.',
              [('sum by (instance) (rate(gander_detect_keys_refused_total{@}[$__rate_interval]))', '{{instance}}')],
              'cps',
              size=(8, 7)),
        lines('Age of the saved state', 'What a restart would lose of months of counting. Rising beyond '
              'detect.snapshot.interval_s: the disk.',
              [('time() - gander_snapshot_timestamp_seconds{@}', '{{instance}}')], 's', size=(8, 7)),
    ]
