// Tabs for those who write: entry of progress, cases, inspections, realignment,
// and why a figure moved.

import Entry from './entry.svelte';
import Inbox from './inbox.svelte';
import Sheet from './sheet.svelte';
import type { Tab } from './tabs';

export const entryTabs: Tab[] = [
  { key: 'report', label: 'tab.report', component: Entry, of: 'both', needs: 'report' },
  { key: 'sheet', label: 'tab.sheet', component: Sheet, of: 'scope', needs: 'report' },
  { key: 'inbox', label: 'tab.inbox', component: Inbox, of: 'both', needs: 'read' },
];
