/** A value and how it came to be, step by step, so that steps may be taken back and made again. */
export class History {
  #past = [];
  #future = [];

  constructor(now) {
    this.now = now;
  }

  add(next) {
    this.#past.push(this.now);
    this.#future = [];
    this.now = next;
  }

  undo() {
    this.#future.push(this.now);
    this.now = this.#past.pop();
  }

  redo() {
    this.#past.push(this.now);
    this.now = this.#future.pop();
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }
}
