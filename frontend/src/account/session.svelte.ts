// Who sits before the screen. The service decides every request anew; what is
// kept here only says what to offer.

import { asProblem, onUnauthorized } from '../http';
import { people, type Action, type Me } from './api';

export const GUEST: Me = {
  login: 'guest',
  name: '',
  unit: '',
  guest: true,
  demo: false,
  setup_needed: false,
  administer: false,
  grants: [],
  actions: {},
  townships: {},
};

class Session {
  me = $state.raw<Me>(GUEST);
  /** Whether the service has said who this is. */
  known = $state(false);
  /** Whether a session ended that was not ended here. */
  lost = $state(false);
  /** Whether the sign-in form is open. */
  open = $state(false);
  #changed: () => void = () => undefined;

  constructor() {
    onUnauthorized(() => {
      // A guest is one already: only who was signed in has lost something.
      if (!this.me.guest) void this.refresh();
    });
  }

  /** Who is told when somebody else sits here now. */
  onChange(told: () => void): void {
    this.#changed = told;
  }

  /** Asks the service who this is. A service that cannot be asked leaves all as it was. */
  async refresh(): Promise<void> {
    try {
      this.take(await people.me(), true);
    } catch (cause) {
      if (asProblem(cause).status === 404) this.known = true;
    }
  }

  /** A new answer about who this is; `unasked`: nobody signed in or out here. */
  take(me: Me | null, unasked = false): void {
    const before = this.me;
    const now = me ?? { ...GUEST, demo: before.demo };
    this.lost = unasked ? this.lost || (!before.guest && now.guest) : false;
    const first = !this.known;
    // The same again changes nothing that is shown.
    if (JSON.stringify(before) !== JSON.stringify(now)) this.me = now;
    this.known = true;
    // What was read at the start was read as the same person already.
    if (!first && before.login !== now.login) this.#changed();
  }

  /** Whether something may be offered in a county, or in a township of it. */
  may(action: Action, county: string, township = ''): boolean {
    const { actions, townships } = this.me;
    return (
      (actions?.[county]?.includes(action) ?? false) ||
      (township !== '' && (townships?.[township]?.includes(action) ?? false))
    );
  }

  /** Whether it may be offered in some township of a county. */
  maySomewhere(action: Action, county: string): boolean {
    return (
      this.may(action, county) ||
      Object.entries(this.me.townships ?? {}).some(
        ([code, actions]) => code.startsWith(county) && actions.includes(action),
      )
    );
  }

  async signOut(everywhere: boolean): Promise<void> {
    await people.signOut(everywhere);
    this.take(null);
    await this.refresh();
  }
}

export const session = new Session();
