/** The people of the demo. Their ids never change, so that a token issued yesterday is still somebody today. */
export const demoPeople: readonly DemoPerson[] = [
  person("asha", "0000-7000-8000-000000000001", "Asha Rao"),
  person("ben", "0000-7000-8000-000000000002", "Ben Okafor"),
  person("chloe", "0000-7000-8000-000000000003", "Chloe Martin"),
  person("daichi", "0000-7000-8000-000000000004", "Daichi Mori"),
  person("elena", "0000-7000-8000-000000000005", "Elena Brandt"),
  person("farah", "0000-7000-8000-000000000006", "Farah Siddiqui"),
  person("gus", "0000-7000-8000-000000000007", "Gus Lindqvist"),
  person("hana", "0000-7000-8000-000000000008", "Hana Suzuki"),
  { ...person("olga", "0000-7000-8000-000000000009", "Olga Ferreira"), roles: ["operator"] },
];

/** `roles` is what the person's token says they may do: an operator runs sales. */
export type DemoPerson = {
  handle: string;
  userId: string;
  email: string;
  name: string;
  roles?: string[];
};

function person(handle: string, idEnd: string, name: string): DemoPerson {
  return { handle, userId: `d3300000-${idEnd}`, email: `${handle}@example.com`, name };
}
