/** What stands between people and the API, and keeps what is for everybody. */
export type Cdn = {
  /** Answers with one of these words in their `Surrogate-Key` are not given again while the API can give better ones. */
  purge(keys: string[]): Promise<void>;
};
