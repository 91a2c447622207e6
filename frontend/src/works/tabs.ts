// The tabs of the drawer. A tab speaks of the open route, or of the scope; each
// is shown where it applies and to whom it may serve.

import type { Component } from 'svelte';
import type { Action } from '../account/api';
import type { Key } from '../i18n/catalogue';
import { entryTabs } from './entry_tabs';
import Curve from './curve.svelte';
import Programmes from './programme.svelte';
import Reports from './reports.svelte';
import StripTab from './strip_tab.svelte';

export interface Tab {
  /** Its name in the address; letters and underscores. */
  key: string;
  label: Key;
  /** Takes no properties: it reads `app` and `works`. */
  component: Component;
  /** `road`: needs a route; `scope`: speaks of township or county; `both`: of whichever is open. */
  of: 'road' | 'scope' | 'both';
  /** The right without which it is not shown; of several, any. */
  needs?: Action | Action[];
}

export const TABS: Tab[] = [
  { key: 'strip', label: 'tab.strip', component: StripTab, of: 'road' },
  { key: 'reports', label: 'tab.reports', component: Reports, of: 'road' },
  { key: 'curve', label: 'tab.curve', component: Curve, of: 'both' },
  { key: 'money', label: 'tab.money', component: Programmes, of: 'scope' },
  ...entryTabs,
];
