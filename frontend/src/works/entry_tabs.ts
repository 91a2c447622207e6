// Tabs for those who write: entry of progress, cases, inspections, realignment,
// and why a figure moved.

import Why from './difference.svelte';
import Cases from './dispute.svelte';
import Entry from './entry.svelte';
import Checks from './findings.svelte';
import Inbox from './inbox.svelte';
import Inspections from './inspection.svelte';
import Realign from './realign.svelte';
import Sheet from './sheet.svelte';
import type { Tab } from './tabs';

export const entryTabs: Tab[] = [
  { key: 'report', label: 'tab.report', component: Entry, of: 'both', needs: 'report' },
  { key: 'sheet', label: 'tab.sheet', component: Sheet, of: 'scope', needs: 'report' },
  { key: 'inbox', label: 'tab.inbox', component: Inbox, of: 'both', needs: ['report', 'edit', 'decide'] },
  { key: 'cases', label: 'tab.cases', component: Cases, of: 'both' },
  { key: 'inspections', label: 'tab.inspections', component: Inspections, of: 'both' },
  { key: 'realign', label: 'tab.realign', component: Realign, of: 'road', needs: 'edit' },
  { key: 'why', label: 'tab.why', component: Why, of: 'scope' },
  { key: 'checks', label: 'tab.checks', component: Checks, of: 'scope' },
];
