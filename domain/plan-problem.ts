/** Something wrong in a catalogue file, and where: `["series", 3, "prices", "STD"]`. */
export type PlanProblem = { path: PlanPath; message: string };

export type PlanPath = readonly (string | number)[];
