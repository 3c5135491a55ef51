/** A process as the supervisor knows it. */
export type ProcessSpec = {
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
  cwd: string;
  /** Another user to run as, when the caller is root and the program refuses root. */
  user?: { uid: number; gid: number } | undefined;
  /** Asked again and again until true; to fail is to say "not yet". */
  isReady(): Promise<boolean>;
  /** What asks it politely to stop. */
  stopSignal: NodeJS.Signals;
};
