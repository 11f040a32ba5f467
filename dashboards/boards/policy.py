# SPDX-License-Identifier: Apache-2.0
from panels import BAD, GOOD, WARN, lines, row, stat, steps, table

UID = 'gander-policy'
TITLE = 'Gander: policy and evidence'
DESCRIPTION = ('Which policy and rules judge, what the register is used for, when permissions end, and what is kept to '
               'prove it.')
FROM = 'now-7d'
PEOPLE = ' An upper bound: a person in two pairs of ends counts twice; fewer than 10 show as 0.'


def panels():
    return [
        row('What judges'),
        table('Policy and rules by sensor',
              'Digests that differ between sensors: they judge differently. Deliver the same '
              'files and reload.', [('gander_policy_info{@}', 'Sensor')], size=(16, 6), hidden=('__name__', 'job',
              'Sensor')),
        stat('Age of the rules', 'Since they were read, at the sensor with the oldest.',
             'time() - min(gander_rules_loaded_timestamp_seconds{@})', 's', size=(4, 6)),
        stat('Age of the policy', 'Likewise. Older than the last change of the register: reload (kill -HUP).',
             'time() - min(gander_policy_loaded_timestamp_seconds{@})', 's', size=(4, 6)),
        lines('Reloads that failed',
              'The old rules or the old policy stay. The rules_reload or policy_reload event says why.',
              [('sum by (instance) (gander_rules_reloads_total{@,result="failure"})', '{{instance}} rules'),
               ('sum by (instance) (gander_policy_reloads_total{@,result="failure"})', '{{instance}} policy')],
              size=(8, 7)),
        lines('Reloads that worked', 'Each is a change of what is permitted or found: it should have a ticket.',
              [('sum by (instance) (gander_rules_reloads_total{@,result="success"})', '{{instance}} rules'),
               ('sum by (instance) (gander_policy_reloads_total{@,result="success"})', '{{instance}} policy')],
              size=(8, 7)),
        lines('Rules in use', 'A fall: a pack went missing or a rule was switched off.', [('gander_rules_loaded{@}',
              '{{instance}}')], size=(8, 7)),

        row('The register'),
        stat('Days until a permission ends',
             'The first in force to end; `gander register check` names it. Renew it or let it '
             'go: afterwards its movements are expired.',
             '(min(gander_register_next_end_timestamp_seconds{@}) - time()) / 86400', 'd',
             steps(BAD, 7, WARN, 30, GOOD), 0),
        stat('Entries that permit', 'In force now.', 'max(gander_register_entries{@,state="permitting"}) or vector(0)'),
        stat('Entries that have ended', 'Still in the file. Take them out, or renew those still in use.',
             'max(gander_register_entries{@,state="ended"}) or vector(0)', thresholds=steps(GOOD, 1, WARN)),
        stat('Entries that forbid or begin later', 'deny, and not_before in the future.',
             'max(sum by (instance) (gander_register_entries{@,state=~"denying|future"})) or vector(0)'),
        table('What each entry was used for',
              'Since the start. over_quota, expired or wrong_basis: the movement was close to '
              'permitted; mend the entry or the movement. An entry that never shows up is not needed.' + PEOPLE,
              [('sum by (entry, verdict) (gander_register_entry_subjects{@})', 'People'),
               ('sum by (entry, verdict) (gander_register_entry_bytes{@})', 'Bytes')], units={'Bytes': 'bytes'},
                size=(12, 8)),
        lines('People by verdict', 'What the register said of all movements.' + PEOPLE,
              [('sum by (verdict) (gander_transfer_subjects{@})', '{{verdict}}')], size=(12, 8)),

        row('Evidence'),
        stat('Records lost', 'Since the start: the disk was slower than the queue could hold. The log itself says '
             'where; the chain stays whole.',
             'sum(gander_evidence_records_total{@,result="lost"}) or vector(0)', thresholds=steps(GOOD, 1, BAD)),
        stat('Age of the last checkpoint', 'What came after it is not signed yet. Rising beyond '
             'evidence.checkpoint_interval_s: disk or key.',
             'time() - min(gander_evidence_last_checkpoint_timestamp_seconds{@})', 's',
             steps(GOOD, 900, WARN, 3600, BAD)),
        stat('Size of the log', 'Earlier runs included; evidence.retention_days ends it.',
             'sum(gander_evidence_bytes{@})', 'bytes'),
        stat('Records written', 'Since the start. `gander evidence verify` checks every one.',
             'sum(gander_evidence_records_total{@,result="written"}) or vector(0)'),
        lines('Records and checkpoints', 'A second. Alerts without records: evidence is off there.',
              [('sum by (instance, result) (rate(gander_evidence_records_total{@}[$__rate_interval]))',
                '{{instance}} {{result}}'),
               ('sum by (instance) (rate(gander_evidence_checkpoints_total{@}[$__rate_interval]))',
                '{{instance}} checkpoints')], 'cps'),
        lines('Refused writes, deleted records', 'Refused: disk full or read-only, tried again. Deleted: by retention.',
              [('sum by (instance) (gander_evidence_write_failures_total{@})', '{{instance}} refused'),
               ('sum by (instance) (gander_evidence_records_deleted_total{@})', '{{instance}} deleted')]),

        row('Outputs'),
        table('Lost, by output and reason', 'Since the start. high: alerts, transfers, the sensor\'s own state; low: '
              'flows and protocols. The reason names disk, reader or broker.',
              [('sum by (sink, reason, priority) (gander_sink_lost_events_total{@})', 'Events')], size=(8, 8)),
        lines('Queue, share of its limit', 'Memory in front of each output. Near 100 %: the other end is slow or '
              'away; low priority is given up first.',
              [('gander_sink_queue_bytes{@} / (gander_sink_queue_limit_bytes{@} > 0)', '{{instance}} {{sink}}')],
              'percentunit', size=(8, 8)),
        lines('Events the other end has', 'A second, by output.',
              [('sum by (instance, sink) (rate(gander_sink_written_events_total{@}[$__rate_interval]))',
                '{{instance}} {{sink}}')], 'cps', size=(8, 8)),
        stat('Outputs not connected', 'Tried again; what waits is in queue and spool.',
             'sum(1 - gander_sink_connected{@}) or vector(0)', thresholds=steps(GOOD, 1, BAD)),
        stat('Waiting on disk', 'In the spools of all outputs: a broker was or is away.',
             'sum(gander_sink_spool_bytes{@}) or vector(0)', 'bytes', steps(GOOD, 1, WARN)),
        stat('Failures in 1 h', 'Tries to open, connect or write.',
             'sum(increase(gander_sink_failures_total{@}[1h])) or vector(0)', thresholds=steps(GOOD, 1, WARN),
             decimals=0),
        stat('Written', 'Bytes since the start, all outputs.', 'sum(gander_sink_written_bytes_total{@}) or vector(0)',
             'bytes'),

        row('State'),
        stat('Age of the saved state', 'Of the detectors, at the sensor with the oldest.',
             'time() - min(gander_snapshot_timestamp_seconds{@})', 's', steps(GOOD, 600, WARN, 3600, BAD)),
        stat('Saves that failed', 'Since the start: disk full or not writable.',
             'sum(gander_snapshot_writes_total{@,result="failure"})', thresholds=steps(GOOD, 1, BAD)),
        stat('Clock may be wrong by', 'As the kernel estimates it; times in evidence are worth no more than this.',
             'max(gander_clock_max_error_seconds{@})', 's', steps(GOOD, 0.5, WARN, 5, BAD)),
        stat('Certificate of the endpoint ends in', 'Days. Renew it and restart the sensor.',
             '(min(gander_endpoint_certificate_end_timestamp_seconds{@}) - time()) / 86400', 'd',
             steps(BAD, 7, WARN, 30, GOOD), 0),
        lines('Events', 'By sensor and what became of them. Given up: the chain of evidence has a hole there.',
              [('sum by (instance, result) (rate(gander_sink_events_total{@}[$__rate_interval]))',
               '{{instance}} {{result}}')], 'cps'),
        lines('Files kept',
              'Encrypted to the officer\'s certificate, where the operator asked for it; and those given up.',
              [('sum by (instance) (gander_quarantine_stored_total{@})', '{{instance}} kept')]),
    ]
