// A WebDriver client, as small as what we need of the protocol (W3C WebDriver, 2018), and WebKitWebDriver itself.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** Key codes of the protocol (section 17.4.2). */
export const KEYS = {
  Alt: '\uE00A', Shift: '\uE008', Control: '\uE009', Enter: '\uE007', Escape: '\uE00C', Tab: '\uE004', Space: ' ',
  ArrowUp: '\uE013', ArrowDown: '\uE015', ArrowLeft: '\uE012', ArrowRight: '\uE014', Backspace: '\uE003', Home: '\uE011', End: '\uE010',
};

/** A port that was free a moment ago. */
export const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
};

/** Starts the app under WebKitWebDriver and opens a session. What the app says on stderr goes to `stderr`. */
export async function drive({ binary, args = [], env = {}, stderr = 'inherit' }) {
  const port = await freePort();
  const driver = spawn('WebKitWebDriver', [`--port=${port}`], {
    env: { ...process.env, ...env, TAURI_WEBVIEW_AUTOMATION: 'true' },
    stdio: ['ignore', 'inherit', stderr],
    detached: true,
  });
  const base = `http://127.0.0.1:${port}`;
  const ask = async (method, path, body) => {
    const answer = await fetch(`${base}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined,
    });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  };
  await until(() => ask('GET', '/status').then(() => true, () => false), 'WebKitWebDriver to listen');
  const { sessionId } = await ask('POST', '/session', {
    capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { binary, args } } },
  });
  return new Session((method, path, body) => ask(method, `/session/${sessionId}${path}`, body), driver, sessionId, ask);
}

/** Waits until `probe` answers something truthy, and gives it back. */
export async function until(probe, what, timeout_ms = 30_000) {
  const end = Date.now() + timeout_ms;
  let last;
  for (;;) {
    try {
      const found = await probe();
      if (found) return found;
      last = undefined;
    } catch (problem) {
      last = problem;
    }
    if (Date.now() > end) throw new Error(`waited ${timeout_ms / 1000} s for ${what}${last ? `; last: ${last.message}` : ''}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Sends a signal to a group of processes; one that has ended by itself does not mind. */
function signal(group, name) {
  try {
    process.kill(-group, name);
  } catch {
    // It has ended.
  }
}

/** Whether a process of the group still runs; one that has ended and waits for its parent does not. */
const lives = (group) =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      try {
        const [state, , itsGroup] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
        return Number(itsGroup) === group && state !== 'Z';
      } catch {
        return false;
      }
    });

class Session {
  constructor(ask, driver, id, root) {
    this.ask = ask;
    this.driver = driver;
    this.id = id;
    this.root = root;
  }

  /** Runs a function body in the page and gives back what it returns. */
  script = (body, ...args) => this.ask('POST', '/execute/sync', { script: body, args });
  scriptAsync = (body, ...args) => this.ask('POST', '/execute/async', { script: body, args });
  windows = () => this.ask('GET', '/window/handles');
  window = () => this.ask('GET', '/window');
  switchTo = (handle) => this.ask('POST', '/window', { handle });
  setSize = (width, height) => this.ask('POST', '/window/rect', { x: 0, y: 0, width, height });
  screenshot = async () => Buffer.from(await this.ask('GET', '/screenshot'), 'base64');
  find = async (css) => (await this.ask('POST', '/element', { using: 'css selector', value: css }))[ELEMENT];
  text = async (css) => this.ask('GET', `/element/${await this.find(css)}/text`);
  click = async (css) => this.ask('POST', `/element/${await this.find(css)}/click`);
  type = async (css, text) => this.ask('POST', `/element/${await this.find(css)}/value`, { text });
  clear = async (css) => this.ask('POST', `/element/${await this.find(css)}/clear`);
  /** Presses keys together, as `keys('Alt', 'a')`. */
  async keys(...names) {
    const values = names.map((name) => KEYS[name] ?? name);
    await this.ask('POST', '/actions', {
      actions: [
        {
          type: 'key',
          id: 'keyboard',
          actions: [
            ...values.map((value) => ({ type: 'keyDown', value })),
            ...values.toReversed().map((value) => ({ type: 'keyUp', value })),
          ],
        },
      ],
    });
  }
  waitFor = (body, what, timeout_ms, ...args) => until(() => this.script(body, ...args), what, timeout_ms);

  /** Ends the application and the driver, and returns when both are gone. */
  async end() {
    await this.ask('DELETE', '').catch(() => undefined);
    signal(this.driver.pid, 'SIGTERM');
    const gone = () => !lives(this.driver.pid);
    await until(gone, 'the application to end', 10_000).catch(() => signal(this.driver.pid, 'SIGKILL'));
  }
}
