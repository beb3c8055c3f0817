import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { demoReport, readData, urlOf } from './report.mjs';

let browser;
let report;
let item;
before(async () => {
    [browser, { report }] = await Promise.all([launch(), demoReport('item')]);
    item = await readData(report, 'item-0001');
});
after(() => browser?.close());

/** Replaces Audio so that the test can look at the element that plays. */
const WATCH = () => {
    const Original = window.Audio;
    window.Audio = function Watched(...args) {
        window.testAudio = new Original(...args);
        return window.testAudio;
    };
};

async function openItem(options) {
    const opened = await openPage(browser, options);
    await opened.page.addInitScript(WATCH);
    await opened.page.goto(urlOf(report, '#/item/item-0001/score'));
    await opened.page.waitForSelector('.lyrics .word');
    await opened.page.waitForFunction(() => window.testAudio.readyState >= 2);
    return opened;
}

const audio = (page, change) => page.evaluate(change);
const sungWord = (page) => page.evaluate(() => ({
    word: Number(document.querySelector('.word.sung')?.dataset.word ?? -1),
    current: Number(document.querySelector('.word[aria-current]')?.dataset.word ?? -1),
    time: window.testAudio.currentTime,
}));

/** The word that the data says is sung at a time. */
const wordAt = (time) => item.modes.score.start.findLastIndex((start) => start <= time + 1e-4);

test('play moves the highlight to the word being sung', async () => {
    const { page, trouble } = await openItem();
    for (const k of [1, 9, 15]) {
        await page.evaluate((time) => {
            window.testAudio.currentTime = time;
        }, item.modes.score.start[k] - 0.2);
        await page.focus('h1').catch(() => {});
        await page.keyboard.press('Space');
        await page.waitForFunction((time) => window.testAudio.currentTime > time + 0.1,
            item.modes.score.start[k]);
        const { word, current, time } = await sungWord(page);
        // The clock runs on between a frame and this look at it.
        assert.ok(word === wordAt(time) || word === wordAt(time - 0.05), `word ${word} at ${time} s`);
        assert.ok(word >= k, `word ${word}, should have come to ${k}`);
        assert.equal(current, word);
        await page.keyboard.press('Space');
        await page.waitForFunction(() => window.testAudio.paused);
    }
    assert.deepEqual(trouble, []);
});

test('a click on a word jumps to its onset', async () => {
    const { page } = await openItem();
    for (const k of [0, 7, item.words.length - 1]) {
        await page.click(`.word[data-word="${k}"]`);
        await page.waitForFunction(() => !window.testAudio.seeking);
        const { word, time } = await sungWord(page);
        assert.ok(Math.abs(time - item.modes.score.start[k]) < 0.05, `${time} s`);
        assert.equal(word, k);
    }
});

test('the keyboard goes from word to word and line to line', async () => {
    const { page } = await openItem();
    const chosen = () => page.$eval('.word.chosen', (node) => Number(node.dataset.word));
    await page.keyboard.press('ArrowRight');
    assert.equal(await chosen(), 0);
    await page.keyboard.press('ArrowRight');
    assert.equal(await chosen(), 1);
    await page.keyboard.press('ArrowDown');
    assert.equal(await chosen(), item.lines[1][2]);
    await page.keyboard.press('ArrowUp');
    assert.equal(await chosen(), 0);
    await page.keyboard.press('h');
    assert.equal(await audio(page, () => window.testAudio.playbackRate), 0.5);
});

test('a loop stays within its line', async () => {
    const { page } = await openItem();
    const [, , first, n] = item.lines[1];
    const end = item.modes.score.end[first + n - 1];
    await page.click(`.word[data-word="${first}"]`);
    await page.keyboard.press('l');
    await page.evaluate((time) => {
        window.testAudio.currentTime = time;
    }, end - 0.2);
    await page.keyboard.press('Space');
    await page.waitForFunction((time) => window.testAudio.currentTime < time, end - 1,
        { timeout: 3000 });
    assert.ok(Math.abs((await sungWord(page)).time - item.modes.score.start[first]) < 0.5);
});

test('clicks sound at the onsets', async () => {
    const { page } = await openItem();
    await page.evaluate(() => {
        window.clickTimes = [];
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function watched(when) {
            window.clickTimes.push(window.testAudio.currentTime + when - this.context.currentTime);
            return start.call(this, when);
        };
    });
    const k = 3;
    await page.keyboard.press('c');
    await page.evaluate((time) => {
        window.testAudio.currentTime = time;
    }, item.modes.score.start[k] - 0.3);
    await page.keyboard.press('Space');
    await page.waitForFunction((time) => window.testAudio.currentTime > time,
        item.modes.score.start[k + 1]);
    const clicks = await page.evaluate(() => window.clickTimes);
    for (const onset of item.modes.score.start.slice(k, k + 2)) {
        assert.ok(clicks.some((time) => Math.abs(time - onset) < 0.03), `${onset} s: ${clicks}`);
    }
});

test('the timeline shows reference and estimate of every word in sight', async () => {
    const { page } = await openItem();
    await page.click('.word[data-word="4"]');
    const left = (lane) => page.$eval(`.block.${lane}[data-word="4"]`, (node) => parseFloat(node.style.left));
    const shift = (await left('estimate') - await left('reference')) / 120;
    const want = item.modes.score.start[4] - item.reference.start[4];
    assert.ok(Math.abs(shift - want) < 0.002, `${shift} s, want ${want} s`);
});
