// What the decision table shows; it stays while a sheet is open.

import { EVERYONE, type Wanted } from './rows';

class Table {
  wanted = $state.raw<Wanted>(EVERYONE);

  want(patch: Partial<Wanted>): void {
    this.wanted = { ...this.wanted, ...patch };
  }

  clear(): void {
    const { sort, falling } = this.wanted;
    this.wanted = { ...EVERYONE, decision: 'all', sort, falling };
  }
}

export const table = new Table();
