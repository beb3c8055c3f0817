import assert from 'node:assert/strict';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { demoReport, readData, stages, urlOf } from './report.mjs';

const EARLY_S = 0.08; // before its note a word is first heard
const LOST = [1, 2]; // word (from 0) of the first line and whether it has a place

let browser;
let report;
let item;

/** The results of mode score as another mode would have them: phones, first sounds, words not found. */
async function addLyricsMode(work) {
    const [from, to] = ['score', 'lyrics'].map((mode) => join(work, 'demo', mode));
    await cp(from, to, { recursive: true });
    await rm(join(to, 'path'), { recursive: true });
    const words = join(to, 'words');
    for (const name of (await readdir(words)).filter((file) => file.endsWith('.json'))) {
        const document = JSON.parse(await readFile(join(words, name), 'utf8'));
        document.mode = 'lyrics';
        const first = document.lines[0].words;
        for (const k of LOST) {
            Object.assign(first[k], { matched: false, confidence: 0.01 });
        }
        // The second one has no place.
        for (const one of [first[LOST[1]], ...first[LOST[1]].syllables]) {
            Object.assign(one, { start_s: null, end_s: null });
        }
        document.lines[0].end_s = first.findLast((word) => word.matched).end_s;
        for (const word of document.lines.flatMap((line) => line.words)) {
            word.sounding_start_s = !word.matched ? null
                : Math.round(1e4 * (word.start_s - EARLY_S)) / 1e4;
            word.phones = !word.matched ? [] : [
                { phone: 'S', start_s: word.sounding_start_s, end_s: word.start_s, confidence: 0.25 },
                { phone: 'a', start_s: word.start_s, end_s: word.end_s, confidence: 0.75 },
            ];
        }
        await writeFile(join(words, name), JSON.stringify(document));
    }
}

before(async () => {
    let work;
    [browser, { work, report }] = await Promise.all([launch(), demoReport('modes')]);
    await addLyricsMode(work);
    const args = ['--dataset', 'demo', '--work', work];
    await stages(['evaluate'], [...args, '--set', 'align.mode=all']);
    await stages(['report'], [...args, '--set', 'acoustic.voice=en-us']);
    item = await readData(report, 'item-0001');
});
after(() => browser?.close());

async function openItem(mode) {
    const opened = await openPage(browser);
    await opened.page.goto(urlOf(report, `#/item/item-0001/${mode}`));
    await opened.page.waitForSelector('.lyrics .word');
    await opened.page.evaluate(() => localStorage.clear());
    return opened;
}

test('the data tell what a mode knows, and null what it does not', () => {
    const { score, lyrics } = item.modes;
    assert.equal(score.phones, null);
    assert.equal(score.sounding, null);
    assert.deepEqual(score.unmatched, []);
    assert.deepEqual(lyrics.unmatched.map(([word]) => word), LOST);
    assert.equal(lyrics.unmatched[1][1], null);
    assert.deepEqual(LOST.map((i) => lyrics.start[i]), [null, null]);
    assert.equal(lyrics.start[3], score.start[3], 'words after those that were not found');
    assert.ok(Math.abs(lyrics.start[3] - lyrics.sounding[3] - EARLY_S) < 2e-4);
    assert.equal(lyrics.phones.length, 2 * (item.words.length - LOST.length));
    assert.deepEqual(lyrics.phones.filter(([word]) => word === 3).map((phone) => phone[1]), ['S', 'a']);
});

test('phones lie below their words, can be hidden, and are not there without any', async () => {
    const { page, trouble } = await openItem('lyrics');
    await page.click('.word[data-word="4"]');
    const shown = () => page.$$eval('.phone[data-word="4"]', (nodes) => nodes.map((node) =>
        [node.textContent, parseFloat(node.style.left), node.getBoundingClientRect().top]));
    const phones = await shown();
    assert.deepEqual(phones.map(([text]) => text), ['S', 'a']);
    const block = await page.$eval('.block.estimate[data-word="4"]', (node) =>
        [parseFloat(node.style.left), node.getBoundingClientRect().bottom]);
    assert.ok(Math.abs(phones[1][1] - block[0]) < 0.6, 'the vowel begins with the word');
    assert.ok(Math.abs(block[0] - phones[0][1] - EARLY_S * 120) < 0.6, 'the consonant before it');
    assert.ok(phones.every(([, , top]) => top >= block[1] - 1), 'below the words');
    // The tick before the word.
    const tick = await page.$eval('.first-sound[data-word="4"]', (node) =>
        [parseFloat(node.style.left), node.title]);
    assert.ok(Math.abs(block[0] - tick[0] - EARLY_S * 120) < 0.6);
    assert.match(tick[1], /first heard 80 ms before its note/);
    assert.match(await page.textContent('.word-panel'), /First heard/);

    const height = () => page.$eval('.lanes', (node) => node.clientHeight);
    const tall = await height();
    await page.click('button:has-text("Phones")');
    assert.deepEqual(await shown(), []);
    assert.ok(await height() < tall);
    await page.keyboard.press('p');
    assert.equal((await shown()).length, 2);
    // Far out they would be a smear.
    for (let i = 0; i < 4; i++) {
        await page.keyboard.press('-');
    }
    assert.deepEqual(await shown(), []);
    assert.deepEqual(trouble, []);

    const score = await openItem('score');
    assert.equal(await score.page.$('button:has-text("Phones")'), null);
    assert.equal(await score.page.$('.first-sound'), null);
    assert.equal(await score.page.$('.lost-words'), null);
    assert.deepEqual(score.trouble, []);
});

test('words that were not found are listed with their line and can be placed', async () => {
    const { page, trouble } = await openItem('lyrics');
    const list = await page.$$eval('.lost-words li', (nodes) => nodes.map((node) => node.textContent));
    assert.equal(list.length, LOST.length);
    assert.ok(list[0].startsWith(item.words[1]), list[0]);
    assert.match(list[0], /line 1, at best 0:\d/);
    assert.match(list[1], /line 1$/);
    assert.ok(await page.$(`.word.missing[data-word="${LOST[0]}"]`));
    await page.click(`.lost[data-word="${LOST[0]}"]`);
    assert.equal(await page.$eval('.word.chosen', (node) => Number(node.dataset.word)), LOST[0]);
    await page.keyboard.press('s');
    const block = await page.waitForSelector(`.block.estimate[data-word="${LOST[0]}"] .handle`);
    const time = Number(await block.getAttribute('aria-valuenow'));
    assert.ok(Math.abs(time - item.modes.lyrics.unmatched[0][1]) < 0.06, `${time} s`);
    assert.match(await page.textContent('.lost-words li'), /set by hand/);
    // It is saved among the others, in their order.
    const [download] = await Promise.all([page.waitForEvent('download'),
        page.click('text=Save corrections')]);
    const rows = (await readFile(await download.path(), 'utf8')).trim().split('\n').slice(1);
    assert.equal(rows.length, item.words.length - 1);
    assert.match(rows[LOST[0]], /;1\.000$/);
    // What was set by hand holds in every mode.
    await page.selectOption('select', 'score');
    await page.waitForSelector(`.word.hand[data-word="${LOST[0]}"]`);
    // x takes it back.
    await page.selectOption('select', 'lyrics');
    await page.waitForSelector('.lost-words');
    await page.click(`.lost[data-word="${LOST[0]}"]`);
    await page.keyboard.press('x');
    assert.ok(await page.$(`.word.missing[data-word="${LOST[0]}"]`));
    assert.deepEqual(trouble, []);
});

test('the text has the language of its voice', async () => {
    const { page } = await openItem('lyrics');
    assert.equal(await page.getAttribute('.lyrics', 'lang'), 'en-us');
    await page.click('.word[data-word="4"]');
    assert.equal(await page.getAttribute('.word-panel h2', 'lang'), 'en-us');
});

test('modes stand side by side in the overview', async () => {
    const { page, trouble } = await openPage(browser);
    await page.goto(urlOf(report));
    await page.waitForSelector('.figures tbody tr');
    await page.click('.choice label:has-text("modes")');
    const heads = await page.$$eval('.figures thead th', (cells) => cells.map((cell) => cell.textContent));
    const rows = await page.$$eval('.figures tbody tr', (nodes) =>
        nodes.map((node) => [...node.children].map((cell) => cell.textContent)));
    assert.deepEqual(rows.map(([mode]) => mode), ['score', 'lyrics']);
    const column = (name) => rows.map((row) => row[heads.indexOf(name)]);
    assert.deepEqual(column('no time'), ['0', '24']);
    assert.equal(column('words')[0], column('words')[1]);
    assert.deepEqual(trouble, []);
});
