/** A value of Stripe's wire format: `a[b]=c` is an object, `a[0]=c` or `a[]=c` a list. */
export type FormValue = string | FormValue[] | { [key: string]: FormValue };
export type Form = { [key: string]: FormValue };

/** Decodes `metadata[booking]=1&expand[]=charge`. Keys that could reach an object's prototype are left out. */
export function decodeForm(pairs: URLSearchParams): Form {
  const form: Form = Object.create(null) as Form;
  for (const [name, value] of pairs) {
    const [first = "", ...rest] = name.split("[").map((part) => part.replace(/\]$/, ""));
    put(form, [first, ...rest], value);
  }
  return form;
}

export function textOf(form: Form, key: string): string | undefined {
  const value = form[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The whole number under a key; NaN when there is something else. */
export function integerOf(form: Form, key: string): number | undefined {
  const text = textOf(form, key);
  if (text === undefined) return undefined;
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}

export function objectOf(form: Form, key: string): Form {
  const value = form[key];
  return typeof value === "object" && !Array.isArray(value) ? value : {};
}

/** The texts of a list such as `types[0]=a&types[1]=b`. */
export function listOf(form: Form, key: string): string[] {
  const value = form[key];
  return Array.isArray(value) ? value.filter((text) => typeof text === "string") : [];
}

/** The flat texts under a key, as Stripe keeps metadata. */
export function textsOf(form: Form, key: string): Record<string, string> {
  const pairs = Object.entries(objectOf(form, key));
  return Object.fromEntries(
    pairs.filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}

function put(target: Form, path: string[], value: string): void {
  const [key = "", next, ...rest] = path;
  if (["__proto__", "constructor", "prototype"].includes(key)) return;
  if (next === undefined) {
    target[key] = value;
    return;
  }
  if (/^\d*$/.test(next) && rest.length === 0) {
    const list = target[key];
    target[key] = Array.isArray(list) ? [...list, value] : [value];
    return;
  }
  const inner = target[key];
  const object: Form =
    typeof inner === "object" && !Array.isArray(inner) ? inner : (Object.create(null) as Form);
  target[key] = object;
  put(object, [next, ...rest], value);
}
