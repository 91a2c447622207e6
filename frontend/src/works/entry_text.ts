// Words for values that came from the service, by their whole key.

import { isKey } from '../i18n/catalogue';
import { t } from '../i18n/text.svelte';

/** The catalogue's text for a key that is made of a value, or the value itself. */
export function wordFor(key: string, otherwise: string): string {
  return isKey(key) ? t(key) : otherwise;
}
