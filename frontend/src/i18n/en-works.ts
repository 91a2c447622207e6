// Words for entering, checking and explaining the works, in English.

import type { WorksKey } from './zh-CN';

export const enWorks: Record<WorksKey, string> = {};
