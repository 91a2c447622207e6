// Where no running service is named (QIANTU_URL), the tests start the program
// of this checkout with a demo county of its own, and stop it at the end.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../bin/qiantu', import.meta.url));
const START_MS = 180_000;
const STOP_MS = 20_000;

/** The address the program prints once it serves. */
function listening(program: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(() => {
      reject(
        new Error(`bin/qiantu demo did not listen within ${String(START_MS / 1000)} s; it said:\n${said}`),
      );
    }, START_MS);
    const hear = (data: Buffer) => {
      said += data.toString();
      const [, address] = /listening (http:\/\/\S+)/.exec(said) ?? [];
      if (!address) return;
      clearTimeout(late);
      resolve(address);
    };
    program.stdout?.on('data', hear);
    program.stderr?.on('data', hear);
    program.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`bin/qiantu demo ended with ${String(code)}; it said:\n${said}`));
    });
  });
}

async function ready(url: string): Promise<void> {
  const until = Date.now() + START_MS;
  for (;;) {
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    if (Date.now() > until) throw new Error(`${url}/readyz: ${answer ? await answer.text() : 'no answer'}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function stop(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null) return;
  const gone = new Promise((resolve) => program.once('exit', resolve));
  program.kill('SIGTERM');
  const late = setTimeout(() => program.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(late);
}

export default async function setup(): Promise<() => Promise<void>> {
  const given = process.env['QIANTU_URL'];
  if (given) {
    await ready(given.replace(/\/$/, ''));
    return () => Promise.resolve();
  }
  if (!existsSync(PROGRAM))
    throw new Error(`${PROGRAM} is not there; run make build, or set QIANTU_URL and QIANTU_DSN`);
  const folder = mkdtempSync(join(tmpdir(), 'qiantu-e2e-'));
  // Started as root, the database server runs as another user, who must get through.
  chmodSync(folder, 0o711);
  const data = join(folder, 'data');
  const program = spawn(PROGRAM, ['demo', '--data-dir', data, '--listen', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DATABASE_URL: '' },
  });
  const end = async () => {
    await stop(program);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const address = await listening(program);
    await ready(address);
    const found = execFileSync(PROGRAM, ['doctor', '--json', '--data-dir', data], { encoding: 'utf8' });
    process.env['QIANTU_URL'] = address;
    process.env['QIANTU_DSN'] = (JSON.parse(found) as { dsn: string }).dsn;
  } catch (problem) {
    await end();
    throw problem;
  }
  return end;
}
