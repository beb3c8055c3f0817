// What failed and why, remarks, and what made the figures.

import { el } from '../dom.js';
import { overview, titleOfWork } from '../data.js';
import { clock } from '../format.js';

const name = (entry) => [titleOfWork(entry.work), entry.version].filter(Boolean).join(', ');

export function failures() {
    const { items, modes } = overview();
    const failed = modes.flatMap(({ name: mode, report }) =>
        (report?.failed ?? []).map((failure) => ({ ...failure, mode })));
    const problems = items.flatMap((row) => row.problems.map((problem) => ({ row, problem })));
    if (failed.length + problems.length === 0) {
        return null;
    }
    return el('section', { class: 'failures' }, el('h2', {}, 'What did not work'),
        el('ul', {},
            failed.map((failure) => el('li', {}, el('strong', {}, name(failure)),
                ` (${failure.mode}, ${failure.stage}): `, failure.reason)),
            problems.map(({ row, problem }) => el('li', {}, el('strong', {}, name(row)), ': ', problem))));
}

export function notes() {
    const all = overview().modes.flatMap(({ name: mode, report }) =>
        (report?.notes ?? []).map((note) => ({ ...note, mode })));
    return all.length === 0 ? null : el('section', {}, el('h2', {}, 'Remarks on the reference'),
        el('ul', {}, all.map((note) => el('li', {}, el('strong', {}, name(note)),
            typeof note.time_s === 'number' ? ` at ${clock(note.time_s)}` : '', ': ', note.text))));
}

const pair = (term, text) => (text ? [el('dt', {}, term), el('dd', {}, text)] : []);

export function facts() {
    const { command, machine, modes, program_version: version, settings } = overview();
    const references = [...new Set(modes.map(({ report }) => report?.run?.reference).filter(Boolean))];
    return el('section', {}, el('h2', {}, 'What made this'),
        el('dl', { class: 'facts' },
            pair('Silbe', version),
            modes.map(({ name: mode, report }) => pair(`Mode ${mode}`, report
                ? `version ${report.run?.version}, settings ${report.run?.settings_digest?.slice(0, 12)}, `
                    + `${report.run?.command}` : 'not evaluated')),
            references.map((reference) => pair('Reference', reference)),
            pair('Page', command),
            pair('Machine', [machine.processor, `${machine.processors} processors`,
                machine.memory_gb && `${machine.memory_gb} GB`, machine.system].filter(Boolean).join(', '))),
        el('details', {}, el('summary', {}, 'All settings'),
            el('pre', { tabindex: 0 }, settings.split('\n').filter((line) => !/^\s*(#|$)/.test(line))
                .join('\n'))),
        el('p', { class: 'muted small' }, 'Libraries in this page and their licences: ',
            el('a', { href: 'NOTICE.txt' }, 'NOTICE.txt')));
}
