// The wall as the screen holds it: whether it is shown, of which county, live
// or pinned to a moment, by a link or not. The address holds all of it.

import { asProblem, bear, type Problem } from '../http';
import { wallApi, type Wall } from './api';

const ADDRESS = /^#\/?([^/?]*)\/wall(?:\?(.*))?$/s;
/** A busy day has many revisions a second; the wall is read again this often at most. */
const PAUSE_MS = 1500;
/** After a failure it is tried again. */
const AGAIN_MS = 10_000;

class WallState {
  open = $state(false);
  region = $state('');
  /** The moment it is pinned to; both empty: it is live. */
  asOf = $state('');
  knownAt = $state('');
  /** The bulletin it is pinned to, by number or as last; empty: none. The moment is the bulletin's then. */
  bulletin = $state('');
  /** The token of the link that opened it; empty: it was opened from the normal screen. */
  link = $state('');
  data = $state.raw<Wall | null>(null);
  problem = $state.raw<Problem | null>(null);
  #reading = false;
  #again = false;
  #later: ReturnType<typeof setTimeout> | undefined;

  pinned = $derived(this.asOf !== '' || this.knownAt !== '' || this.bulletin !== '');

  /** Takes an address; says whether it is a wall's. */
  take(hash: string): boolean {
    const [, region = '', text = ''] = ADDRESS.exec(hash) ?? [];
    this.open = ADDRESS.test(hash);
    if (!this.open) return false;
    const query = new URLSearchParams(text);
    this.region = decodeURIComponent(region);
    this.asOf = query.get('asof') ?? '';
    this.knownAt = query.get('known') ?? '';
    this.bulletin = query.get('bulletin') ?? '';
    this.link = query.get('link') ?? '';
    if (this.link) bear(this.link);
    return true;
  }

  hash(lang: string | null, theme: string | null): string {
    const given = {
      bulletin: this.bulletin,
      asof: this.bulletin ? '' : this.asOf,
      known: this.bulletin ? '' : this.knownAt,
      link: this.link,
      lang: lang ?? '',
      theme: theme ?? '',
    };
    const query = new URLSearchParams(Object.entries(given).filter(([, value]) => value)).toString();
    return `#/${encodeURIComponent(this.region)}/wall${query ? `?${query}` : ''}`;
  }

  show(region: string, asOf: string): void {
    Object.assign(this, {
      open: true,
      region,
      asOf,
      knownAt: '',
      bulletin: '',
      link: '',
      data: null,
      problem: null,
    });
  }

  /** Pins what is shown, or lets it be live again. */
  pin(): void {
    const [asOf = '', knownAt = ''] = this.pinned ? [] : (this.data?.moment.split('@') ?? []);
    Object.assign(this, { asOf, knownAt, bulletin: '' });
    void this.read();
  }

  /** There is something newer. A pinned wall says what has changed since, so it is read again too. */
  refresh(): void {
    if (this.#later) return;
    this.#later = setTimeout(() => {
      this.#later = undefined;
      void this.read();
    }, PAUSE_MS);
  }

  async read(): Promise<void> {
    if (this.#reading) {
      this.#again = true;
      return;
    }
    this.#reading = true;
    try {
      this.data = await wallApi.wall(this.region, this.asOf, this.knownAt, this.bulletin);
      // The map asks for the moment of the bulletin too.
      if (this.data.bulletin) [this.asOf = '', this.knownAt = ''] = this.data.moment.split('@');
      this.problem = null;
    } catch (cause) {
      this.problem = asProblem(cause);
      // What it has shown stands; only a link that has ended takes it away.
      if (this.problem.status === 401 || this.problem.status === 404) this.data = null;
      setTimeout(() => {
        if (this.open) this.refresh();
      }, AGAIN_MS);
    }
    this.#reading = false;
    if (this.#again) {
      this.#again = false;
      void this.read();
    }
  }
}

export const wall = new WallState();
