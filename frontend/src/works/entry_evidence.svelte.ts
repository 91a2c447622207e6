// Evidence on its way into a report: each file is sent at once and then known
// by its hash; where a photo says where it was taken, its distance is asked
// for; a track is laid along the roads.

import { asProblem, type Problem } from '../http';
import { app } from '../state.svelte';
import { works as service, type Attachment, type Located, type Span, type TrackMatch } from './api';

const MEDIA: Record<string, string> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  pdf: 'application/pdf',
  gpx: 'application/gpx+xml',
  geojson: 'application/geo+json',
  json: 'application/geo+json',
};

export function ending(name: string): string {
  return name.toLowerCase().split('.').pop() ?? '';
}

/** The media type of a file by its name, else as the browser says. */
export function mediaOf(file: { name: string; type: string }): string {
  return MEDIA[ending(file.name)] ?? (file.type || 'application/octet-stream');
}

export class Evidence {
  readonly key = crypto.randomUUID();
  readonly name: string;
  sent = $state.raw<Attachment | null>(null);
  problem = $state.raw<Problem | null>(null);
  near = $state.raw<Located | null>(null);
  track = $state.raw<TrackMatch | null>(null);
  trackProblem = $state.raw<Problem | null>(null);
  matching = $state(false);
  #seq = 0;

  constructor(readonly file: File) {
    this.name = file.name || 'photo.png';
  }

  get hash(): string {
    return this.sent?.hash ?? '';
  }

  get isTrack(): boolean {
    const media = this.sent?.media ?? mediaOf(this.file);
    return media === 'application/gpx+xml' || media === 'application/geo+json';
  }

  async send(): Promise<void> {
    this.problem = null;
    try {
      this.sent = await service.attach(app.view.region, this.file, mediaOf(this.file));
    } catch (cause) {
      this.problem = asProblem(cause);
    }
  }

  /** Asks how far the photo is from a road, or what the track drove. */
  async match(road: number | null, span: Span | null): Promise<void> {
    if (!this.sent) return;
    const seq = ++this.#seq;
    if (this.isTrack) {
      await this.#drive(seq, road, span);
      return;
    }
    const { place } = this.sent;
    if (!place) return;
    try {
      const [near] = await service.locate({
        region: app.view.region,
        point: place,
        ...(road ? { road } : {}),
      });
      if (seq === this.#seq) this.near = near ?? null;
    } catch {
      if (seq === this.#seq) this.near = null;
    }
  }

  async #drive(seq: number, road: number | null, span: Span | null): Promise<void> {
    this.matching = true;
    try {
      const whole = await service.track({ region: app.view.region, hash: this.hash });
      const interval =
        road && span
          ? await service.track({ region: app.view.region, hash: this.hash, road, ...span })
          : null;
      if (seq !== this.#seq) return;
      this.track = { ...whole, overlap_share: interval?.overlap_share ?? null };
      this.trackProblem = null;
    } catch (cause) {
      if (seq === this.#seq) this.trackProblem = asProblem(cause);
    } finally {
      if (seq === this.#seq) this.matching = false;
    }
  }
}
