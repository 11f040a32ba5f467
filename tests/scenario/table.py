# SPDX-License-Identifier: Apache-2.0
"""The scores as one table, and whether they are enough."""
LEGEND = ('+ as it should be   ~ detected, yet late, miscounted or not explained   '
          '- missed, or an alert where none should be   ? not run')


def _span(seconds):
    if seconds is None:
        return '-'
    if abs(seconds) < 600:
        return f'{seconds:.1f} s'
    return f'{seconds / 3600:.1f} h' if abs(seconds) < 172_800 else f'{seconds / 86_400:.1f} d'


def verdict(score):
    if not score.ran:
        return '?'
    return '+' if score.passed else ('-' if score.missing or not score.positive else '~')


def faults(score):
    """What is not as it should be, in words."""
    if not score.ran:
        return [score.why_not]
    words = [
        f'{detector} silent' + (f' (only {score.found[detector]})' if detector in score.found else '')
        for detector in score.missing
    ]
    words += [f'{score.unseen_places} places without an alert'] if score.unseen_places else []
    words += ['late'] if score.late else []
    words += [f'unsaid: {text}' for text in score.unsaid]
    words += ['miscounted'] if score.miscounted else []
    words += [f'also {other}' for other in score.others]
    return words


def row(score):
    found = ' '.join(f'{detector}:{score.found[detector]}' for detector in sorted(score.found)) or '-'
    count = '-' if score.truth is None else f'{score.people}/{score.truth} {score.error:.1%}'
    expected = ' '.join(score.expected) or 'silence'
    wrong = f'  [{"; ".join(faults(score))}]' if faults(score) else ''
    return (f'{verdict(score)} {score.id:4}{score.title:48.48}{expected:12} {_span(score.seconds):>8} {count:>18}  '
            f'{found}{wrong}')


def of_forty(score):
    return score.id.startswith('P')


def _shares(groups):
    return ', '.join(f'{name} {sum(hits)}/{len(hits)}' for name, hits in sorted(groups.items()))


def _grouped(scores, keys, hit):
    groups = {}
    for score in scores:
        for key in keys(score):
            groups.setdefault(key, []).append(hit(score, key))
    return _shares(groups)


def heard(score, detector):
    return score.ran and detector not in score.missing


def summary(scores):
    lines = []
    positive, benign = ([s for s in scores if s.positive == kind] for kind in (True, False))
    forty, further = ([s for s in positive if of_forty(s) == kind] for kind in (True, False))
    if positive:
        lines.append(f'positives: {sum(s.passed for s in forty)} of {len(forty)} pass, '
                     f'{sum(s.detected for s in forty)} detected, {sum(not s.ran for s in forty)} not run; '
                     f'{sum(s.passed for s in further)} of {len(further)} further ones')
        lines.append('by detector: ' + _grouped(positive, lambda s: s.expected, heard))
        lines.append('by commitment: ' + _grouped(positive, lambda s: s.commitments, lambda s, _: s.passed))
    if benign:
        lines.append(f'benign: {sum(s.passed for s in benign)} of {len(benign)} silent at medium and above, '
                     f'{sum(not s.ran for s in benign)} not run')
    return '\n'.join([*lines, LEGEND])


def enough(scores, wanted):
    """The figures of DETECTION.md §6.3."""
    passed = sum(s.passed for s in scores if s.positive and of_forty(s))
    expected = {d for s in scores for d in s.expected}
    never_heard = expected - {d for s in scores for d in s.expected if heard(s, d)}
    return passed >= wanted and not never_heard and all(s.passed for s in scores if not s.positive)
