import { writeFile } from "node:fs/promises";

import { createIdentityIssuer } from "../../local/identity/create-identity-issuer.ts";
import { tryToSneakIn } from "./bot.ts";
import { buyTickets } from "./buyer.ts";
import { gatherCrowd } from "./crowd.ts";
import type { Person } from "./crowd.ts";
import { createDiary } from "./diary.ts";
import { createSaleClock } from "./sale-clock.ts";
import type { Scenario } from "./scenario.ts";
import { createShopFront } from "./shop-front.ts";
import type { Street } from "./street.ts";

/** What the crowd's process is told: first the plan, then the opening, then perhaps the end. */
export type Order =
  | { order: "gather"; plan: CrowdPlan }
  /** The wall's time. */
  | { order: "open"; openingMs: number }
  | { order: "end" };

export type CrowdPlan = {
  scenario: Scenario;
  addresses: { api: string; stripe: string; identity: string };
  /** The issuer's key: everybody is signed in before the opening. */
  keyFile: string;
  /** Public ids. */
  showIds: string[];
  reportFile: string;
};

/** What it says: everybody is signed in; so many buyers have not finished; the report is written. */
export type CrowdNews = { news: "ready" } | { news: "busy"; people: number } | { news: "done" };

type Visitor = { person: Person; token: string };

/** The whole crowd in a process of its own: what it costs to be 20,000 people is not the house's. */
async function main(): Promise<void> {
  const { plan } = await nextOrder("gather");
  const visitors = await signIn(plan);
  tell({ news: "ready" });
  const { openingMs } = await nextOrder("open");

  const clock = createSaleClock(openingMs);
  const diary = createDiary();
  const shop = createShopFront({ ...plan.addresses, clock, diary });
  const street: Street = { scenario: plan.scenario, shop, clock, diary, passes: [] };
  void nextOrder("end").then(() => clock.end());
  // Bots try until the end, whenever that is.
  let people = visitors.filter(({ person }) => person.manner !== "is a bot").length;
  const counting = setInterval(() => tell({ news: "busy", people }), 500);

  const visits = visitors.map(async (visitor) => {
    const showId = plan.showIds[visitor.person.show] ?? "";
    await visit(street, visitor, showId);
    if (visitor.person.manner !== "is a bot") people -= 1;
  });
  await Promise.all(visits);
  clearInterval(counting);
  await writeFile(plan.reportFile, JSON.stringify(diary.report(clock.lateness())));
  shop.close();
  tell({ news: "done" });
  process.disconnect();
}

async function signIn({ scenario, addresses, keyFile }: CrowdPlan): Promise<Visitor[]> {
  const { issue } = await createIdentityIssuer({
    ...{ issuer: addresses.identity, audience: "marquee", keyFile },
  });
  return Promise.all(
    gatherCrowd(scenario).map(async (person) => ({
      person,
      token: await issue({ sub: person.userId }),
    })),
  );
}

async function visit(street: Street, { person, token }: Visitor, showId: string): Promise<void> {
  const { manner, arrivalMs, device, address, show } = person;
  const queued = { show, number: 0, arrivalMs, waitingMs: arrivalMs, calledMs: null };
  const visiting = {
    ...{ person, showId, caller: { token, device, address } },
    queued: { ...queued, insideMs: null },
  };
  await street.clock.until(arrivalMs);
  const story = manner === "is a bot" ? tryToSneakIn : buyTickets;
  const ending = await story(street, visiting).catch(
    (error: unknown) => `failed: ${String(error)}`,
  );
  street.diary.ending(manner, ending);
}

function nextOrder<Name extends Order["order"]>(
  name: Name,
): Promise<Extract<Order, { order: Name }>> {
  return new Promise((resolve) => {
    const hear = (order: Order) => {
      if (order.order !== name) return;
      process.off("message", hear);
      resolve(order as Extract<Order, { order: Name }>);
    };
    process.on("message", hear);
  });
}

function tell(news: CrowdNews): void {
  process.send?.(news);
}

// Whoever has started it is gone.
process.once("disconnect", () => process.exit());
await main();
