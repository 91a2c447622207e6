// Lays a patch (docs/stream.md, "A patch frame") over a vector tile, without taking
// features apart: those that stay keep their bytes. A layer's keys and values are
// looked up by number, so those of the patch are numbered anew.

const LAYER = 3;
const NAME = 1;
const FEATURE = 2;
const KEY = 3;
const VALUE = 4;
const FEATURE_ID = 1;
const FEATURE_TAGS = 2;
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** A field of a protocol buffers message: a number, or its bytes, and all of it as it stands. */
interface Field {
  number: number;
  value: number;
  bytes: Uint8Array;
  raw: Uint8Array;
}

class Reader {
  #at = 0;
  #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get rest(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 63; scale *= 128) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new Error('number without an end');
  }

  take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw new Error('bytes missing');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  field(): Field {
    const from = this.#at;
    const tag = this.varint();
    const field: Field = { number: tag >>> 3, value: 0, bytes: NOTHING, raw: NOTHING };
    switch (tag & 7) {
      case VARINT:
        field.value = this.varint();
        break;
      case BYTES:
        field.bytes = this.take(this.varint());
        break;
      case FIXED64:
        this.take(8);
        break;
      case FIXED32:
        this.take(4);
        break;
      default:
        throw new Error(`field of kind ${String(tag & 7)}`);
    }
    field.raw = this.#bytes.subarray(from, this.#at);
    return field;
  }
}

const NOTHING = new Uint8Array();
/** Gives different texts for different bytes. */
const BYTEWISE = new TextDecoder('latin1');

function fields(bytes: Uint8Array): Field[] {
  const reader = new Reader(bytes);
  const out: Field[] = [];
  while (!reader.done) out.push(reader.field());
  return out;
}

function varint(value: number): number[] {
  const out: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) out.push((value % 128) | 128);
  out.push(value);
  return out;
}

function join(parts: (Uint8Array | number[])[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function bytesField(number: number, bytes: Uint8Array): Uint8Array {
  return join([varint(number * 8 + BYTES), varint(bytes.length), bytes]);
}

/** Things known by their bytes, numbered as they come. */
class Table {
  readonly entries: Uint8Array[] = [];
  #numbers = new Map<string, number>();

  add(bytes: Uint8Array): number {
    const name = BYTEWISE.decode(bytes);
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.entries.length);
    this.entries.push(bytes);
    return this.entries.length - 1;
  }
}

/** A layer that features go from and come to. */
class Layer {
  #other: Uint8Array[] = [];
  #keys = new Table();
  #values = new Table();
  #features: Uint8Array[] = [];

  /** Takes the features of a layer of this name, but for those without a place here. */
  take(layer: Uint8Array, gone: ReadonlySet<number>): void {
    const all = fields(layer);
    const keys = all.filter(({ number }) => number === KEY).map(({ bytes }) => this.#keys.add(bytes));
    const values = all.filter(({ number }) => number === VALUE).map(({ bytes }) => this.#values.add(bytes));
    if (this.#other.length === 0)
      this.#other = all.filter(({ number }) => ![FEATURE, KEY, VALUE].includes(number)).map(({ raw }) => raw);
    const kept = keys.every((n, i) => n === i) && values.every((n, i) => n === i);
    for (const { number, bytes } of all) {
      if (number !== FEATURE) continue;
      const parts = fields(bytes);
      const id = parts.find((part) => part.number === FEATURE_ID)?.value ?? 0;
      if (gone.has(id)) continue;
      this.#features.push(kept ? bytes : renumbered(parts, keys, values));
    }
  }

  /** The layer as bytes; without features: nothing. */
  write(): Uint8Array {
    if (this.#features.length === 0) return NOTHING;
    const body = join([
      ...this.#other,
      ...this.#features.map((feature) => bytesField(FEATURE, feature)),
      ...this.#keys.entries.map((key) => bytesField(KEY, key)),
      ...this.#values.entries.map((value) => bytesField(VALUE, value)),
    ]);
    return bytesField(LAYER, body);
  }
}

function renumbered(parts: Field[], keys: number[], values: number[]): Uint8Array {
  return join(
    parts.map(({ number, bytes, raw }) => {
      if (number !== FEATURE_TAGS) return raw;
      const tags = new Reader(bytes);
      const out: number[] = [];
      while (!tags.done) {
        const [key, value] = [keys[tags.varint()], values[tags.varint()]];
        if (key === undefined || value === undefined) throw new Error('tag without a key or a value');
        out.push(...varint(key), ...varint(value));
      }
      return bytesField(FEATURE_TAGS, Uint8Array.from(out));
    }),
  );
}

/** Which features each layer loses, and the tile of those that come. */
function readPatch(patch: Uint8Array): { gone: Map<string, Set<number>>; tile: Uint8Array } {
  const reader = new Reader(patch);
  const gone = new Map<string, Set<number>>();
  for (let layers = reader.varint(); layers > 0; layers--) {
    const name = text(reader.take(reader.varint()));
    const ids = new Set<number>();
    for (let count = reader.varint(); count > 0; count--) ids.add(reader.varint());
    gone.set(name, ids);
  }
  return { gone, tile: reader.rest };
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function layersOf(tile: Uint8Array): { name: string; bytes: Uint8Array; raw: Uint8Array }[] {
  return fields(tile)
    .filter(({ number }) => number === LAYER)
    .map(({ bytes, raw }) => {
      const name = fields(bytes).find(({ number }) => number === NAME);
      return { name: text(name?.bytes ?? NOTHING), bytes, raw };
    });
}

const NONE: ReadonlySet<number> = new Set();

/** The tile after the patch. Features that come stand behind those that stay; their order says nothing. */
export function applyPatch(base: ArrayBuffer, patch: ArrayBuffer): ArrayBuffer {
  if (patch.byteLength === 0) return base;
  const { gone, tile } = readPatch(new Uint8Array(patch));
  const touched = new Map<string, Layer>();
  const out: Uint8Array[] = [];
  for (const { name, bytes, raw } of layersOf(new Uint8Array(base))) {
    const ids = gone.get(name);
    if (!ids) {
      out.push(raw);
      continue;
    }
    const layer = new Layer();
    layer.take(bytes, ids);
    touched.set(name, layer);
  }
  for (const { name, bytes } of layersOf(tile)) {
    const layer = touched.get(name) ?? new Layer();
    layer.take(bytes, NONE);
    touched.set(name, layer);
  }
  return join([...out, ...[...touched.values()].map((layer) => layer.write())]).buffer;
}
