/** A title as the catalogue file has it. */
export function demoTitle(
  key: string,
  name: string,
  kind: DemoTitle["kind"],
  genre: string,
  language: string,
  durationMinutes: number,
  synopsis: string,
  people: string[],
): DemoTitle {
  const ageRating = { animation: "All", horror: "18", thriller: "15", crime: "15" }[genre] ?? "12";
  return { key, name, kind, genre, language, durationMinutes, ageRating, synopsis, people };
}

export type DemoTitle = {
  key: string;
  name: string;
  kind: "film" | "theatre" | "comedy" | "concert";
  genre: string;
  language: string;
  durationMinutes: number;
  ageRating: string;
  synopsis: string;
  people: string[];
};
