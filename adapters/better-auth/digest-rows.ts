import type { DBAdapter, DBTransactionAdapter, Where } from "better-auth";

type Digest = (text: string) => string;
type Row = Record<string, unknown>;

/**
 * better-auth's way to its tables, with a keyed digest in the place of each value that nobody else may read: it looks for rows by these
 * values and never needs them back, so nothing here can be opened again. A row that was asked for by such a value comes back with it.
 */
export function digestRows(rows: DBAdapter, digest: Digest): DBAdapter {
  return {
    ...rows,
    ...digestOperations(rows, digest),
    transaction: (work) =>
      rows.transaction((inside) => work({ ...inside, ...digestOperations(inside, digest) })),
  };
}

/** By model, the field that is a secret or a person's. */
const secretFields = new Map([
  ["user", "email"],
  ["session", "token"],
  ["verification", "identifier"],
]);

function digestOperations(rows: DBTransactionAdapter, digest: Digest) {
  const hide = (model: string, row: Row): Row => {
    const field = secretFields.get(model);
    const value = field === undefined ? undefined : row[field];
    return typeof value === "string" ? { ...row, [field ?? ""]: digest(value) } : row;
  };
  const hideWhere = (model: string, where: Where[] = []): Where[] =>
    where.map((one) =>
      one.field === secretFields.get(model) ? { ...one, value: digestOf(one.value) } : one,
    );
  const digestOf = (value: Where["value"]): Where["value"] => {
    if (typeof value === "string") return digest(value);
    // Lists of strings; anything else here would be a new way of asking, and find nothing.
    return Array.isArray(value) ? value.map((one) => digest(String(one))) : value;
  };
  const asked = (model: string, where: Where[] = []): Row => {
    const field = secretFields.get(model);
    const value = where.find((one) => one.field === field)?.value;
    return field !== undefined && typeof value === "string" ? { [field]: value } : {};
  };
  const restored = <Found>(found: Found, clear: Row): Found =>
    typeof found === "object" && found !== null ? { ...found, ...clear } : found;

  return {
    create: async (call) => {
      const field = secretFields.get(call.model) ?? "";
      const clear = field in call.data ? { [field]: call.data[field] } : {};
      const data = hide(call.model, call.data) as typeof call.data;
      return restored(await rows.create({ ...call, data }), clear);
    },
    findOne: async (call) =>
      restored(
        await rows.findOne({ ...call, where: hideWhere(call.model, call.where) }),
        asked(call.model, call.where),
      ),
    findMany: async (call) => {
      const found = await rows.findMany({ ...call, where: hideWhere(call.model, call.where) });
      return found.map((row) => restored(row, asked(call.model, call.where))) as never;
    },
    count: (call) => rows.count({ ...call, where: hideWhere(call.model, call.where) }),
    update: async (call) =>
      restored(
        await rows.update({
          ...call,
          where: hideWhere(call.model, call.where),
          update: hide(call.model, call.update),
        }),
        asked(call.model, call.where),
      ),
    updateMany: (call) =>
      rows.updateMany({
        ...call,
        where: hideWhere(call.model, call.where),
        update: hide(call.model, call.update),
      }),
    delete: (call) => rows.delete({ ...call, where: hideWhere(call.model, call.where) }),
    deleteMany: (call) => rows.deleteMany({ ...call, where: hideWhere(call.model, call.where) }),
    consumeOne: async (call) =>
      restored(
        await rows.consumeOne({ ...call, where: hideWhere(call.model, call.where) }),
        asked(call.model, call.where),
      ),
    incrementOne: async (call) =>
      restored(
        await rows.incrementOne({ ...call, where: hideWhere(call.model, call.where) }),
        asked(call.model, call.where),
      ),
  } satisfies Partial<DBTransactionAdapter>;
}
