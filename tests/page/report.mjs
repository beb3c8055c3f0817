// Reports for the tests, made by the programs in folders below the build folder.

import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** The repository; the tests run in build/page/tests. */
export const ROOT = resolve('../../..');
const SCRATCH = resolve('scratch');

/** Runs silbe-<stage>; its exit code must be one of those allowed. */
export async function stage(name, args, allowed = [0]) {
    try {
        await run(join(ROOT, 'build/bin', `silbe-${name}`), args, { cwd: ROOT });
    } catch (error) {
        if (!allowed.includes(error.code)) {
            throw new Error(`silbe-${name}: ${error.stdout}\n${error.stderr}`, { cause: error });
        }
    }
}

export async function stages(names, args, allowed) {
    for (const name of names) {
        await stage(name, args, allowed);
    }
}

export const CHAIN = ['features', 'labels', 'align', 'evaluate', 'report'];

/** An empty folder for a test. */
export async function scratch(name) {
    const folder = join(SCRATCH, name);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    return folder;
}

export const urlOf = (report, hash = '') => pathToFileURL(join(report, 'index.html')).href + hash;

/** The demo dataset's report in a work folder of its own, of mode score or of all. */
export async function demoReport(name, mode = 'score') {
    const work = await scratch(name);
    const chain = mode === 'score' ? CHAIN : CHAIN.toSpliced(2, 0, 'posteriors');
    await stages(chain, ['--dataset', 'demo', '--work', work, '--set', `align.mode=${mode}`]);
    return { work, report: join(work, 'demo/report') };
}

/** The values of a data script of a report. */
export async function readData(report, key) {
    const text = await readFile(join(report, 'data', `${key}.js`), 'utf8');
    return JSON.parse(text.slice(text.indexOf('=', text.indexOf(']')) + 1).replace(/;\n$/, ''));
}

export async function writeData(report, key, value) {
    await mkdir(join(report, 'data'), { recursive: true });
    await writeFile(join(report, 'data', `${key}.js`),
        `(window.silbeData=window.silbeData||{})["${key}"]=${JSON.stringify(value)};\n`);
}

export const copyPage = (report) => cp(join(ROOT, 'build/page/dist'), report, { recursive: true });
