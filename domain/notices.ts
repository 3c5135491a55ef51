/** What people are told about, as they may choose it. */
export const noticeKinds = [
  ...(["tickets", "refunds", "changes"] as const),
  ...(["offers", "holds", "reminders"] as const),
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** The others say what has become of somebody's money and tickets: nobody can turn them off. */
export const optionalKinds = ["offers", "holds", "reminders"] as const;
export type OptionalKind = (typeof optionalKinds)[number];

/** Told by text message too, to those who want it. */
export const textedKinds = ["changes", "reminders"] as const;
export type TextedKind = (typeof textedKinds)[number];

export const languages = ["en", "de"] as const;
export type Language = (typeof languages)[number];

/** What somebody has chosen; nobody has chosen anything at first. */
export type NoticeChoices = {
  /** null: the house's own. */
  language: Language | null;
  /** As E.164 has it: `+4915112345678`. */
  phone: string | null;
  mailsOff: OptionalKind[];
  textsOn: TextedKind[];
};

export const noChoices: NoticeChoices = { language: null, phone: null, mailsOff: [], textsOn: [] };

export function isOptional(kind: NoticeKind): kind is OptionalKind {
  return optionalKinds.some((optional) => optional === kind);
}
