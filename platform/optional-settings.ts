/**
 * The settings of something that a deployment may do without: undefined while none of `keys` is set, and all of them otherwise.
 * Throws when some are missing: half an account is a mistake, and to start without it would hide that.
 */
export function optionalSettings<Settings extends Record<string, string | undefined>>(
  settings: Settings,
  ...keys: (keyof Settings)[]
): Record<keyof Settings, string> | undefined {
  if (keys.every((key) => settings[key] === undefined)) return undefined;
  const missing = Object.keys(settings).filter((key) => settings[key] === undefined);
  if (missing.length > 0) {
    throw new Error(`The environment is not complete: ${missing.join(", ")} not set`);
  }
  // Nothing is undefined any more.
  return settings as Record<keyof Settings, string>;
}
