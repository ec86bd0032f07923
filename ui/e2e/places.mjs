// Every state of every screen that people look at, over the invented plant.
import { painted } from './browser.mjs';

/** Presses keys one after the other. */
const press =
  (...keys) =>
  async (page) => {
    for (const key of keys) await page.keyboard.press(key);
  };
/** Clicks what is found, one after the other. */
const click =
  (...selectors) =>
  async (page) => {
    for (const selector of selectors) await page.locator(selector).first().click();
  };
/** Acts, then waits until this is to be seen. */
const until = (selector, act) => async (page) => {
  await act?.(page);
  await page.waitForSelector(selector);
};
const both =
  (...acts) =>
  async (page) => {
    for (const act of acts) await act(page);
  };
const button = (name) => `button:has-text("${name}")`;

const PENS = 'pens=14/pressure,13/pressure,14/temperature';
const CHART = '.chart canvas';
const APPROVER = 'user=approver-1';
const ENGINEER = 'user=engineer-2';
const machine = (name) => `[role=option]:has-text("${name}")`;
/** A value typed into the form of the open machine, and a reason. */
const propose = async (page) => {
  await page.locator('.form input').first().fill('46.4');
  await page
    .locator('aside textarea')
    .fill('B-massecuite since Monday is stiffer and boils half a degree higher.');
};

/** name: {query, screen: 1 to 6, page: another file, size: its only size, ready: what shows that it stands, act}. */
export const PLACES = {
  plant: { ready: 'article.tile' },
  'plant-40': { query: 'n=40', ready: 'article.tile' },
  'plant-arrange': { ready: 'article.tile', act: press('r') },
  'plant-offline': { query: 'state=offline', ready: 'article.tile' },
  'plant-empty': { query: 'state=empty' },
  'plant-loading': { query: 'state=loading' },
  'disk-full': { query: 'state=disk', ready: 'article.tile' },
  finder: { act: until('dialog[open], [role=dialog]', press('Control+k')) },
  keys: { act: until('dialog[open], [role=dialog]', press('?')) },
  theme: { act: until('[role=menu]', click('header [aria-haspopup=menu]')) },
  'sign-in': { act: until('dialog[open], [role=dialog]', press('Alt+a')) },
  user: { query: APPROVER, act: until('[role=menu]', click('header [aria-haspopup=menu] >> nth=-1')) },
  trends: { query: PENS, screen: 2, ready: CHART, act: until('.row .mark') },
  'trends-empty': { screen: 2 },
  'trends-wide': { query: `${PENS}&span=604800000`, screen: 2, ready: CHART, act: until('.row .mark') },
  'trends-cursors': { query: PENS, screen: 2, ready: CHART, act: until('.flag', press('c')) },
  'trends-hover': {
    query: PENS,
    screen: 2,
    ready: CHART,
    act: until('.box table', (page) => page.mouse.move(900, 400)),
  },
  'trends-pick': { query: PENS, screen: 2, ready: CHART, act: until('.picker', press('p')) },
  'trends-export': {
    query: PENS,
    screen: 2,
    ready: CHART,
    act: until('[role=menu]', click(button('Export'))),
  },
  'trends-offline': { query: `${PENS}&state=offline`, screen: 2, ready: CHART },
  alarms: { screen: 3, ready: '.detail canvas' },
  'alarms-machine': { screen: 3, act: click('tr:has-text("Pan 19")') },
  'alarms-many': { query: 'alarms=many', screen: 3, ready: '.detail canvas' },
  'alarms-none': { query: 'alarms=none', screen: 3 },
  'alarms-history': { screen: 3, act: until('section table', click(button('History'))) },
  configs: { query: APPROVER, screen: 4, ready: '.form input' },
  'configs-proposal': { query: ENGINEER, screen: 4, ready: '.form input', act: propose },
  'configs-pending': {
    query: APPROVER,
    screen: 4,
    ready: '.form input',
    act: until('aside textarea', click(machine('Pan 05'))),
  },
  'configs-drifted': {
    query: APPROVER,
    screen: 4,
    ready: '.form input',
    act: until('h2:has-text("Pan 12")', click(machine('Pan 12'))),
  },
  'configs-approved': {
    query: APPROVER,
    screen: 4,
    ready: '.form input',
    act: until('h2:has-text("Pan 10")', click(machine('Pan 10'))),
  },
  'configs-versions': {
    query: APPROVER,
    screen: 4,
    ready: '.form input',
    act: until('[role=menu]', click(button('Earlier versions'))),
  },
  approvals: { query: APPROVER, screen: 4, act: until('aside textarea', click(button('Approvals'))) },
  'configs-history': {
    query: APPROVER,
    screen: 4,
    act: until('.steps', both(click(button('History')), click('.fold'))),
  },
  'configs-trouble': {
    query: `${APPROVER}&trouble`,
    screen: 4,
    ready: '.form input',
    act: until('h2:has-text("Pan 10")', click(machine('Pan 10'))),
  },
  'configs-own': {
    query: ENGINEER,
    screen: 4,
    ready: '.form input',
    act: until('h2:has-text("Pan 19")', click(machine('Pan 19'))),
  },
  reports: { screen: 5 },
  settings: { query: APPROVER, screen: 6, ready: 'section table' },
  'settings-trouble': { query: 'trouble', screen: 6, ready: 'section table' },
  'settings-offline': { query: 'state=offline', screen: 6, ready: 'section table' },
  'first-start': { query: 'state=firststart' },
  'first-start-demo': { query: 'state=firststart', act: click('label:has-text("Look at the demo")') },
  'first-start-test': {
    query: 'state=firststart',
    act: async (page) => {
      await page.getByLabel('Broker address').fill('mqtt.lublin.example');
      await page.locator(button('Test connection')).click();
      await painted(page);
    },
  },
  passphrase: { page: 'passphrase.html', size: [460, 420] },
  'passphrase-wrong': {
    page: 'passphrase.html',
    size: [460, 420],
    act: both(
      (page) => page.locator('input').first().fill('wrong'),
      until('[role=alert]:not(:empty)', press('Enter')),
    ),
  },
  'passphrase-site': { page: 'passphrase.html', query: 'purpose=create_site', size: [460, 420] },
};

export const SIZES = { big: [1920, 1080], small: [1366, 768] };
export const THEMES = ['light', 'dark'];
