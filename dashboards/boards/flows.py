# SPDX-License-Identifier: Apache-2.0
from panels import BAD, GOOD, WARN, bars, lines, row, stat, steps, table, text

UID = 'gander-flows'
TITLE = 'Gander: data flows between zones and countries'
DESCRIPTION = 'From which zone to which, from which State to which, and whether the register permits it.'
FROM = 'now-24h'
NOT_PERMITTED = 'verdict!~"registered|internal"'
PEOPLE = ' An upper bound: a person in two pairs of ends counts twice; fewer than 10 show as 0.'


def panels():
    return [
        text('How to read this',
             'Zones are those of the policy; `outside` is everything else. States are two letters of '
             'ISO 3166; `ZZ` is unknown, `other` stands for movements of fewer than 10 people. Totals are since the '
             'start of the sensor. No address is ever a label: hosts are in the `transfer` and `alert` events.'),
        row('Permitted or not'),
        stat('People, permitted', 'registered or internal.' + PEOPLE,
             'sum(gander_zone_transfer_subjects{@,verdict=~"registered|internal"}) or vector(0)',
             thresholds=steps(GOOD)),
        stat('People, not permitted', 'Every other verdict.' + PEOPLE + ' Which ones: the table below.',
             f'sum(gander_zone_transfer_subjects{{@,{NOT_PERMITTED}}}) or vector(0)',
              thresholds=steps(GOOD, 1, WARN, 100, BAD)),
        stat('Bytes, not permitted', 'Of flows that carried personal data.',
             f'sum(gander_zone_transfer_bytes{{@,{NOT_PERMITTED}}}) or vector(0)', 'bytes', steps(GOOD, 1, WARN)),
        stat('States not seen a day ago', 'Receiving States of today that had nothing yesterday. Above 0: the table '
             '"States new today" names them; ask who started that.',
             'count(sum by (to_country) (gander_transfer_bytes_total{@,to_country!="other"}) unless '
             'sum by (to_country) (last_over_time(gander_transfer_bytes_total{@}[1h] offset 24h))) or vector(0)',
             thresholds=steps(GOOD, 1, WARN)),

        row('Zones'),
        table('From zone to zone',
              'Filter the verdict. A pair that should not exist: add a firewall rule, or an entry to '
              'the register when it is meant to be.' + PEOPLE,
              [('sum by (from_zone, to_zone, verdict) (gander_zone_transfer_subjects{@})', 'People'),
               ('sum by (from_zone, to_zone, verdict) (gander_zone_transfer_bytes{@})', 'Bytes')],
              units={'Bytes': 'bytes'}, size=(12, 9)),
        bars('People who left each zone without permission', 'By sending zone.' + PEOPLE,
             f'topk(12, sum by (from_zone) (gander_zone_transfer_subjects{{@,{NOT_PERMITTED}}}))', '{{from_zone}}',
             thresholds=steps(GOOD, 1, WARN, 100, BAD), size=(12, 9)),
        lines('People by pair of zones', 'The ten largest. A step is a new movement or many new people in an old one.',
              [('topk(10, sum by (from_zone, to_zone) (gander_zone_transfer_subjects{@}))',
               '{{from_zone}} → {{to_zone}}')]),
        lines('Bytes by pair of zones',
              'The ten largest. Bytes without people that rise: bigger files, not more of them.',
              [('topk(10, sum by (from_zone, to_zone) (gander_zone_transfer_bytes{@}))',
               '{{from_zone}} → {{to_zone}}')], 'bytes'),

        row('States'),
        table('From State to State', 'Bytes of the flows that carried personal data, by class and verdict.',
              [('topk(100, sum by (class, from_country, to_country, verdict) (gander_transfer_bytes_total{@}))',
               'Bytes')],
              units={'Bytes': 'bytes'}, size=(12, 9)),
        bars('People by receiving State', 'All verdicts.' + PEOPLE,
             'topk(15, sum by (to_country) (gander_transfer_subjects{@}))', '{{to_country}}', size=(12, 9)),
        lines('People by receiving State, not permitted', 'A line that begins is a State that began to receive.',
              [(f'topk(10, sum by (to_country) (gander_transfer_subjects{{@,{NOT_PERMITTED}}}))', '{{to_country}}')]),
        table('States new today', 'Received personal data now and none 24 hours ago, with bytes.',
              [('sum by (to_country) (gander_transfer_bytes_total{@}) unless sum by (to_country) '
                '(last_over_time(gander_transfer_bytes_total{@}[1h] offset 24h))', 'Bytes')], units={'Bytes': 'bytes'}),

        row('What these figures leave out'),
        stat('Series shown as 0', 'Fewer than 10 people: hidden on purpose. The events have them.',
             'sum(gander_transfer_subjects_suppressed{@})'),
        stat('Movements not listed', 'Beyond report.shown_transfers, the smallest. Above 0: raise it to see all.',
             'sum(gander_transfers_not_shown{@})', thresholds=steps(GOOD, 1, WARN)),
        stat('Series folded', 'Into `other`, because of report.metrics.max_series.',
             'sum(gander_metric_series_dropped_total{@})', thresholds=steps(GOOD, 1, WARN)),
        stat('Share of bytes read', 'What was not read cannot be counted: these are lower bounds by as much.',
             'min(gander_coverage_ratio{@})', 'percentunit'),
    ]
