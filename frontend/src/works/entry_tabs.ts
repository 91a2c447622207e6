// Tabs for those who write: entry of progress, cases, inspections, realignment,
// and why a figure moved.

import type { Tab } from './tabs';

export const entryTabs: Tab[] = [];
