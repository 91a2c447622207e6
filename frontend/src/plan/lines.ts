// A stream of lines of JSON, each taken as soon as it is here whole.

/** Most characters of one line: a plan of a county is a hundredth of it. */
const MOST_LINE = 256 << 20;

export async function* jsonLines<T>(body: ReadableStream<Uint8Array>): AsyncGenerator<T> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const pieces = (value ? decoder.decode(value, { stream: true }) : decoder.decode()).split('\n');
      for (const [i, piece] of pieces.entries()) {
        parts.push(piece);
        length += piece.length;
        if (length > MOST_LINE) throw new Error('a line of the answer has no end');
        const last = i === pieces.length - 1;
        if (last && !done) continue;
        const line = parts.join('').trim();
        [parts, length] = [[], 0];
        if (line) yield JSON.parse(line) as T;
      }
      if (done) return;
    }
  } finally {
    // Whoever leaves early has the service stop.
    await reader.cancel().catch(() => undefined);
  }
}
