/**
 * What to do if the story ends badly: pushed before the effect that it undoes (which may have happened even if it seemed to
 * fail), run last in first out. Each undo is harmless when there is nothing to undo, and is itself retried until done.
 */
export class UndoList {
  readonly #undos: ((reason: string) => Promise<unknown>)[] = [];

  push(undo: (reason: string) => Promise<unknown>): void {
    this.#undos.push(undo);
  }

  async run(reason: string): Promise<void> {
    for (let undo = this.#undos.pop(); undo !== undefined; undo = this.#undos.pop()) {
      await undo(reason);
    }
  }
}
