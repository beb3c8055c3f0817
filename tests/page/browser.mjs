// Debian's chromium, headless, with eyes on everything that goes wrong or out.

import { chromium } from 'playwright-core';

const ARGUMENTS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--autoplay-policy=no-user-gesture-required'];

export const launch = () => chromium.launch({
    executablePath: process.env.SILBE_CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS,
});

/** A page of its own. trouble: errors, console errors, failed and outgoing requests. */
export async function openPage(browser, options = {}) {
    const context = await browser.newContext({ acceptDownloads: true, ...options });
    const page = await context.newPage();
    const trouble = [];
    const requests = [];
    page.on('pageerror', (error) => trouble.push(`error: ${error.stack}`));
    page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) {
            trouble.push(`console: ${message.text()}`);
        }
    });
    page.on('request', (request) => {
        requests.push(request.url());
        if (!/^(file|data|blob):/.test(request.url())) {
            trouble.push(`request: ${request.url()}`);
        }
    });
    page.on('requestfailed', (request) => {
        // Chromium gives up a media request on purpose when it has enough or the source changes.
        if (request.resourceType() !== 'media') {
            trouble.push(`failed: ${request.url()} ${request.failure()?.errorText}`);
        }
    });
    return { page, context, trouble, requests };
}
