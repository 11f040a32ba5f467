# SPDX-License-Identifier: Apache-2.0
from panels import BAD, GOOD, WARN, bars, gauge, lines, row, stat, steps, table

UID = 'gander-overview'
TITLE = 'Gander: overview'
DESCRIPTION = 'Whose personal data moves where, with what permission, and how much the sensors did not see.'
FROM = 'now-6h'
NOT_PERMITTED = 'verdict!~"registered|internal"'


def panels():
    return [
        row('At a glance'),
        stat('People in movements without permission',
             'An upper bound: a person in two pairs of sender and recipient counts twice; fewer than 10 show as 0. '
             'Red: open the data flows board, find the zone and the State, then the alert events for the hosts.',
             f'sum(gander_transfer_subjects{{@,{NOT_PERMITTED}}}) or vector(0)',
              thresholds=steps(GOOD, 1, WARN, 100, BAD)),
        stat('Alerts in 24 h, high and critical',
             'Each has an event with who, to whom, how many people and why. Above 0: open the detections board.',
             'sum(gander:alerts:increase24h{@,severity=~"high|critical"}) or vector(0)', decimals=0,
             thresholds=steps(GOOD, 1, BAD)),
        gauge('Coverage',
              'Share of all bytes, gaps included, that was read or is a repeat; of the sensor that has least. '
              'Ciphertext is not read. A fall means more encryption, loss or a broken mirror: open the capture board.',
              'min(gander_coverage_ratio{@})', steps(BAD, 0.3, WARN, 0.6, GOOD)),
        stat('Packets lost before inspection',
             'Of all that arrived, in 5 minutes, at the worst sensor. Above 0.1 % counts of people are lower bounds.',
             'max(gander:dropped_packets:ratio_rate5m{@}) or vector(0)', 'percentunit',
             steps(GOOD, 0.0001, WARN, 0.001, BAD), 3),
        stat('Sensors that answer',
             'Scraped, of those Prometheus knows. Fewer than expected: read the unit\'s log there.',
             [('sum(up{@,job="gander"})', 'up'),
              ('count(up{@,job="gander"})', 'known')], thresholds=steps(BAD, 1, GOOD)),
        stat('Age of the newest packet',
             'Seconds, at the sensor that waits longest. Rising: the mirror session or a cable.',
             'time() - min(gander_last_packet_timestamp_seconds{@})', 's', steps(GOOD, 60, WARN, 300, BAD), 0),
        stat('Days until a permission ends', 'The first entry of the register in force to end. Renew it before, or its '
             'movements become alerts: `gander register check` names it.',
             '(min(gander_register_next_end_timestamp_seconds{@}) - time()) / 86400', 'd',
             steps(BAD, 7, WARN, 30, GOOD), 0),
        stat('Events given up',
             'By sinks that were full or failed, in an hour. Above 0 alerts may be missing downstream.',
             'sum(increase(gander_sink_events_total{@,result!="written"}[1h])) or vector(0)',
             thresholds=steps(GOOD, 1, BAD), decimals=0),

        row('Whose data goes where'),
        bars('People by State of the recipient',
             'Upper bounds. other: fewer than 10 people. A State that should not be '
             'here: data flows board.', 'topk(12, sum by (to_country) (gander_transfer_subjects{@}))',
             '{{to_country}}', size=(8, 9)),
        lines('People by verdict', 'registered and internal are permitted; a step in another line is a movement that '
              'nobody allowed, or an entry that ended.', [('sum by (verdict) (gander_transfer_subjects{@})',
              '{{verdict}}')],
              size=(8, 9), colors={'registered': 'green', 'internal': 'blue', 'unregistered': 'red',
                  'denied': 'dark-red',
                                   'expired': 'orange', 'over_quota': 'yellow'}),
        table('Largest movements since the start',
              'Bytes of the flows that carried personal data. Sort, filter by verdict, '
              'then look for the same class and State in the transfer events.',
              [('topk(50, sum by (class, from_country, to_country, verdict) (gander_transfer_bytes_total{@}))',
               'Bytes')],
              units={'Bytes': 'bytes'}, size=(8, 9)),

        row('What was said'),
        lines('Alerts by severity', 'Raised since the start of each sensor. A step is one alert or more.',
              [('sum by (severity) (gander_alerts_total{@})', '{{severity}}')],
              colors={'critical': 'dark-red', 'high': 'red', 'medium': 'orange', 'low': 'yellow',
                    'info': 'blue'}, size=(8, 7)),
        table('Alerts in 24 h by detector',
              'What each looks for: detect/README.md. After a gap in the scrapes a detector '
              'that was new then counts from its start.',
              [('sum by (detector, severity) (gander:alerts:increase24h{@}) > 0', 'Alerts')],
              size=(8, 7)),
        lines('Identifiers found',
              'Counted values a second by result; unproven ones may be chance, test ones are published '
              'numbers. A rise without a new business process is worth a look at the people board.',
              [('sum by (result) (rate(gander_findings_total{@}[$__rate_interval]))', '{{result}}')], 'cps',
               size=(8, 7)),

        row('Are the sensors well'),
        lines('Traffic', 'On the wire, by sensor. A fall to 0: mirror or cable; a plateau: the port is full.',
              [('sum by (instance) (rate(gander_capture_bytes_total{@}[$__rate_interval])) * 8', '{{instance}}')],
              'bps', size=(8, 7)),
        lines('Memory',
              'Resident, by sensor. It has a ceiling by configuration: growth beyond it is a fault to report.',
              [('process_resident_memory_bytes{@,job="gander"}', '{{instance}}')], 'bytes', size=(8, 7)),
        lines('Behind the traffic',
              'Seconds between now and the last judged packet time. A few epochs are normal; rising: '
              'more cores or fewer packets.',
              [('time() - gander_epoch_end_timestamp_seconds{@}', '{{instance}}')], 's', size=(8, 7)),
        table('Sensors', 'Versions that differ after an upgrade: one was left behind.', [('gander_build_info{@}',
              'Sensor')],
              size=(12, 5), hidden=('__name__', 'job', 'Sensor')),
        table('Warnings', 'Told in the summary and the log of that sensor; 0 is what to aim for.',
              [('sum by (instance) (gander_warnings{@})', 'Warnings')], size=(12, 5)),
    ]
