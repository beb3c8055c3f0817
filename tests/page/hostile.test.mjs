// A song called <script> does nothing, nor does one whose recording or reference is missing.

import assert from 'node:assert/strict';
import { copyFile, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { CHAIN, ROOT, scratch, stages, urlOf } from './report.mjs';

const TITLE = `<script>window.harmed = 1</script><img src=x onerror="window.harmed = 2"> & 'Größe'`;
const NAME = '<img src=x onerror=window.harmed=3>#%?é';

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

async function makeDataset(folder) {
    const raw = join(ROOT, 'build/demo-data/01_RawData');
    const [wav] = (await readdir(join(raw, 'audio_wav'))).sort();
    const score = (await readdir(join(raw, 'score_musicxml'))).sort()[0];
    const text = await readFile(join(raw, 'score_musicxml', score), 'utf8');
    await writeFile(join(folder, `${NAME}.xml`), text.replace(/<work-title>.*?<\/work-title>/,
        `<work-title>${escaped(TITLE)}</work-title>`)
        .replace(/(<lyric[^]*?<text>).*?(<\/text>)/, `$1${escaped('<b>Es</b>')}$2`));
    await copyFile(join(raw, 'audio_wav', wav), join(folder, `${NAME}.wav`));
    await writeFile(join(folder, 'silent.xml'), text);
    await writeFile(join(folder, 'silent.wav'), 'no sound');
}

let browser;
let report;
before(async () => {
    const folder = await scratch('hostile');
    await makeDataset(folder);
    const work = await scratch('hostile-work');
    const args = ['--dataset', folder, '--work', work];
    [browser] = await Promise.all([launch(), stages(CHAIN, args, [0, 1])]);
    // The recording goes after it was aligned: the page must say so.
    await rm(join(folder, 'silent.wav'));
    await stages(['report'], args, [0, 1]);
    report = join(work, 'hostile/report');
});
after(() => browser?.close());

test('names are text, whatever is in them', async () => {
    const { page, trouble } = await openPage(browser);
    await page.goto(urlOf(report));
    await page.waitForSelector('.grid');
    assert.ok((await page.textContent('.grid')).includes(TITLE));
    assert.match(await page.textContent('.failures'), /silent/);
    await page.click('.grid tbody tr:first-child td a');
    await page.waitForSelector('.lyrics .word');
    assert.ok((await page.textContent('h1')).includes(TITLE));
    assert.equal(await page.textContent('.word'), '<b>Es</b>');
    await page.waitForFunction(() => document.querySelector('.play').disabled === false);
    await page.click('.word');
    assert.match(await page.textContent('.word-panel'), /Reference–/);
    await page.click('text=Compare versions');
    await page.waitForSelector('.versions');
    assert.equal(await page.evaluate(() => window.harmed), undefined);
    assert.deepEqual(trouble, []);
});

test('a recording that is missing is said to be', async () => {
    const { page } = await openPage(browser);
    await page.goto(urlOf(report, '#/item/item-0002/score'));
    await page.waitForSelector('.problem');
    assert.match(await page.textContent('.problem'), /no such recording/);
    assert.ok(await page.$eval('.play', (button) => button.disabled));
});
