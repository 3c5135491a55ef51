import { chooseAndReserve } from "./choose-and-reserve.ts";
import { pay } from "./pay.ts";
import { comeIn, leaveLine, standInLine } from "./stand-in-line.ts";
import type { Street, Visit } from "./street.ts";

/** The story of one buyer, from the click on the poster to the tickets or to the door. Returns how it ended. */
export async function buyTickets(street: Street, visit: Visit): Promise<string> {
  const turn = await standInLine(street, visit);
  if (turn !== "called") return turn;
  const entry = await comeIn(street, visit);
  if (entry !== "inside") return entry;

  const hold = await chooseAndReserve(street, visit);
  if (typeof hold === "string") {
    await leaveLine(street, visit);
    return hold;
  }
  if (visit.person.manner === "vanishes") {
    // A page that is closed says goodbye to the line, and the seats wait for the end of their hold. Who goes without that blocks
    // room in the line for two minutes: longer than the whole sale takes here, where holds are of 20 s and not of ten minutes.
    await leaveLine(street, visit);
    return "vanished with seats";
  }
  const ending = await pay(street, visit, hold);
  // A purchase ends the pass by itself.
  if (ending !== "has tickets") await leaveLine(street, visit);
  return ending;
}
