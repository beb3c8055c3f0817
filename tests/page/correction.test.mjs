import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { demoReport, readData, stages, urlOf } from './report.mjs';

const WORD = 6;
const SHIFT_S = -0.15; // to where there is no onset

let browser;
let work;
let report;
before(async () => {
    [browser, { work, report }] = await Promise.all([launch(), demoReport('correction')]);
});
after(() => browser?.close());

async function openItem() {
    const opened = await openPage(browser);
    await opened.page.goto(urlOf(report, '#/item/item-0001/score'));
    await opened.page.waitForSelector('.lyrics .word');
    return opened;
}

async function save(page) {
    const [download] = await Promise.all([page.waitForEvent('download'),
        page.click('text=Save corrections')]);
    return { name: download.suggestedFilename(), path: await download.path() };
}

test('a dragged onset is saved, read as reference and as anchor', async () => {
    const item = await readData(report, 'item-0001');
    const old = item.modes.score.start[WORD];
    const { page, trouble } = await openItem();
    await page.click(`.word[data-word="${WORD}"]`);
    const handle = await page.waitForSelector(`.block.estimate[data-word="${WORD}"] .handle`);
    const box = await handle.boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + SHIFT_S * 120 / 2, y);
    await page.mouse.move(x + SHIFT_S * 120, y);
    await page.mouse.up();
    assert.ok(await page.$(`.word.hand[data-word="${WORD}"]`));
    const { name, path } = await save(page);
    assert.equal(name, `${item.name}.words.csv`);
    assert.deepEqual(trouble, []);

    const rows = (await readFile(path, 'utf8')).trim().split('\n').slice(1).map((row) => row.split(';'));
    assert.equal(rows.length, item.words.length);
    assert.ok(Math.abs(Number(rows[WORD][0]) - (old + SHIFT_S)) < 0.01, rows[WORD].join(';'));
    assert.deepEqual(rows.filter((row) => row[4] === '1.000'), [rows[WORD]]);

    const corrections = join(work, 'corrections');
    await mkdir(corrections);
    await copyFile(path, join(corrections, name));
    const args = ['--dataset', 'demo', '--work', work, '--set', `dataset.corrections=${corrections}`];

    await stages(['evaluate', 'report'], args);
    const evaluated = await readData(report, 'item-0001');
    assert.equal(evaluated.reference.start[WORD], Number(rows[WORD][0]));
    assert.deepEqual(evaluated.reference.corrected, [WORD]);
    assert.equal(evaluated.modes.score.start[WORD], old);
    const figures = JSON.parse(await readFile(join(work, 'demo/score/report.json'), 'utf8'));
    const own = figures.items.find((row) => `${row.work}_${row.version}` === item.name);
    assert.ok(Math.abs(own.max_abs_s - Math.abs(SHIFT_S)) < 0.01, String(own.max_abs_s));

    await stages(['align', 'evaluate', 'report'], args);
    const aligned = await readData(report, 'item-0001');
    assert.ok(Math.abs(aligned.modes.score.start[WORD] - Number(rows[WORD][0])) < 0.001,
        `${aligned.modes.score.start[WORD]} s after the rerun`);

    await page.reload();
    await page.waitForSelector(`.word.hand[data-word="${WORD}"]`);
    await page.click(`.word[data-word="${WORD}"]`);
    assert.match(await page.textContent('.word-panel'), /1 word set by hand/);
});

test('onsets move by keys, between their neighbours, and back', async () => {
    const { page } = await openItem();
    await page.evaluate(() => localStorage.clear());
    await page.reload();
    await page.waitForSelector('.lyrics .word');
    await page.click('.word[data-word="2"]');
    const time = () => page.$eval('.block.estimate[data-word="2"] .handle',
        (node) => Number(node.getAttribute('aria-valuenow')));
    const old = await time();
    await page.keyboard.press('.');
    assert.ok(Math.abs(await time() - old - 0.01) < 0.0011);
    await page.focus('.block.estimate[data-word="2"] .handle');
    for (let i = 0; i < 100; i++) {
        await page.keyboard.press('Shift+ArrowLeft');
    }
    const before = await page.$eval('.block.estimate[data-word="1"] .handle',
        (node) => Number(node.getAttribute('aria-valuenow')));
    assert.ok(Math.abs(await time() - before - 0.01) < 0.0011, `${await time()} after ${before}`);
    await page.click('.word[data-word="2"]');
    await page.keyboard.press('x');
    assert.equal(await time(), old);
});
