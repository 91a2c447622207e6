// A deed that is sent again after a lost answer is the same deed: it keeps its
// id for as long as what is sent stays the same.

export class Once {
  #text = '';
  #id = '';

  /** What is sent, with the id that it has. */
  of<T extends object>(body: T): T & { id: string } {
    const text = JSON.stringify(body);
    if (text !== this.#text) {
      this.#text = text;
      this.#id = crypto.randomUUID();
    }
    return { ...body, id: this.#id };
  }

  /** It arrived: the next one is another, though it says the same. */
  done(): void {
    this.#text = '';
  }
}
