import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { demoReport, urlOf } from './report.mjs';

let browser;
let report;
before(async () => {
    [browser, { report }] = await Promise.all([launch(), demoReport('overview')]);
});
after(() => browser?.close());

const columnTexts = (page, column) => page.$$eval('.figures tbody tr',
    (rows, at) => rows.map((row) => row.children[at].textContent), column);

test('the page loads without errors and without the network', async () => {
    const { page, trouble } = await openPage(browser);
    await page.goto(urlOf(report));
    await page.waitForSelector('.figures tbody tr');
    assert.equal(await page.textContent('h1'), 'demo');
    assert.ok(await page.$$eval('.box-link', (links) => links.length) >= 9);
    assert.equal(await page.$$eval('.plot canvas', (plots) => plots.length), 2);
    assert.match(await page.textContent('.facts'), /processors/);
    await page.click('.box-link');
    await page.waitForSelector('.lyrics .word');
    await page.click('text=Compare versions');
    await page.waitForSelector('.versions .block');
    await page.waitForTimeout(300);
    assert.deepEqual(trouble, []);
});

test('every column sorts, up and down', async () => {
    const { page } = await openPage(browser);
    await page.goto(urlOf(report));
    await page.waitForSelector('.figures tbody tr');
    const heads = await page.$$eval('.figures thead th', (cells) => cells.map((cell) => cell.textContent));
    for (const [at, label] of heads.entries()) {
        const button = `.figures thead th:nth-child(${at + 1}) button`;
        const numbers = async () => (await columnTexts(page, at))
            .map((text) => (at < 3 ? text : Number(text.replace('−', '-'))));
        const inOrder = (values) => values.every((value, i) => i === 0 || (at < 3
            ? values[i - 1].localeCompare(value, 'de', { numeric: true }) <= 0 : values[i - 1] <= value));
        await page.click(button);
        assert.ok(inOrder(await numbers()), `${label}, ascending`);
        assert.equal(await page.getAttribute(`.figures thead th:nth-child(${at + 1})`, 'aria-sort'),
            'ascending');
        await page.click(button);
        assert.ok(inOrder((await numbers()).reverse()), `${label}, descending`);
    }
});

test('rows can be songs, versions and modes', async () => {
    const { page } = await openPage(browser);
    await page.goto(urlOf(report));
    for (const [label, first] of [['songs', 'song'], ['versions', 'version'], ['modes', 'mode']]) {
        await page.click(`.choice label:has-text("${label}")`);
        assert.equal(await page.textContent('.figures thead th'), first);
        assert.ok((await columnTexts(page, 0)).length >= 1);
    }
});

test('no page is wider than a tablet', async () => {
    for (const width of [768, 1024, 1280]) {
        const { page } = await openPage(browser, { viewport: { width, height: 900 } });
        for (const hash of ['', '#/item/item-0001/score', '#/song/Silbe_Demo-01']) {
            await page.goto(urlOf(report, hash));
            await page.waitForSelector('h1');
            await page.waitForTimeout(200);
            assert.ok(await page.evaluate(() => document.documentElement.scrollWidth
                <= document.documentElement.clientWidth), `${hash} at ${width}`);
        }
    }
});

test('everything that can be pressed has a name', async () => {
    const { page } = await openPage(browser);
    for (const hash of ['', '#/item/item-0001/score', '#/song/Silbe_Demo-01']) {
        await page.goto(urlOf(report, hash));
        await page.waitForSelector('h1');
        await page.waitForTimeout(200);
        const nameless = await page.$$eval('button, a, input, select, [role=slider]', (nodes) => nodes
            .filter((node) => !(node.textContent.trim() || node.getAttribute('aria-label')
                || node.labels?.[0]?.textContent.trim()))
            .map((node) => node.outerHTML));
        assert.deepEqual(nameless, []);
    }
});
