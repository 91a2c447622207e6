// Who is signed in and what that person may do, docs/people.md.

import { read, send } from '../http';

/** Least length of a password in bytes, as the service wants it: said before it is sent. */
export const LEAST_PASSWORD = 8;

export const ROLES = ['viewer', 'leader', 'reporter', 'editor', 'planner', 'approver', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export const ACTIONS = ['read', 'report', 'edit', 'decide', 'plan', 'administer'] as const;
export type Action = (typeof ACTIONS)[number];

/** A role for a region with all below it, or `*`. */
export interface Grant {
  role: Role;
  region: string;
}

export const DEMO_ROLES = ['bureau', 'planner', 'leader'] as const;

export interface Me {
  login: string;
  name: string;
  unit: string;
  /** Nobody has signed in. */
  guest: boolean;
  /** This is the demo: its roles are ready. */
  demo: boolean;
  /** Nobody can sign in yet: the first administrator is to be made. */
  setup_needed: boolean;
  /** There is a region in which this person gives rights. */
  administer: boolean;
  grants: Grant[] | null;
  /** By county that may be read: what may be done in all of it. */
  actions: Record<string, Action[]> | null;
  /** By township with a grant of its own: what may be done there. */
  townships: Record<string, Action[]> | null;
}

export interface Account {
  login: string;
  name: string;
  unit: string;
  disabled: boolean;
  /** false: nobody can sign in. */
  password: boolean;
  created: string;
  /** Open ones. */
  sessions: number;
  grants: Grant[] | null;
}

export interface Accounts {
  users: Account[] | null;
  /** What everyone may read without signing in. */
  guest: Grant[] | null;
}

const user = (login: string) => `users/${encodeURIComponent(login)}`;

export const people = {
  me: () => read<Me>('me'),
  signIn: (login: string, password: string) => send<Me>('POST', 'session', { login, password }),
  signOut: (everywhere: boolean) =>
    send<null>('DELETE', 'session', undefined, everywhere ? { all: true } : {}),
  demo: (role: string) => send<Me>('POST', 'demo/session', { role }),
  setUp: (body: { token: string; login: string; name: string; password: string }) =>
    send<Me>('POST', 'setup', body),
  password: (old: string, fresh: string) => send<null>('POST', 'me/password', { old, new: fresh }),
  accounts: () => read<Accounts>('users'),
  add: (body: { login: string; name: string; unit?: string; password?: string }) =>
    send<Account>('POST', 'users', body),
  change: (login: string, body: { name?: string; unit?: string; password?: string; disabled?: boolean }) =>
    send<Account>('PATCH', user(login), body),
  grant: (login: string, given: Grant) => send<Account>('POST', `${user(login)}/grants`, given),
  take: (login: string, { role, region }: Grant) =>
    send<Account>('DELETE', `${user(login)}/grants/${role}/${encodeURIComponent(region)}`),
  endAll: (login: string) => send<{ ended: number }>('DELETE', `${user(login)}/sessions`),
};
