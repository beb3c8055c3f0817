// The two pictures in README.md, of the demo dataset: node screenshots.mjs OUTPUT_FOLDER

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launch, openPage } from './browser.mjs';
import { demoReport, urlOf } from './report.mjs';

const output = process.argv[2];
const { report } = await demoReport('screenshots', 'all');
const browser = await launch();
const { page } = await openPage(browser, { viewport: { width: 1100, height: 760 } });
await mkdir(output, { recursive: true });

await page.goto(urlOf(report));
await page.waitForSelector('.plot canvas');
await page.waitForTimeout(300);
await page.screenshot({ path: join(output, 'overview.png') });

await page.goto(urlOf(report, '#/item/item-0004/joint'));
await page.waitForSelector('.lyrics .word');
await page.click('.word >> nth=8');
await page.waitForTimeout(500);
await page.screenshot({ path: join(output, 'recording.png') });
await browser.close();
